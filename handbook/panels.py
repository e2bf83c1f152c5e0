"""What the editor tells somebody who writes a chapter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import Panel

from . import readability
from .rendering import readable_lines


class CheckPanel(Panel):
    """How plain the chapter is and which of its links need care, as it was saved last."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "handbook/cms/check_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict:
            from .linkcheck import findings

            page = self.instance
            text = f"{page.intro}\n{readable_lines(page.raw_body)}"
            return super().get_context_data(parent_context) | {
                "advice": readability.advice(text, page.locale.language_code),
                "easy": readability.EASY,
                "long": readability.LONG_SENTENCE,
                "findings": findings(page),
            }


class ChapterForm(WagtailAdminPageForm):
    """A draft may hold anything; a chapter with a broken link is not published."""

    def clean(self) -> dict[str, Any]:
        from .linkcheck import findings

        cleaned = super().clean()
        if self.is_deferred_validation or "body" not in cleaned:
            return cleaned
        self.instance.body = cleaned["body"]
        for finding in findings(self.instance):
            if finding.is_broken:
                advice = _("Choose another page, or take the link off.")
                self.add_error("body", f"{finding} {advice}")
        return cleaned


class HandbookForm(ChapterForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = self.fields["credits"]
        words.widget.options["ariaLabel"] = words.label  # as `WordsBlock` does
