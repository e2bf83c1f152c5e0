"""Who gets what at each address: the one list that the walk over all pages is checked against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

OK, SIGN_IN, HIDDEN, NO, GONE, ANY = "ok", "sign in", "hidden", "no", "gone", "any"

World = SimpleNamespace


@dataclass(frozen=True)
class Rule:
    """What each sees of one object: nobody signed in, its mentee, its mentor, its staff, somebody
    without any tie to it, an admin."""

    anonymous: str
    mentee: str
    mentor: str
    staff: str
    outsider: str
    admin: str


@dataclass(frozen=True)
class Entry:
    """`people`: whose objects these are: the running pair, or the two with an open offer."""

    rule: Rule
    kwargs: Callable[[World], dict[str, Any]] = lambda w: {}
    post_only: bool = False
    of: str = "pair"

    @property
    def has_object(self) -> bool:
        return Entry.kwargs is not self.kwargs


PUBLIC = Rule(OK, OK, OK, OK, OK, OK)
NOBODY = Rule(HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
ENTRANCE = Rule(ANY, ANY, ANY, ANY, ANY, ANY)
SIGNED_IN = Rule(SIGN_IN, OK, OK, OK, OK, OK)
STAFF = Rule(SIGN_IN, NO, NO, OK, NO, NO)
STAFF_OR_ADMIN = Rule(SIGN_IN, NO, NO, OK, NO, OK)
STAFF_UNSEEN = Rule(SIGN_IN, HIDDEN, HIDDEN, OK, HIDDEN, HIDDEN)
ADMINS = Rule(SIGN_IN, NO, NO, NO, NO, OK)
STAFF_OR_ADMIN_UNSEEN = Rule(SIGN_IN, HIDDEN, HIDDEN, OK, HIDDEN, OK)
PARTICIPANTS = Rule(SIGN_IN, OK, OK, HIDDEN, HIDDEN, HIDDEN)
MENTEE = Rule(SIGN_IN, OK, HIDDEN, NO, HIDDEN, HIDDEN)
MENTEE_OR_STAFF = Rule(SIGN_IN, OK, HIDDEN, OK, HIDDEN, HIDDEN)
STAFF_OF_MENTEE = Rule(SIGN_IN, NO, HIDDEN, OK, HIDDEN, HIDDEN)
PAIR = Rule(SIGN_IN, OK, OK, NO, HIDDEN, HIDDEN)
TELLER = Rule(SIGN_IN, OK, NO, NO, HIDDEN, HIDDEN)
LISTENER = Rule(SIGN_IN, NO, OK, NO, HIDDEN, HIDDEN)
PAIR_OR_STAFF = Rule(SIGN_IN, OK, OK, OK, HIDDEN, HIDDEN)
STAFF_OF_PAIR = Rule(SIGN_IN, NO, NO, OK, HIDDEN, HIDDEN)
OWN = Rule(SIGN_IN, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
EDITORS_SIGNED_IN = Rule(SIGN_IN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, OK)
EDITORS = Rule(OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN, OK)
ONLY_FOR_ITS_ADDRESS = Rule(OK, NO, NO, NO, NO, NO)


def slug(w: World) -> dict[str, Any]:
    return {"slug": w.programme.slug}


def mentee(w: World) -> dict[str, Any]:
    return {"slug": w.programme.slug, "pk": w.mentee.pk}


def person(w: World) -> dict[str, Any]:
    return {"pk": w.mentee.pk}


def profile(w: World) -> dict[str, Any]:
    return {"pk": w.mentee.pk, "role": "mentee"}


def pair(w: World) -> dict[str, Any]:
    return {"pk": w.mentorship.pk}


def story(w: World) -> dict[str, Any]:
    return {"pk": w.telling.pk}


def offer(w: World) -> dict[str, Any]:
    return {"offer_id": w.offer.pk}


def round_(w: World) -> dict[str, Any]:
    return {"round_id": w.round.pk}


def round_pair(w: World) -> dict[str, Any]:
    two = {"mentee_id": w.proposal.mentee_id, "mentor_id": w.proposal.mentor_id}
    return {"round_id": w.round.pk} | two


def organisation(w: World) -> dict[str, Any]:
    return {"organisation_id": w.organisation.pk}


def batch(w: World) -> dict[str, Any]:
    return {"pk": w.batch.pk}


def letter(w: World) -> dict[str, Any]:
    return {"pk": w.letter.pk}


def asked(w: World) -> dict[str, Any]:
    return {"pk": w.question.pk}


def proposed(w: World) -> dict[str, Any]:
    return {"pk": w.book.pk}


def own_role(w: World) -> dict[str, Any]:
    """A page about oneself: there is no foreign one."""
    return {"role": "mentee"}


def chapter(w: World) -> dict[str, Any]:
    """A chapter for everybody."""
    return {"language": w.chapter.locale.language_code, "key": w.chapter.translation_key}


def purpose(w: World) -> dict[str, Any]:
    return {"purpose": "contact_sharing"}


DESK = {
    "desk:home": Entry(PUBLIC),
    "desk:programme_detail": Entry(STAFF_UNSEEN, slug),
    "desk:people_search": Entry(STAFF),
    "desk:person_new": Entry(STAFF),
    "desk:person_detail": Entry(STAFF_OF_MENTEE, person),
    "desk:person_code": Entry(STAFF_OF_MENTEE, person, post_only=True),
    "desk:person_contact": Entry(STAFF_OF_MENTEE, person),
    "desk:profile_overview": Entry(STAFF_OF_MENTEE, profile),
    "desk:profile_check": Entry(STAFF_OF_MENTEE, profile),
    "desk:profile_question": Entry(STAFF_OF_MENTEE, lambda w: profile(w) | {"question": "idea"}),
    "desk:letter_list": Entry(STAFF),
    "desk:letter_detail": Entry(STAFF_UNSEEN, letter),
    "desk:letter_done": Entry(STAFF_UNSEEN, letter, post_only=True),
}

ACCOUNTS = {
    "accounts:me": Entry(SIGNED_IN),
    "accounts:details": Entry(SIGNED_IN),
    "accounts:second_factor": Entry(SIGNED_IN),
    "accounts:my_privacy": Entry(SIGNED_IN),
    "accounts:my_data": Entry(SIGNED_IN),
    "accounts:my_data_read": Entry(SIGNED_IN),
    "accounts:account_delete": Entry(SIGNED_IN),
    "accounts:purpose_give": Entry(SIGNED_IN, purpose, post_only=True),
    "accounts:purpose_withdraw": Entry(SIGNED_IN, purpose, post_only=True),
    "accounts:organisation_list": Entry(STAFF_OR_ADMIN),
    "accounts:organisation_new": Entry(ADMINS),
    "accounts:organisation_detail": Entry(STAFF_OR_ADMIN_UNSEEN, organisation),
    "accounts:membership_remove": Entry(
        STAFF_OR_ADMIN_UNSEEN, lambda w: organisation(w) | {"membership_id": w.membership.pk}
    ),
    "accounts:invitation_withdraw": Entry(
        STAFF_OR_ADMIN_UNSEEN,
        lambda w: organisation(w) | {"invitation_id": w.invitation.pk},
        post_only=True,
    ),
    "accounts:invitation": Entry(ONLY_FOR_ITS_ADDRESS, lambda w: {"token": w.invitation_token}),
    "accounts:claim": Entry(PUBLIC),
    "accounts:claim_confirm": Entry(PUBLIC),
    "accounts:privacy": Entry(PUBLIC),
    "accounts:terms": Entry(PUBLIC),
    "accounts:legal_text": Entry(PUBLIC, lambda w: {"code": "privacy", "version": w.text_version}),
    "accounts:account_deleted": Entry(PUBLIC),
    "accounts:start": Entry(SIGNED_IN),
    "accounts:profile_overview": Entry(SIGNED_IN, own_role),
    "accounts:profile_check": Entry(SIGNED_IN, own_role),
    "accounts:profile_question": Entry(SIGNED_IN, lambda w: {"role": "mentee", "question": "idea"}),
}

MENTORING = {
    "mentoring:programme_choose": Entry(PUBLIC),
    "mentoring:programme_create": Entry(STAFF_OR_ADMIN),
    "mentoring:programme_join": Entry(PUBLIC, slug),
    "mentoring:programme_briefing": Entry(PARTICIPANTS, slug),
    "mentoring:briefing_question": Entry(PARTICIPANTS, lambda w: slug(w) | {"number": 1}),
    "mentoring:briefing_reasons": Entry(PARTICIPANTS, lambda w: slug(w) | {"number": 1}),
    "mentoring:briefing_ready": Entry(PARTICIPANTS, slug),
    "mentoring:programme_settings": Entry(STAFF_OR_ADMIN_UNSEEN, slug),
    "mentoring:programme_open": Entry(STAFF_OR_ADMIN_UNSEEN, slug, post_only=True),
    "mentoring:programme_close": Entry(STAFF_OR_ADMIN_UNSEEN, slug, post_only=True),
    "mentoring:participant_list": Entry(STAFF_UNSEEN, slug),
    "mentoring:participant_next": Entry(MENTEE, mentee),
    "mentoring:participant_withdraw": Entry(MENTEE_OR_STAFF, mentee),
    "mentoring:participant_speak": Entry(STAFF_OF_MENTEE, mentee, post_only=True),
    "mentoring:participant_admit": Entry(STAFF_OF_MENTEE, mentee, post_only=True),
    "mentoring:participant_not_now": Entry(STAFF_OF_MENTEE, mentee),
    "mentoring:participant_return": Entry(STAFF_OF_MENTEE, mentee, post_only=True),
    "mentoring:participant_enrol_again": Entry(STAFF_OF_MENTEE, mentee, post_only=True),
    "mentoring:participant_certificate": Entry(STAFF_OF_MENTEE, mentee, post_only=True),
    "mentoring:participant_brief": Entry(STAFF_OF_MENTEE, mentee, post_only=True),
    "mentoring:mentorship_list": Entry(SIGNED_IN),
    "mentoring:mentorship_detail": Entry(PAIR, pair),
    "mentoring:message_send": Entry(PAIR, pair, post_only=True),
    "mentoring:messages_read": Entry(PAIR, pair, post_only=True),
    "mentoring:meeting_plan": Entry(PAIR_OR_STAFF, pair, post_only=True),
    "mentoring:meeting_record": Entry(
        PAIR_OR_STAFF, lambda w: pair(w) | {"meeting_pk": w.meeting.pk}, post_only=True
    ),
    "mentoring:mentorship_in_touch": Entry(PAIR_OR_STAFF, pair, post_only=True),
    "mentoring:mentorship_pause": Entry(PAIR_OR_STAFF, pair),
    "mentoring:mentorship_stop": Entry(PAIR_OR_STAFF, pair),
    "mentoring:mentorship_staff": Entry(STAFF_OF_PAIR, pair),
    "mentoring:mentorship_contact": Entry(STAFF_OF_PAIR, pair, post_only=True),
    "mentoring:story_begin": Entry(PAIR, pair, post_only=True),
    "mentoring:story_detail": Entry(PAIR_OR_STAFF, story),
    "mentoring:story_question": Entry(TELLER, lambda w: story(w) | {"question": "did"}),
    "mentoring:story_ask": Entry(TELLER, story, post_only=True),
    "mentoring:story_agree": Entry(PAIR_OR_STAFF, story, post_only=True),
    "mentoring:story_other_words": Entry(LISTENER, story, post_only=True),
    "mentoring:story_take_back": Entry(PAIR_OR_STAFF, story, post_only=True),
    "mentoring:check_in_detail": Entry(MENTEE_OR_STAFF, lambda w: {"pk": w.mentee_check_in.pk}),
    "mentoring:check_in_thanks": Entry(MENTEE, lambda w: {"pk": w.mentee_check_in.pk}),
    "mentoring:check_in_answer": Entry(PUBLIC, lambda w: {"token": w.token}),
    "mentoring:import_start": Entry(STAFF_UNSEEN, slug),
    "mentoring:import_columns": Entry(STAFF_UNSEEN, batch),
    "mentoring:import_statement": Entry(STAFF_UNSEEN, batch),
    "mentoring:import_check": Entry(STAFF_UNSEEN, batch),
    "mentoring:import_run": Entry(STAFF_UNSEEN, batch, post_only=True),
    "mentoring:import_done": Entry(STAFF_UNSEEN, batch),
}

MATCHING = {
    "matching:offer_list": Entry(STAFF_UNSEEN),
    "matching:offer_detail": Entry(PAIR_OR_STAFF, offer, of="offer"),
    "matching:offer_accept": Entry(PAIR, offer, post_only=True, of="offer"),
    "matching:offer_decline": Entry(PAIR, offer, of="offer"),
    "matching:offer_withdraw": Entry(STAFF_OF_PAIR, offer, of="offer"),
    "matching:offer_answer": Entry(
        STAFF_OF_PAIR, lambda w: offer(w) | {"side": "mentee"}, of="offer"
    ),
    "matching:single_match": Entry(STAFF_OF_MENTEE, lambda w: {"participant_id": w.mentee.pk}),
    "matching:single_offer": Entry(
        STAFF_OF_MENTEE, lambda w: {"participant_id": w.mentee.pk, "other_id": w.free[0].pk}
    ),
    "matching:round_list": Entry(STAFF_UNSEEN, slug),
    "matching:round_new": Entry(STAFF_UNSEEN, slug, post_only=True),
    "matching:round_detail": Entry(STAFF_UNSEEN, round_),
    "matching:round_people": Entry(STAFF_UNSEEN, round_),
    "matching:round_people_add": Entry(STAFF_UNSEEN, round_, post_only=True),
    "matching:round_person_back": Entry(
        STAFF_UNSEEN, lambda w: round_(w) | {"person_id": w.left_out.pk}, post_only=True
    ),
    "matching:round_solve": Entry(STAFF_UNSEEN, round_, post_only=True),
    "matching:round_solve_cancel": Entry(STAFF_UNSEEN, round_, post_only=True),
    "matching:round_publish": Entry(STAFF_UNSEEN, round_),
    "matching:round_close": Entry(STAFF_UNSEEN, round_, post_only=True),
    "matching:board": Entry(STAFF_UNSEEN, round_),
    "matching:board_whynot": Entry(STAFF_UNSEEN, round_),
    "matching:board_pair": Entry(STAFF_UNSEEN, round_pair),
    "matching:override_lock": Entry(STAFF_UNSEEN, round_pair),
    "matching:override_forbid": Entry(STAFF_UNSEEN, round_pair),
    "matching:override_swap": Entry(STAFF_UNSEEN, round_pair),
    "matching:override_withdraw": Entry(
        STAFF_UNSEEN, lambda w: round_(w) | {"override_id": w.override.pk}
    ),
}

HANDBOOK = {
    "handbook:index": Entry(PUBLIC),
    "handbook:series": Entry(PUBLIC),
    "handbook:search": Entry(PUBLIC),
    "handbook:questions": Entry(PUBLIC),
    "handbook:question_ask": Entry(SIGNED_IN),
    "handbook:question_similar": Entry(SIGNED_IN, post_only=True),
    "handbook:my_questions": Entry(SIGNED_IN),
    "handbook:my_question": Entry(OWN, asked),
    "handbook:question_withdraw": Entry(OWN, asked, post_only=True),
    "handbook:books": Entry(PUBLIC),
    "handbook:book_propose": Entry(SIGNED_IN),
    "handbook:my_books": Entry(SIGNED_IN),
    "handbook:proposal_withdraw": Entry(OWN, proposed, post_only=True),
    "handbook:asked_questions": Entry(EDITORS_SIGNED_IN),
    "handbook:question_publish": Entry(EDITORS_SIGNED_IN, asked),
    "handbook:question_reply": Entry(EDITORS_SIGNED_IN, asked),
    "handbook:question_close": Entry(EDITORS_SIGNED_IN, asked),
    "handbook:proposed_books": Entry(EDITORS_SIGNED_IN),
    "handbook:book_choose": Entry(EDITORS_SIGNED_IN, proposed),
    "handbook:book_decline": Entry(EDITORS_SIGNED_IN, proposed),
    "handbook:glossary": Entry(PUBLIC),
    "handbook:chapter_read": Entry(SIGNED_IN, chapter, post_only=True),
    "handbook:chapter_useful": Entry(PUBLIC, chapter, post_only=True),
    "handbook:story_list": Entry(PUBLIC),
    "handbook:story_detail": Entry(PUBLIC, lambda w: {"pk": w.published.story_id}),
    "handbook:translation": Entry(PUBLIC, lambda w: {"key": w.chapter.translation_key}),
    "handbook:pdf": Entry(PUBLIC, chapter),
    "handbook:pdf_file": Entry(PUBLIC, chapter),
    "handbook:cms_closed": Entry(NOBODY),
    "handbook:cms_account": Entry(EDITORS),
}

COMMON = {
    "common:healthz": Entry(PUBLIC),
    "common:readyz": Entry(PUBLIC),
    "common:job_detail": Entry(STAFF_UNSEEN, lambda w: {"job_id": w.job.pk}),
    "set_language": Entry(PUBLIC),
}

# Pages of signing in send people on when there is nothing for them to do there.
SIGNING_IN = {
    "account_login": Entry(PUBLIC),
    "account_logout": Entry(PUBLIC),
    "account_inactive": Entry(PUBLIC),
    "account_signup": Entry(PUBLIC),
    "account_reauthenticate": Entry(SIGNED_IN),
    "account_email": Entry(SIGNED_IN),
    "account_email_verification_sent": Entry(ENTRANCE),
    "account_change_password": Entry(SIGNED_IN),
    "account_set_password": Entry(SIGNED_IN),
    "account_reset_password": Entry(PUBLIC),
    "account_confirm_login_code": Entry(ENTRANCE),
    "account_confirm_password_reset_code": Entry(ENTRANCE),
    "account_complete_password_reset": Entry(ENTRANCE),
    "account_password_reset_completed": Entry(ENTRANCE),
    "account_request_login_code": Entry(PUBLIC),
}

TABLE = DESK | ACCOUNTS | MENTORING | MATCHING | HANDBOOK | COMMON | SIGNING_IN

# Screens of libraries, by the beginning of their address; see test_library_screens.
LIBRARIES = ("django-admin/", "cms/", "documents/", "account/2fa/", "nl/", "en/")
