"""The blocks that a chapter is made of, as an editor sees them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ul", "ol", "link"]
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


class TipsBlock(blocks.StructBlock):
    title = _title()
    items = blocks.ListBlock(
        blocks.RichTextBlock(features=LINE_FEATURES, label=_("Tip")),
        label=_("Tips"),
        help_text=_("One tip per line: one or two short sentences."),
    )

    class Meta:
        icon = "list-ul"
        label = _("Tip list")
        description = _("A few short tips in a box.")


class PointBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("In short"), max_length=120)
    text = blocks.RichTextBlock(label=_("Explanation"), features=LINE_FEATURES)

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


class BodyBlock(blocks.StreamBlock):
    text = blocks.RichTextBlock(
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
    action = ActionBlock()
