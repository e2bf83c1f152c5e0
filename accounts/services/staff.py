"""Organisations and the people who work for them: invitations and memberships."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from reenter.common import audit, clock, outbox
from reenter.common.contact import contact_line
from reenter.common.errors import Refused

from ..models import FacilitatorProfile, Invitation, Membership, Organisation, User

INVITATION_DAYS = 14
_signer = Signer(salt="accounts.invitation")


@transaction.atomic
def organisation_create(*, actor: Any, name: str) -> Organisation:
    """A new organisation; its first facilitator comes by invitation."""
    organisation = Organisation.objects.create(name=name)
    audit.record(actor=actor, action="organisation_create", target=organisation)
    return organisation


@transaction.atomic
def membership_add(*, actor: Any, organisation: Organisation, user: User) -> Membership:
    """Make somebody a facilitator of an organisation. Safe to repeat."""
    membership, created = Membership.objects.get_or_create(organisation=organisation, user=user)
    FacilitatorProfile.objects.get_or_create(user=user)
    if created:
        audit.record(
            actor=actor,
            action="membership_add",
            target=organisation,
            member=str(user.pk),
        )
    return membership


@transaction.atomic
def membership_remove(*, actor: Any, organisation: Organisation, user: User) -> None:
    """Take the rights of a facilitator away at once. Raises Refused for the last one.

    Admins may remove the last one; an organisation that loses its last facilitator by accident
    would lock everybody out of its programmes.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    members = Membership.objects.filter(organisation=organisation)
    if not members.exclude(user=user).exists() and not actor.is_superuser:
        raise Refused(_("You are the only one left. Invite somebody else first."))
    removed, _rows = members.filter(user=user).delete()
    if removed:
        audit.record(
            actor=actor,
            action="membership_remove",
            target=organisation,
            member=str(user.pk),
        )


@transaction.atomic
def invitation_create(*, actor: Any, organisation: Organisation, email: str) -> Invitation:
    """Invite somebody by mail to become a facilitator; inviting again sends a new mail.

    Raises Refused when this person works for the organisation already.
    """
    address = email.strip().lower()
    if Membership.objects.filter(organisation=organisation, user__email=address).exists():
        raise Refused(_("This person is a facilitator of your organisation already."))
    invitation, _created = Invitation.objects.update_or_create(
        organisation=organisation,
        email=address,
        accepted_at=None,
        defaults={
            "invited_by": actor,
            "expires_at": clock.now() + timedelta(days=INVITATION_DAYS),
        },
    )
    audit.record(
        actor=actor, action="invitation_create", target=organisation, invitation=str(invitation.pk)
    )
    _send_invitation(invitation, actor)
    return invitation


@transaction.atomic
def invitation_withdraw(*, actor: Any, invitation: Invitation) -> None:
    """Make the link in the mail worthless."""
    audit.record(
        actor=actor,
        action="invitation_withdraw",
        target=invitation.organisation,
        invitation=str(invitation.pk),
    )
    outbox.messages_cancel(key_prefix=f"invitation:{invitation.pk}:")
    invitation.delete()


@transaction.atomic
def invitation_accept(*, user: User, invitation: Invitation) -> Membership:
    """Become a facilitator. Raises Refused when it is too late, used, or for somebody else."""
    if not invitation_is_for(user, invitation):
        raise Refused(_("This invitation is for somebody with another e-mail address."))
    now = clock.now()
    taken = Invitation.objects.filter(
        pk=invitation.pk, accepted_at__isnull=True, expires_at__gt=now
    ).update(accepted_at=now, accepted_by=user)
    if not taken:
        raise Refused(_("This invitation was used already, or its time is over."))
    return membership_add(actor=user, organisation=invitation.organisation, user=user)


def last_facilitator(user: User) -> str | None:
    """Why this person cannot leave: an organisation would have nobody left."""
    mine = Organisation.objects.filter(memberships__user=user)
    alone = mine.exclude(memberships__in=Membership.objects.exclude(user=user)).first()
    if alone is None:
        return None
    return _("You are the only facilitator of %(organisation)s. Invite somebody else first.") % {
        "organisation": alone
    }


def invitation_is_for(user: User, invitation: Invitation) -> bool:
    """Whether this person has proved to read the mail of the invited address."""
    return EmailAddress.objects.filter(user=user, email=invitation.email, verified=True).exists()


def invitation_token(invitation: Invitation) -> str:
    """What stands in the link; it cannot be made by guessing an id."""
    return _signer.sign(str(invitation.pk))


def invitation_id(token: str) -> str | None:
    """The id in a link of ours; None when somebody made the link up."""
    try:
        return _signer.unsign(token)
    except BadSignature:
        return None


def _send_invitation(invitation: Invitation, actor: User) -> None:
    known = User.objects.filter(email=invitation.email).first()
    language = (known or actor).language
    path = reverse("accounts:invitation", args=[invitation_token(invitation)])
    with translation.override(language):
        names = {
            "inviter": str(actor),
            "organisation": str(invitation.organisation),
        }
        outbox.message_queue(
            key=f"invitation:{invitation.pk}:{uuid4()}",
            category=outbox.Category.DIRECT,
            to_address=invitation.email,
            recipient=known,
            language=language,
            subject=_("%(inviter)s invites you to RE-ENTER") % names,
            sections=[
                outbox.Section(
                    [
                        _(
                            "%(inviter)s invites you to work as a facilitator of "
                            "%(organisation)s on RE-ENTER."
                        )
                        % names,
                        _("Opening the page changes nothing. You say yes there with a button."),
                        _("The link works for %(days)d days.") % {"days": INVITATION_DAYS},
                    ],
                    action_label=_("See the invitation"),
                    action_url=settings.SITE_URL + path,
                )
            ],
            closing=[
                _("Do you not know this person? Then you can leave this mail alone."),
                contact_line(known),
            ],
        )
