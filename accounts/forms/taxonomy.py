"""Editing the taxonomy without seeing a code or JSON."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from reenter.common.forms import TextPerLanguageField

from ..models import Term, TermGroup, TopicRelation

STRENGTHS = [
    (0.25, _("It helps a little")),
    (0.5, _("It is a good part of it")),
    (0.75, _("It is nearly the same need")),
    (1.0, _("It is the same need")),
]


def unused_code(label: str, model: type[TermGroup] | type[Term]) -> str:
    """A code that nobody has to think of, from the label."""
    base = slugify(label)[:50] or "entry"
    taken = set(model.objects.filter(code__startswith=base).values_list("code", flat=True))
    number, code = 2, base
    while code in taken:
        number, code = number + 1, f"{base}-{number}"
    return code


class CodedForm(WagtailAdminModelForm):
    """Gives a new row its code; codes never change, because answers and rounds refer to them."""

    labels = TextPerLanguageField(label=_("Short name"))

    def save(self, commit: bool = True) -> Any:
        if not self.instance.code:
            label = self.cleaned_data["labels"][settings.LANGUAGE_CODE]
            self.instance.code = unused_code(label, type(self.instance))
        return super().save(commit)


class TermGroupForm(CodedForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Answers of another kind would end up in the wrong question.
        self.fields["kind"].disabled = self.instance.terms.exists()


class GroupChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_kind_display()}: {obj}"


class TermForm(CodedForm):
    group = GroupChoiceField(label=_("Group"), queryset=TermGroup.objects.all())
    sentences = TextPerLanguageField(
        label=_("Everyday sentence"),
        help_text=_("As people would say it, such as “I want to find my first customers.”"),
        max_length=200,
        required=False,
    )

    def clean_group(self) -> TermGroup:
        group = self.cleaned_data["group"]
        before = Term.objects.filter(pk=self.instance.pk).select_related("group").first()
        if before and before.group.kind != group.kind:
            raise ValidationError(
                gettext("Choose a group of the same kind: people chose this as %(kind)s.")
                % {"kind": before.group.get_kind_display().lower()}
            )
        return group


class TopicRelationForm(WagtailAdminModelForm):
    a = forms.ModelChoiceField(
        label=_("Who knows about"), queryset=Term.objects.of_kind(TermGroup.Kind.TOPIC)
    )
    b = forms.ModelChoiceField(
        label=_("can also help with"), queryset=Term.objects.of_kind(TermGroup.Kind.TOPIC)
    )
    strength = forms.TypedChoiceField(label=_("How much?"), coerce=float, choices=STRENGTHS)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        a, b = data.get("a"), data.get("b")
        if a and b and a == b:
            self.add_error("b", gettext("Choose two different topics."))
        same = TopicRelation.objects.filter(Q(a=a, b=b) | Q(a=b, b=a)).exclude(pk=self.instance.pk)
        if a and b and same.exists():
            self.add_error("b", gettext("These two are related already. Change that one instead."))
        return data
