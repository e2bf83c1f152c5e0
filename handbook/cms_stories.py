"""Stories in the editor: words and chosen names, never who the two are."""

from __future__ import annotations

import uuid

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from reenter.common.errors import Refused
from reenter.common.forms import Form

from .services import stories as services
from .stories import Story


class StoryForm(Form):
    required_messages = dict.fromkeys(
        ("wanted", "did", "result"), gettext_lazy("Leave at least a few words here.")
    )
    wanted = forms.CharField(label=gettext_lazy("What they wanted"), max_length=2000)
    did = forms.CharField(label=gettext_lazy("What they did together"), max_length=2000)
    result = forms.CharField(label=gettext_lazy("What came of it"), max_length=2000)
    tip = forms.CharField(
        label=gettext_lazy("Their tip for others"), max_length=2000, required=False
    )
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in Story.WORDS:
            self.fields[name].widget = forms.Textarea(attrs={"rows": 6})

    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in Story.WORDS}


def story_list(request: HttpRequest) -> HttpResponse:
    rows = Story.objects.for_editors().order_by("state", "-published_at", "-created_at")
    return render(request, "handbook/cms/story_list.html", {"stories": rows})


def story_edit(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change the words, which asks both again; or put the story on the site, or take it off."""
    story = get_object_or_404(Story.objects.for_editors(), pk=pk)
    start = {name: getattr(story, name) for name in (*Story.WORDS, "digest")}
    form = StoryForm(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and (done := _change(request, story, form)):
        messages.success(request, done)
        return redirect("handbook_stories")
    context = {"story": story, "form": form}
    return render(request, "handbook/cms/story_edit.html", context)


def _change(request: HttpRequest, story: Story, form: StoryForm) -> str:
    """What was done, in words; empty when it was not, and the form says why."""
    wanted, user = request.POST.get("do"), request.user
    try:
        if wanted == "publish":
            digest = request.POST.get("digest", "")
            services.story_publish(actor=user, story=story, digest=digest)
            return _("The story is on the site.")
        if wanted == "unpublish":
            services.story_unpublish(actor=user, story=story)
            return _("The story is off the site.")
        if not form.is_valid():
            return ""
        digest = form.cleaned_data["digest"]
        services.story_edit(actor=user, story=story, digest=digest, words=form.words())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return ""
    return _("The words are saved. A change asks both again before it is on the site.")
