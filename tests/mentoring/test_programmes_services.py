"""What may be done to a programme, and what is refused."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts.models import Organisation
from mentoring.errors import Refused
from mentoring.models import Programme
from mentoring.services.programmes import (
    programme_change,
    programme_close,
    programme_create,
    programme_open,
)
from reenter.common.models import AuditEntry
from tests.factories import accounts as make_accounts
from tests.factories import mentoring as make

State = Programme.State
pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(programme):
    """In preparation, without anybody named."""
    programme.state = State.DRAFT
    programme.safeguarding_person = programme.safeguarding_deputy = None
    programme.save()
    return programme


def two_staff(programme):
    return [make_accounts.facilitator(organisation=programme.organisation) for _ in range(2)]


def test_made_in_preparation_with_an_audit_row(programme, facilitator):
    made = programme_create(
        actor=facilitator, organisation=programme.organisation, name="Zelf beginnen"
    )
    assert (made.state, made.slug) == (State.DRAFT, "zelf-beginnen")
    entry = AuditEntry.objects.get(action="programme_create")
    assert (entry.actor, entry.target_id) == (facilitator, str(made.pk))


def test_the_same_name_twice_gets_another_address(programme):
    org = programme.organisation
    slugs = [programme_create(actor=None, organisation=org, name="Start").slug for _ in range(3)]
    assert slugs == ["start", "start-2", "start-3"]


def test_a_taken_address_is_refused_and_leaves_nothing(programme):
    before = AuditEntry.objects.count()
    with pytest.raises(Refused):
        programme_create(
            actor=None, organisation=programme.organisation, name="X", slug=programme.slug
        )
    assert Programme.objects.count() == 1
    assert AuditEntry.objects.count() == before


def test_no_programme_opens_without_both_safeguarding_names(draft, facilitator):
    with pytest.raises(Refused, match=r"safeguarding|vertrouwens"):
        programme_open(actor=facilitator, programme=draft)
    programme_change(actor=facilitator, programme=draft, safeguarding_person=facilitator)
    with pytest.raises(Refused):
        programme_open(actor=facilitator, programme=draft)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_the_database_refuses_it_too(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        Programme.objects.filter(pk=draft.pk).update(state=State.OPEN)


def test_opens_with_both_names(draft, facilitator):
    person, deputy = two_staff(draft)
    programme_change(
        actor=facilitator, programme=draft, safeguarding_person=person, safeguarding_deputy=deputy
    )
    assert programme_open(actor=facilitator, programme=draft).state == State.OPEN
    assert AuditEntry.objects.filter(action="programme_open", actor=facilitator).count() == 1


def test_the_same_person_twice_is_refused(draft, facilitator):
    with pytest.raises(Refused):
        programme_change(
            actor=facilitator,
            programme=draft,
            safeguarding_person=facilitator,
            safeguarding_deputy=facilitator,
        )
    draft.refresh_from_db()
    assert draft.safeguarding_person is None


def test_people_from_outside_are_refused(draft, facilitator, foreign_facilitator):
    for role in ("contact", "safeguarding_person", "safeguarding_deputy"):
        with pytest.raises(Refused):
            programme_change(actor=facilitator, programme=draft, **{role: foreign_facilitator})


def test_an_open_programme_keeps_both_names(programme, facilitator):
    with pytest.raises(Refused):
        programme_change(actor=facilitator, programme=programme, safeguarding_deputy=None)
    programme.refresh_from_db()
    assert programme.safeguarding_deputy is not None


def test_an_end_before_the_start_is_refused(programme, facilitator):
    with pytest.raises(Refused):
        programme_change(
            actor=facilitator,
            programme=programme,
            starts_on=date(2026, 5, 2),
            ends_on=date(2026, 5, 1),
        )


def test_unknown_settings_are_a_mistake_of_ours(programme):
    with pytest.raises(ValueError, match="state"):
        programme_change(actor=None, programme=programme, state=State.CLOSED)


@pytest.mark.parametrize(
    ("start", "change", "allowed"),
    [
        (State.DRAFT, programme_close, False),
        (State.OPEN, programme_close, True),
        (State.CLOSED, programme_open, True),
        (State.OPEN, programme_open, True),
        (State.CLOSED, programme_close, True),
    ],
)
def test_transitions(start, change, allowed):
    programme = make.programme(state=start)
    if allowed:
        change(actor=None, programme=programme)
    else:
        with pytest.raises(Refused):
            change(actor=None, programme=programme)
        programme.refresh_from_db()
        assert programme.state == start


class TestCommand:
    def run(self, *args):
        out = StringIO()
        call_command("create_programme", *args, stdout=out)
        return out.getvalue()

    def test_makes_both_and_is_safe_to_repeat(self):
        for expected in ("made", "was there already"):
            assert expected in self.run("start-2026", "--organisation", "Gemeente Noord")
        programme = Programme.objects.get()
        assert (programme.slug, programme.state) == ("start-2026", State.DRAFT)
        assert programme.organisation == Organisation.objects.get(name="Gemeente Noord")

    def test_opens_with_both_names(self, programme):
        person, deputy = two_staff(programme)
        args = ["--safeguarding-person", person.email, "--safeguarding-deputy", deputy.email]
        self.run("nieuw", "--organisation", programme.organisation.name, *args, "--open")
        assert Programme.objects.get(slug="nieuw").state == State.OPEN

    def test_does_not_open_without(self, programme):
        with pytest.raises(CommandError):
            self.run("nieuw", "--organisation", programme.organisation.name, "--open")
        assert not Programme.objects.filter(slug="nieuw").exists()

    def test_never_takes_over_another_organisations_programme(self, programme):
        with pytest.raises(CommandError, match="belongs to"):
            self.run(programme.slug, "--organisation", "Somebody else")
        assert not Organisation.objects.filter(name="Somebody else").exists()
