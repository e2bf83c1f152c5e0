"""Make a programme, and its organisation where there is none of that name. Safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_slug
from django.db import transaction

from accounts.models import Organisation, User
from accounts.services.basis import legal_texts_load
from accounts.services.taxonomy import taxonomy_load
from mentoring.errors import Refused
from mentoring.models import Programme
from mentoring.services.programmes import programme_change, programme_create, programme_open


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="Address of the programme, for example: start-2026")
        parser.add_argument("--organisation", required=True, help="Name of who runs it")
        parser.add_argument("--name", help="Name on screen; without it made from the slug")
        parser.add_argument("--safeguarding-person", metavar="EMAIL", help="Facilitator there")
        parser.add_argument("--safeguarding-deputy", metavar="EMAIL", help="Another facilitator")
        parser.add_argument("--open", action="store_true", help="Let people join at once")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["slug"]
        self._check(slug)
        try:
            with transaction.atomic():
                legal_texts_load()
                taxonomy_load()
                programme, made = self._programme(slug, options)
                self._set_up(programme, options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        programme.refresh_from_db()
        done = "made" if made else "was there already"
        self.stdout.write(f"Programme {slug} {done}: {programme.state}.")

    def _check(self, slug: str) -> None:
        try:
            validate_slug(slug)
        except ValidationError as error:
            raise CommandError(
                f"“{slug}” is no address. Use small letters, digits and hyphens: start-2026."
            ) from error

    def _programme(self, slug: str, options: dict[str, Any]) -> tuple[Programme, bool]:
        organisation, _made = Organisation.objects.get_or_create(name=options["organisation"])
        programme = Programme.objects.filter(slug=slug).first()
        if programme is None:
            name = options["name"] or slug.replace("-", " ").capitalize()
            return (
                programme_create(actor=None, organisation=organisation, name=name, slug=slug),
                True,
            )
        if programme.organisation != organisation:
            raise CommandError(f"The programme {slug} belongs to {programme.organisation}.")
        return programme, False

    def _set_up(self, programme: Programme, options: dict[str, Any]) -> None:
        people = {
            role: self._person(options[role])
            for role in ("safeguarding_person", "safeguarding_deputy")
            if options[role]
        }
        if people:
            programme_change(actor=None, programme=programme, **people)
        if options["open"]:
            programme_open(actor=None, programme=programme)

    def _person(self, email: str) -> User:
        person = User.objects.filter(email=email.lower()).first()
        if person is None:
            raise CommandError(f"There is no account with the address {email}.")
        return person
