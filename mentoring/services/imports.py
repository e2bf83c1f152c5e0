"""Writing an imported list: all of it in one transaction, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import LegalBasis, LegalText, Profile, ProfileTerm, User
from reenter.common import audit, clock, jobs
from reenter.common.models import AuditEntry, Job
from reenter.common.schedule import each_minute

from ..imports.mapping import Mapping, Statement, from_dict
from ..imports.plan import Person, Problem, read_people
from ..imports.tables import Table
from ..mails import imports as mails
from ..models import ImportBatch, Participant, Programme, SavedMapping

KEPT_FOR = timedelta(days=7)
PROFILE_ANSWERS = (
    "languages", "meeting", "place_name", "latitude", "longitude",
    "pitch", "phase", "availability", "exchange", "places",
)  # fmt: skip


@dataclass(frozen=True)
class ImportPlan:
    """What an import would do. It may be carried out only when `problems` is empty."""

    new: list[Person]
    known: list[Person]
    problems: list[Problem]
    unknown: dict[str, list[str]]


class PlanHasProblems(ValueError):
    """A list with a problem is not imported, not even the rows that are right."""


def import_plan(*, programme: Programme, table: Table, mapping: Mapping, role: str) -> ImportPlan:
    """Read every row and compare it with who is already there; writes nothing.

    A person is known by the number in the organisation's own system, else by e-mail address.
    An address of somebody outside this programme is refused: a list must not open a stranger's
    profile to an organisation.
    """
    reading = read_people(table, mapping, role)
    problems = [*reading.problems, *_statement_problems(mapping)]
    here = Participant.objects.filter(programme=programme, role=role)
    numbers = set(here.exclude(external_id="").values_list("external_id", flat=True))
    addresses = set(here.values_list("user__email", flat=True))
    new: list[Person] = []
    known: list[Person] = []
    for person in reading.people:
        same = (
            person.answers.get("external_id") in numbers or person.answers.get("email") in addresses
        )
        (known if same else new).append(person)
    problems += _taken_addresses(new, programme, mapping)
    return ImportPlan(new, known, sorted(problems, key=lambda p: p.row), reading.unknown)


def _statement_problems(mapping: Mapping) -> list[Problem]:
    problems = []
    for part in (mapping.legal_basis, mapping.briefing):
        if part and _text_of(part) is None:
            message = _("There is no text “%s”. Use code/version of a text on this site.")
            problems.append(Problem(0, "", message % part.text))
        if part and part.on > clock.today():
            problems.append(Problem(0, "", _("The date of the statement lies in the future.")))
    return problems


def _taken_addresses(new: list[Person], programme: Programme, mapping: Mapping) -> list[Problem]:
    wanted = {p.answers["email"]: p for p in new if p.answers.get("email")}
    taken = User.objects.filter(email__in=wanted).exclude(
        participations__programme__organisation=programme.organisation_id
    )
    message = _("This address cannot be imported. Ask the person to join by your link.")
    return [
        Problem(wanted[email].row, mapping.columns["email"], message)
        for email in taken.values_list("email", flat=True)
    ]


@transaction.atomic
def import_participants(
    *, actor: Any, programme: Programme, role: str, mapping: Mapping, plan: ImportPlan
) -> int:
    """Add the new people of the plan and return how many; those known stay as they are.

    Side effects: a person, a profile and an enrolment each; the legal basis and the briefing that
    the mapping states; a mail that tells them where their data are kept and whom to call; audit
    rows. Raises PlanHasProblems: nothing is written then.
    """
    if plan.problems:
        raise PlanHasProblems("A plan with problems cannot be carried out.")
    users = _users(plan.new, programme)
    profiles = _profiles(plan.new, users, role, mapping)
    participants = _participants(plan.new, users, profiles, programme, role, mapping)
    _legal_bases(users, mapping, actor)
    _audit(actor, participants, programme, role, plan)
    for participant in participants:
        mails.imported(participant)
    return len(participants)


def _users(people: list[Person], programme: Programme) -> list[User]:
    """New accounts, or the one that this organisation already looks after in another role."""
    wanted = [p.answers["email"] for p in people if p.answers.get("email")]
    existing = {user.email: user for user in User.objects.filter(email__in=wanted)}
    users, fresh = [], []
    for person in people:
        email = person.answers.get("email")
        user = existing.get(email)
        if user is None:
            user = User(
                email=email,
                name=person.answers["name"],
                phone=person.answers.get("phone", ""),
                forty_five_or_over=person.answers.get("forty_five_or_over"),
            )
            user.set_unusable_password()
            fresh.append(user)
        users.append(user)
    User.objects.bulk_create(fresh)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, primary=True) for user in fresh if user.email
    )
    return users


def _profiles(
    people: list[Person], users: list[User], role: str, mapping: Mapping
) -> list[Profile]:
    existing = {p.user_id: p for p in Profile.objects.filter(user__in=users, role=role)}
    now = clock.now()
    profiles, fresh, chosen = [], [], []
    for person, user in zip(people, users, strict=True):
        profile = existing.get(user.pk)
        if profile is None:
            answers = {k: v for k, v in person.answers.items() if k in PROFILE_ANSWERS}
            profile = Profile(
                user=user, role=role, completed_at=now, visible=mapping.visible, **answers
            )
            fresh.append(profile)
            number = "rank" if role == Profile.Role.MENTEE else "level"
            chosen += [
                ProfileTerm(profile=profile, term_id=term, **{number: value})
                for term, value in person.terms
            ]
        profiles.append(profile)
    Profile.objects.bulk_create(fresh)
    ProfileTerm.objects.bulk_create(chosen)
    return profiles


def _participants(
    people: list[Person],
    users: list[User],
    profiles: list[Profile],
    programme: Programme,
    role: str,
    mapping: Mapping,
) -> list[Participant]:
    state = Participant.State.ADMITTED if mapping.admitted else Participant.State.APPLIED
    briefing = _briefing(mapping)
    return Participant.objects.bulk_create(
        Participant(
            programme=programme,
            user=user,
            profile=profile,
            role=role,
            state=state,
            external_id=person.answers.get("external_id", ""),
            **briefing,
        )
        for person, user, profile in zip(people, users, profiles, strict=True)
    )


def _briefing(mapping: Mapping) -> dict[str, Any]:
    if mapping.briefing is None:
        return {}
    return {
        "briefed_at": _moment(mapping.briefing),
        "briefed_how": Participant.Briefing.IMPORT,
        "conduct_text": _text_of(mapping.briefing),
    }


def _legal_bases(users: list[User], mapping: Mapping, actor: Any) -> None:
    statement = mapping.legal_basis
    if statement is None:
        return
    purpose = LegalBasis.Purpose.GUIDANCE
    in_force = LegalBasis.objects.filter(user__in=users, purpose=purpose, withdrawn_at=None)
    done = set(in_force.values_list("user_id", flat=True))
    LegalBasis.objects.bulk_create(
        LegalBasis(
            user=user,
            purpose=purpose,
            basis=LegalBasis.Basis.CONTRACT,
            text=_text_of(statement),
            how=LegalBasis.How.IMPORT,
            recorded_by=actor,
            statement=statement.by,
            given_at=_moment(statement),
        )
        for user in users
        if user.pk not in done
    )


def _audit(
    actor: Any, participants: list[Participant], programme: Programme, role: str, plan: ImportPlan
) -> None:
    audit.record(
        actor=actor,
        action="participants_import",
        target=programme,
        role=role,
        added=len(plan.new),
        known=len(plan.known),
    )
    AuditEntry.objects.bulk_create(
        AuditEntry(
            actor=actor,
            on_behalf_of_id=participant.user_id,
            action="participant_import",
            target_type=Participant._meta.label_lower,
            target_id=str(participant.pk),
        )
        for participant in participants
    )


def _text_of(statement: Statement) -> LegalText | None:
    code, _slash, version = statement.text.partition("/")
    return LegalText.objects.filter(code=code, version=version).first()


def _moment(statement: Statement) -> datetime:
    return datetime.combine(statement.on, time(12), UTC)


@transaction.atomic
def batch_create(
    *, actor: Any, programme: Programme, role: str, filename: str, table: Table, mapping: Mapping
) -> ImportBatch:
    """Keep an uploaded table while its mapping is being settled."""
    batch = ImportBatch.objects.create(
        programme=programme,
        role=role,
        filename=filename[:200],
        columns=table.columns,
        rows=table.rows,
        numbers=table.numbers,
        mapping=mapping.to_dict(),
        uploaded_by=actor,
    )
    audit.record(actor=actor, action="import_upload", target=batch, rows=len(table.rows))
    return batch


@transaction.atomic
def batch_map(*, actor: Any, batch: ImportBatch, mapping: Mapping) -> None:
    """Settle the mapping of a batch, and keep it for the organisation's next list.

    What somebody vouched for is not kept: that is said of one list, never of the next.
    """
    batch.mapping = mapping.to_dict()
    batch.save(update_fields=["mapping"])
    kept = replace(mapping, legal_basis=None, briefing=None, admitted=False)
    SavedMapping.objects.update_or_create(
        organisation=batch.programme.organisation,
        role=batch.role,
        defaults={"mapping": kept.to_dict()},
    )
    audit.record(actor=actor, action="import_map", target=batch)


@transaction.atomic
def batch_import(*, actor: Any, batch: ImportBatch, mapping: Mapping) -> ImportBatch:
    """Carry out a batch once; the rows are deleted with it. A second call changes nothing.

    Raises PlanHasProblems when the people or the programme changed since the check.
    """
    locked = ImportBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
    if locked.imported_at:
        return locked
    table = Table(locked.columns, locked.rows, locked.numbers)
    plan = import_plan(programme=locked.programme, table=table, mapping=mapping, role=locked.role)
    locked.added = import_participants(
        actor=actor, programme=locked.programme, role=locked.role, mapping=mapping, plan=plan
    )
    locked.known = len(plan.known)
    locked.imported_at = clock.now()
    locked.rows = []
    locked.save()
    return locked


def batch_start(*, actor: Any, batch: ImportBatch, next_url: str) -> Job:
    """Hand the batch to a worker; the job's page leads to `next_url` when it is done."""
    return jobs.job_start(
        actor=actor, kind="import", params={"batch": str(batch.pk), "next": next_url}
    )


@jobs.register("import")
def import_job(job: Job, progress: jobs.Progress) -> None:
    """The work of the job; running it again after it was done changes nothing."""
    actor = job.started_by
    with translation.override(actor.language if actor else None):
        progress(_("Adding the people"), 0.2)
        batch = ImportBatch.objects.filter(pk=job.params["batch"]).first()
        if batch is None:
            raise jobs.JobRefused(_("This list is no longer here. Choose the file again."))
        try:
            batch_import(actor=actor, batch=batch, mapping=from_dict(batch.mapping))
        except (PlanHasProblems, IntegrityError) as error:
            raise jobs.JobRefused(
                _("Something changed since you checked the list. Check it once more.")
            ) from error


@each_minute("imports")
def batches_forget() -> int:
    """Delete uploaded tables that nobody imported within a week."""
    return ImportBatch.objects.filter(
        imported_at=None, created_at__lt=clock.now() - KEPT_FOR
    ).delete()[0]
