"""What a page may be made of. Headings stay in order: a page's own title is the only h1."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

PLAIN = ["bold", "italic", "link", "ol", "ul", "document-link"]


class TextBlock(blocks.RichTextBlock):
    def __init__(self, **kwargs):
        super().__init__(features=["h2", "h3", *PLAIN], **kwargs)

    class Meta:
        label = _("Text")
        icon = "pilcrow"
        template = "cms/blocks/text.html"


class NoticeBlock(blocks.StructBlock):
    tone = blocks.ChoiceBlock(
        choices=[("info", _("For information")), ("warn", _("Careful")), ("ok", _("Good to know"))], default="info", label=_("Tone")
    )
    title = blocks.CharBlock(max_length=120, label=_("In one sentence"))
    text = blocks.RichTextBlock(features=PLAIN, required=False, label=_("More"))

    class Meta:
        label = _("Notice")
        icon = "warning"
        template = "cms/blocks/notice.html"


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=120, label=_("Step"))
    text = blocks.RichTextBlock(features=PLAIN, required=False, label=_("How"))


class StepsBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(StepBlock(), **kwargs)

    class Meta:
        label = _("Steps")
        icon = "list-ol"
        template = "cms/blocks/steps.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(max_length=200, label=_("Question"))
    answer = blocks.RichTextBlock(features=PLAIN, label=_("Answer"))


class QuestionsBlock(blocks.ListBlock):
    def __init__(self, **kwargs):
        super().__init__(QuestionBlock(), **kwargs)

    class Meta:
        label = _("Questions and answers")
        icon = "help"
        template = "cms/blocks/questions.html"


class BodyBlock(blocks.StreamBlock):
    text = TextBlock()
    notice = NoticeBlock()
    steps = StepsBlock()
    questions = QuestionsBlock()
