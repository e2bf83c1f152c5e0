"""Stories of pairs: the words, and the names they are told under.

Who the two are stands in mentoring; an editor sees nothing but what is here. `digest` names the
words as they stand, and each yes repeats it: the database refuses a story on the site whose words
are not those that both said yes to.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reenter.common.models import Entity


class StoryQuerySet(models.QuerySet["Story"]):
    def visible_to(self, user: Any) -> StoryQuerySet:
        """What is on the site is for everybody; the two see theirs in mentoring."""
        return self.filter(state=Story.State.PUBLISHED)

    def for_editors(self) -> StoryQuerySet:
        """Those that both said yes to: nobody reads along before that."""
        return self.filter(state__in=[Story.State.AGREED, Story.State.PUBLISHED])


class Story(Entity):
    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        ASKED = "asked", _("Waits for a yes")
        AGREED = "agreed", _("Both said yes")
        PUBLISHED = "published", _("On the site")
        WITHDRAWN = "withdrawn", _("Taken down")

    WORDS = ("wanted", "did", "result", "tip")

    language = models.CharField(max_length=10)
    wanted = models.TextField(max_length=2000, blank=True)
    did = models.TextField(max_length=2000, blank=True)
    result = models.TextField(max_length=2000, blank=True)
    tip = models.TextField(max_length=2000, blank=True)
    mentee_name = models.CharField(max_length=40, blank=True)
    mentor_name = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    digest = models.CharField(max_length=64, editable=False)
    mentee_agreed = models.CharField(max_length=64, blank=True, editable=False)
    mentor_agreed = models.CharField(max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(null=True)

    objects = StoryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "published"])
                | Q(mentee_agreed=F("digest"), mentor_agreed=F("digest")),
                name="story_stands_with_both",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def title(self) -> str:
        """In the language of the story."""
        with translation.override(self.language):
            names = {"mentee": self.mentee_name, "mentor": self.mentor_name}
            return gettext("%(mentee)s and %(mentor)s") % names

    @property
    def language_name(self) -> Any:
        return dict(settings.LANGUAGES)[self.language]

    def save(self, *args: Any, **kwargs: Any) -> None:
        content = [self.language, *(getattr(self, name) for name in self.WORDS)]
        text = json.dumps(content, ensure_ascii=False)
        self.digest = hashlib.sha256(text.encode()).hexdigest()
        super().save(*args, **kwargs)

    @property
    def is_told(self) -> bool:
        """Whether all is there that a reader needs; a tip is extra."""
        return all((self.wanted, self.did, self.result))

    @property
    def has_both(self) -> bool:
        return self.mentee_agreed == self.mentor_agreed == self.digest
