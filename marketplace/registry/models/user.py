from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from marketplace.kernel.history.tables import unseen
from marketplace.kernel.text import SortKey


class PeopleManager(UserManager):
    """Finds and makes people by their e-mail address."""

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)

    def _create_user(self, email: str, password: str | None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email: str, password: str | None = None, **fields):
        return self._create_user(email, password, **fields)


class User(AbstractUser):
    """A person, known by an e-mail address. What a person may do follows from memberships, never from this row.

    `national_id`: the cédula, ten digits; empty when not told. `language`: of the letters to this person; a page is in the
    language of its address.
    """

    username = None
    email = models.EmailField(_("e-mail address"))
    national_id = models.CharField(_("national identity number"), max_length=10, blank=True)
    language = models.CharField(_("language of letters"), max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)

    sort_key = models.GeneratedField(
        expression=SortKey("last_name", "first_name"), output_field=models.TextField(), db_persist=True
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    objects = PeopleManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="registry_one_person_per_email")]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    @property
    def person_key(self) -> str:
        """The same for two accounts of one person (the database compares in the same way: `registry_person`)."""
        return self.national_id or f"user {self.pk}"

    @property
    def short_name(self) -> str:
        """«M. Vera», as the header shows it."""
        if not self.first_name or not self.last_name:
            return str(self)
        return f"{self.first_name[0]}. {self.last_name.split()[0]}"


unseen("registry_user", "password", "last_login")
