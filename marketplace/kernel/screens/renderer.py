"""Every form in our markup, also those of other apps: fields by our templates, controls with our classes."""

from typing import Any

from django.forms.renderers import TemplatesSetting

WIDGET = "django/forms/widgets/"
CLASS_OF = {
    f"{WIDGET}select.html": "form-select",
    f"{WIDGET}checkbox.html": "form-check-input",
    f"{WIDGET}checkbox_option.html": "form-check-input",
    f"{WIDGET}radio_option.html": "form-check-input",
}
PLAIN = ("radio", "checkbox_select", "hidden", "multiple_hidden", "multiwidget", "stepper")
WITHOUT_CLASS = {f"{WIDGET}{name}.html" for name in PLAIN}


class FieldRenderer(TemplatesSetting):
    """The form renderer of the whole site (`FORM_RENDERER`)."""

    form_template_name = "components/fields.html"
    field_template_name = "components/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if "widget" in context:
            dress(context["widget"])
        return super().render(template_name, context, request)


def dress(widget: dict[str, Any]) -> None:
    """Give a control its class, and the parts of a control theirs."""
    for part in (*widget.get("subwidgets", ()), *options_of(widget)):
        dress(part)
    name = widget["template_name"]
    if name not in WITHOUT_CLASS and not widget.get("is_hidden"):
        given = widget["attrs"].get("class", "")
        widget["attrs"] = widget["attrs"] | {"class": f"{CLASS_OF.get(name, 'form-control')} {given}".strip()}


def options_of(widget: dict[str, Any]) -> list[dict[str, Any]]:
    """The single boxes of a group of radios or checkboxes; the options of a list have no look."""
    if widget["template_name"] == f"{WIDGET}select.html":
        return []
    return [option for _, options, _ in widget.get("optgroups", ()) for option in options]
