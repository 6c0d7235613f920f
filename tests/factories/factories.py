"""The smallest legal objects. Dates hold around 2026-11-23, the day on which most tests take place."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from stdnum.ec import ruc as ec_ruc

from framework_agreements.models import AdjudicatedItem, Adjudication, AgreementLot, FrameworkAgreement, RejectionCause
from marketplace.kernel.limits.models import Limit
from marketplace.registry.models import Delegation, Entity, EntityUnit, Membership, Supplier, User
from marketplace.registry.places import cantons
from marketplace.registry.roles import AUTHORITY_ROLES, SUPPLIER_ROLES
from marketplace.shop.catalogue.models import Category, Product, ProductClass
from marketplace.shop.partner.models import Partner, Price, StockRecord
from marketplace.shop.requisition.models import BudgetCertificate


def public_ruc(n: int) -> str:
    """A valid RUC of a public body: province, 6, number, check digit, 0001."""
    return _valid_ruc(f"{n // 900 % 24 + 1:02d}6{n % 90000:05d}", "{base}{check}0001")


def company_ruc(n: int) -> str:
    """A valid RUC of a company: province, 9, number, check digit, 001."""
    return _valid_ruc(f"{n // 900 % 24 + 1:02d}9{n % 900000:06d}", "{base}{check}001")


def _valid_ruc(base: str, pattern: str) -> str:
    candidates = (pattern.format(base=base, check=check) for check in range(10))
    found = next((each for each in candidates if ec_ruc.is_valid(each)), None)
    return found or _valid_ruc(f"{int(base) + 1:0{len(base)}d}", pattern)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"persona{n}@ejemplo.ec")
    first_name = "María"
    last_name = factory.Sequence(lambda n: f"Vera {n}")


class EntityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Entity

    ruc = factory.Sequence(lambda n: public_ruc(n * 7 + 1))
    name = factory.Sequence(lambda n: f"Hospital Básico {n}")
    canton_code = "1101"


class UnitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EntityUnit

    entity = factory.SubFactory(EntityFactory)
    name = factory.Sequence(lambda n: f"Bodega {n}")


class SupplierFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Supplier

    ruc = factory.Sequence(lambda n: company_ruc(n * 7 + 1))
    name = factory.Sequence(lambda n: f"Papelera {n} S.A.S.")
    canton_code = "1101"


class MembershipFactory(factory.django.DjangoModelFactory):
    """By default a requester of an entity; `role="supplier_manager"` gets a supplier instead."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = "requester"
    entity = factory.Maybe(
        factory.LazyAttribute(lambda o: o.role not in (*SUPPLIER_ROLES, *AUTHORITY_ROLES)), factory.SubFactory(EntityFactory), None
    )
    supplier = factory.Maybe(factory.LazyAttribute(lambda o: o.role in SUPPLIER_ROLES), factory.SubFactory(SupplierFactory), None)
    valid_from = date(2026, 1, 1)


class DelegationFactory(factory.django.DjangoModelFactory):
    """In force on the day of most tests; `principal` and `delegate` of one entity."""

    class Meta:
        model = Delegation

    principal = factory.SubFactory(MembershipFactory, role="approver")
    delegate = factory.LazyAttribute(lambda o: MembershipFactory(role="finance_officer", entity=o.principal.entity))
    set_by = factory.SelfAttribute("principal")
    reason = "Vacaciones"
    valid_from = date(2026, 11, 20)
    valid_until = date(2026, 11, 30)


class AgreementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FrameworkAgreement

    code = factory.Sequence(lambda n: f"CM-2026-{n:02d}")
    name = "Papelería y útiles de oficina"
    valid_from = date(2026, 1, 1)
    valid_until = date(2028, 1, 1)
    status = "published"


class CauseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RejectionCause

    agreement = factory.SubFactory(AgreementFactory)
    text = factory.Sequence(lambda n: f"Fuerza mayor {n}")


class LimitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Limit

    limit = Decimal(100)


class LotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AgreementLot

    agreement = factory.SubFactory(AgreementFactory)
    number = factory.Sequence(lambda n: n + 1)
    name = "Papel"
    ceiling = factory.SubFactory(LimitFactory, limit=Decimal("1000000.00"))
    delivery_cantons = factory.LazyFunction(lambda: list(cantons()))


class AdjudicationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Adjudication

    lot = factory.SubFactory(LotFactory)
    supplier = factory.SubFactory(SupplierFactory)
    valid_from = date(2026, 1, 1)
    valid_until = date(2028, 1, 1)


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Papel bond {n}")

    @classmethod
    def _create(cls, model_class, *args, parent=None, **kwargs):
        return parent.add_child(**kwargs) if parent else model_class.add_root(**kwargs)


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product

    code = factory.Sequence(lambda n: f"FN-{n:06d}-0")
    title = factory.Sequence(lambda n: f"Resma de papel bond A4 de 75 g, tipo {n}")
    cpc_code = "321290011"
    base_unit = "RM"
    product_class = factory.LazyFunction(lambda: ProductClass.objects.get_or_create(slug="bien", defaults={"name": "Bien"})[0])

    @factory.post_generation
    def categories(self, create, extracted, **kwargs):
        self.categories.set(extracted or [])


class ItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AdjudicatedItem

    adjudication = factory.SubFactory(AdjudicationFactory)
    product = factory.SubFactory(ProductFactory)
    ceiling_price = Decimal("10.000000")


class PartnerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Partner
        django_get_or_create = ("supplier",)

    supplier = factory.SubFactory(SupplierFactory)
    name = factory.SelfAttribute("supplier.name")
    code = factory.SelfAttribute("supplier.ruc")


class ListingFactory(factory.django.DjangoModelFactory):
    """A listing on sale, with its price and stock."""

    class Meta:
        model = StockRecord

    class Params:
        stock_left = Decimal(100)

    adjudicated_item = factory.SubFactory(ItemFactory)
    product = factory.SelfAttribute("adjudicated_item.product")
    partner = factory.LazyAttribute(lambda o: PartnerFactory(supplier=o.adjudicated_item.adjudication.supplier))
    partner_sku = factory.Sequence(lambda n: f"RZ-{n:05d}")
    price = Decimal("3.120000")
    stock = factory.LazyAttribute(lambda o: LimitFactory(limit=o.stock_left))
    sales_unit = "RM"
    vat_category = "S"
    lead_time_days = 3
    status = "published"

    @factory.post_generation
    def first_price(self, create, extracted, **kwargs):
        Price.objects.create(listing=self, net=self.price, valid_from=date_in_the_past())


def date_in_the_past():
    return datetime(2026, 1, 1, tzinfo=UTC)


class CertificateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BudgetCertificate

    class Params:
        money = Decimal("100000.00")

    entity = factory.SubFactory(EntityFactory)
    number = factory.Sequence(lambda n: f"{n:04d}-2026")
    budget_line = "53.08.05"
    issued_on = date(2026, 1, 2)
    amount = factory.LazyAttribute(lambda o: LimitFactory(limit=o.money))


ALL = [
    UserFactory, EntityFactory, UnitFactory, SupplierFactory, MembershipFactory, AgreementFactory, CauseFactory, LimitFactory,
    LotFactory, AdjudicationFactory, CategoryFactory, ProductFactory, ItemFactory, PartnerFactory, ListingFactory,
    CertificateFactory, DelegationFactory,
]  # fmt: skip
