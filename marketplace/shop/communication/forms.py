from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .groups import NoticeGroup, Way


class PreferencesForm(forms.Form):
    """The language of letters, and for each group of notices how they come. `groups`: those of which the person hears."""

    language = forms.ChoiceField(label=_("Language of letters"), choices=settings.LANGUAGES, widget=forms.RadioSelect)

    def __init__(self, *args, groups: list[NoticeGroup], **kwargs):
        super().__init__(*args, **kwargs)
        self.groups = groups
        for group in groups:
            self.fields[group.code] = forms.ChoiceField(
                label=group.title, help_text=group.examples, choices=Way.choices, initial=group.way, widget=forms.RadioSelect
            )

    @property
    def ways(self) -> dict[str, str]:
        return {group.code: self.cleaned_data[group.code] for group in self.groups}
