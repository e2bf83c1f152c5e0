"""Taking one's data along, deleting one's account, and keeping nobody longer than promised."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from reenter.common import audit, clock, personal_data, privacy
from reenter.common.errors import Refused
from reenter.common.readable import Block, block
from reenter.common.schedule import each_minute

from .. import events, retention
from ..models import Invitation, TakeoverCode, User

logger = logging.getLogger(__name__)

NEVER_COMPLETED = timedelta(days=365)
MESSAGE_TEXTS = timedelta(days=30)
CODES = timedelta(days=30)
NIGHT_HOUR = 3


def account_export(user: User) -> dict[str, Any]:
    """Everything we hold about a person, by heading: what their export file contains."""
    return {
        "exported_at": clock.now(),
        **{handler.name: handler.export(user) for handler in privacy.handlers()},
    }


def account_in_words(user: User) -> list[Block]:
    """The same for people who read: a block per heading that holds anything."""
    blocks = [block(handler.export(user), handler.words) for handler in privacy.handlers()]
    return [part for part in blocks if part.facts or part.blocks]


def erasure_objections(user: User) -> list[str]:
    """Why this account cannot be deleted today, in words for the person; mostly nothing."""
    return [text for objection in events.erasure_objections if (text := objection(user))]


@transaction.atomic
def account_erase(*, actor: Any, user: User) -> None:
    """Delete what we hold about a person, at once and for good.

    Every app erases its own, those who use others first. The row of the person stays without any
    detail, so that the other half of a pair, rounds and the audit trail keep their places.
    `actor` None means retention. Raises Refused when somebody depends on this person.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.erased_at:
        return
    objections = erasure_objections(user)
    if objections:
        raise Refused(" ".join(objections))
    for handler in privacy.handlers():
        handler.erase(user)
    _ways_in_remove(user)
    _traces_remove(user)
    _anonymise(user)
    by_other = actor is not None and actor.pk != user.pk
    audit.record(
        actor=actor,
        action="account_erase",
        target=user,
        on_behalf_of=user if by_other else None,
        by="retention" if actor is None else "person",
    )


def _ways_in_remove(user: User) -> None:
    addresses = list(EmailAddress.objects.filter(user=user).values_list("email", flat=True))
    addresses += [user.email] if user.email else []
    Invitation.objects.filter(email__in=addresses).delete()
    Invitation.objects.filter(accepted_by=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    TakeoverCode.objects.filter(user=user).delete()
    user.groups.clear()
    user.user_permissions.clear()
    _sessions_delete(user, addresses)


def _sessions_delete(user: User, addresses: Sequence[str]) -> None:
    """Signed in or half-way: a session may also hold the address that somebody typed."""
    needles = [str(user.pk), *addresses]
    mine = [
        session.pk
        for session in Session.objects.iterator(500)
        if any(needle in str(session.get_decoded()) for needle in needles)
    ]
    Session.objects.filter(pk__in=mine).delete()


def _traces_remove(user: User) -> None:
    """What the admin's and the editor's own logs and settings keep about a person."""
    person = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=person, object_id=str(user.pk)).delete()
    ModelLogEntry.objects.filter(content_type=person, object_id=str(user.pk)).delete()
    for profile in UserProfile.objects.filter(user=user):
        profile.avatar.delete(save=False)
        profile.delete()


def _anonymise(user: User) -> None:
    user.name = user.phone = ""
    user.email = None
    user.time_zone = settings.TIME_ZONE
    user.language = settings.LANGUAGE_CODE
    user.forty_five_or_over = user.last_login = None
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.erased_at = clock.now()
    user.save()


def retention_due(now: datetime) -> dict[str, list[Any]]:
    """Whose time is over, by rule; a person who is named twice counts for the first rule."""
    seen: set[Any] = set()
    due: dict[str, list[Any]] = {}
    for name, rule in retention.rules().items():
        due[name] = [pk for pk in rule(now) if not (pk in seen or seen.add(pk))]  # type: ignore[func-returns-value]
    return due


def retention_run(*, dry_run: bool) -> dict[str, list[Any]]:
    """Erase everybody whose time is over, and old texts; gives the ids by rule.

    Each person in a transaction of their own: one that cannot be erased is logged by id and
    waits for the next time. With `dry_run` nothing changes.
    """
    now = clock.now()
    due = retention_due(now)
    if dry_run:
        return due
    for name, ids in due.items():
        for user in User.objects.filter(pk__in=ids):
            try:
                account_erase(actor=None, user=user)
            except Refused:
                logger.warning("retention_refused rule=%s user=%s", name, user.pk)
    personal_data.texts_purge(before=now - MESSAGE_TEXTS)
    Invitation.objects.filter(expires_at__lt=now - CODES, accepted_at=None).delete()
    TakeoverCode.objects.filter(expires_at__lt=now - CODES).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    return due


@each_minute("retention", order=95)
def retention_daily() -> int:
    """Once a night; a second run the same night would find nothing left to do."""
    local = timezone.localtime(clock.now())
    if local.hour != NIGHT_HOUR:
        return 0
    if not cache.add(f"retention:{local.date()}", True, timeout=24 * 60 * 60):
        return 0
    return sum(len(ids) for ids in retention_run(dry_run=False).values())


def never_completed(now: datetime) -> Sequence[Any]:
    """Ids of those who made an account a year ago, told nothing, take part in nothing."""
    limit = now - NEVER_COMPLETED
    return list(
        User.objects.filter(
            created_at__lt=limit,
            erased_at=None,
            is_staff=False,
            is_superuser=False,
            memberships=None,
            participations=None,
        )
        .exclude(profiles__completed_at__isnull=False)
        .exclude(last_login__gte=limit)
        .order_by("created_at")
        .values_list("pk", flat=True)
    )
