"""The blocks that a chapter is made of, as an editor sees them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ul", "ol", "link"]
STORY_FEATURES = ["bold", "italic", "ul", "link"]
LINE_FEATURES = ["bold", "italic", "link"]


class Place(models.TextChoices):
    """Where a button can lead."""

    SIGNUP = "signup", _("Sign-up")
    HOME = "home", _("The first page of the site")
    CHAPTER = "chapter", _("A chapter of the handbook")


def _title(**extra: Any) -> blocks.CharBlock:
    return blocks.CharBlock(
        label=_("Title"),
        required=False,
        max_length=120,
        help_text=_("A short heading above the list. You may leave it empty."),
        **extra,
    )


class WordsBlock(blocks.RichTextBlock):
    """Rich text whose field has a name also for who cannot see the label above it."""

    @cached_property
    def field(self) -> Any:
        field = super().field
        field.widget.options["ariaLabel"] = self.label
        return field

    def deconstruct(self) -> tuple[str, Any, Any]:
        _path, args, kwargs = super().deconstruct()
        return "wagtail.blocks.RichTextBlock", args, kwargs  # to a migration it is the same


class TipsBlock(blocks.StructBlock):
    title = _title()
    items = blocks.ListBlock(
        WordsBlock(features=LINE_FEATURES, label=_("Tip")),
        label=_("Tips"),
        help_text=_("One tip per line: one or two short sentences."),
    )

    class Meta:
        icon = "list-ul"
        label = _("Tip list")
        description = _("A few short tips in a box.")


class PointBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("In short"), max_length=120)
    text = WordsBlock(label=_("Explanation"), features=LINE_FEATURES)

    class Meta:
        icon = "pick"
        label = _("Point")


class BenefitsBlock(blocks.StructBlock):
    title = _title()
    items = blocks.ListBlock(PointBlock(), label=_("Benefits"))

    class Meta:
        icon = "tick"
        label = _("Benefit list")
        description = _("What somebody gains, point by point.")


class StepsBlock(blocks.StructBlock):
    title = _title()
    items = blocks.ListBlock(PointBlock(label=_("Step")), label=_("Steps"))

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        description = _("What to do, in order. The numbers come by themselves.")


class QuoteBlock(blocks.StructBlock):
    words = blocks.TextBlock(
        label=_("Words"),
        help_text=_("Without quotation marks. Only with the consent of who said it."),
    )
    name = blocks.CharBlock(label=_("Who said it"), max_length=80)
    role = blocks.CharBlock(label=_("Role or place"), max_length=120, required=False)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        description = _("What a real person said.")


class ActionBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Text"), help_text=_("One or two sentences before the button."))
    label = blocks.CharBlock(
        label=_("On the button"), max_length=60, help_text=_("Say what happens: “Find a mentor”.")
    )
    target = blocks.ChoiceBlock(label=_("Leads to"), choices=Place.choices)
    page = blocks.PageChooserBlock(
        label=_("Chapter"),
        page_type="handbook.ChapterPage",
        required=False,
        help_text=_("Only when the button leads to a chapter."),
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["target"] == Place.CHAPTER and cleaned["page"] is None:
            error = ValidationError(_("Choose the chapter that the button leads to."))
            raise blocks.StructBlockValidationError({"page": error})
        return cleaned

    class Meta:
        icon = "link"
        label = _("Call to action")
        description = _("One sentence and one button.")


class ExampleBlock(blocks.StructBlock):
    title = _title()
    text = WordsBlock(
        label=_("Example"),
        features=STORY_FEATURES,
        help_text=_("What somebody did or said. Make up names, or ask for consent."),
    )

    class Meta:
        icon = "comment"
        label = _("Example")
        description = _("A short story or model, set apart from the text.")


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(
        label=_("Question"),
        max_length=200,
        help_text=_("One question that the reader can answer alone."),
    )
    text = WordsBlock(
        label=_("A hint"),
        features=STORY_FEATURES,
        required=False,
        help_text=_("A line to help people on their way. You may leave it empty."),
    )

    class Meta:
        icon = "help"
        label = _("Question to think about")
        description = _("One question to stop and think about.")


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(
        label=_("What one sees"),
        required=False,
        max_length=250,
        help_text=_(
            "One sentence for people who cannot see the image. Say what matters: "
            "“Two people talk at a kitchen table.”"
        ),
    )
    decoration = blocks.BooleanBlock(
        label=_("Decoration only"),
        required=False,
        help_text=_("Tick this only when a reader misses nothing without the image."),
    )
    caption = blocks.CharBlock(
        label=_("Words below the image"),
        required=False,
        max_length=200,
        help_text=_("For everybody to read, for example who made it. You may leave it empty."),
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["alt"] and cleaned["decoration"]:
            error = ValidationError(
                _("An image for decoration has no description. Empty this, or take the tick away.")
            )
            raise blocks.StructBlockValidationError({"alt": error})
        if not (cleaned["alt"] or cleaned["decoration"] or self.is_deferred_validation):
            error = ValidationError(
                _("Say in one sentence what one sees, or tick “Decoration only”.")
            )
            raise blocks.StructBlockValidationError({"alt": error})
        return cleaned

    class Meta:
        icon = "image"
        label = _("Image")
        description = _("A picture, with words for who cannot see it.")


class VideoBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title of the video"), max_length=120)
    minutes = blocks.IntegerBlock(
        label=_("How many minutes"), min_value=1, max_value=600, help_text=_("Rounded up.")
    )
    link = blocks.URLBlock(
        label=_("Address"),
        max_length=500,
        validators=[URLValidator(schemes=["https"])],
        help_text=_("It begins with https:// and opens on that site. Nothing is loaded before."),
    )
    text = blocks.TextBlock(
        label=_("What is in it"),
        required=False,
        help_text=_("In a few sentences, for people who cannot watch or hear it."),
    )

    class Meta:
        icon = "media"
        label = _("Video")
        description = _("A card that leads to a video on another site.")


class BodyBlock(blocks.StreamBlock):
    text = WordsBlock(
        label=_("Text"),
        icon="pilcrow",
        features=TEXT_FEATURES,
        description=_("Plain text with headings, lists and links."),
        help_text=_(
            "Write short sentences. Add a heading now and then. "
            "The headings become the list at the top of the page."
        ),
    )
    tips = TipsBlock()
    quote = QuoteBlock()
    benefits = BenefitsBlock()
    steps = StepsBlock()
    example = ExampleBlock()
    question = QuestionBlock()
    image = PictureBlock()
    video = VideoBlock()
    action = ActionBlock()
