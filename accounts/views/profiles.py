"""The profile, one question per page; staff pages subclass these for somebody else's profile."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views import View

from ..forms.profiles import RoleForm
from ..models import Profile
from ..questions import BY_ROLE, Question, missing, question_of, state_of
from ..selectors.profiles import profile_answers
from ..services import profiles as services

START_ROLE = "start_role"


class StartView(View):
    """`/start/`: on which side somebody wants to be. `?role=` comes from the public home page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        role = request.GET.get("role")
        if role in Profile.Role.values:
            request.session[START_ROLE] = role
        if not request.user.is_authenticated:
            here = urlencode({"next": reverse("accounts:start")})
            return redirect(f"{reverse('account_signup')}?{here}")
        preset = request.session.get(START_ROLE)
        return self.page(RoleForm(taken=self.taken(), initial={"roles": [preset]}))

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect("account_login")
        form = RoleForm(request.POST, taken=self.taken())
        if not form.is_valid():
            return self.page(form)
        roles = form.cleaned_data["roles"]
        for role in roles:
            services.profile_get_or_create(actor=request.user, user=request.user, role=role)
        request.session.pop(START_ROLE, None)
        return redirect("accounts:profile_overview", role=roles[0])

    def taken(self) -> set[str]:
        rows = Profile.objects.visible_to(self.request.user).filter(user=self.request.user)
        return set(rows.values_list("role", flat=True))

    def page(self, form: RoleForm) -> HttpResponse:
        taken = [role for role in Profile.Role if role in self.taken()]
        context = {"form": form, "taken": taken, "is_full": len(taken) == len(Profile.Role)}
        return render(self.request, "accounts/start.html", context)


class ProfilePages(LoginRequiredMixin, View):
    """What all pages of one profile share.

    For a page about somebody else override `get_subject` (which authorises: Http404 for a
    stranger), `profiles` when the subject need not be enrolled yet, `url_prefix`, `url_args` and
    `done_url`. Changes are then recorded on the subject's behalf.
    """

    url_prefix = "accounts:profile"

    def get_subject(self) -> Any:
        return self.request.user

    def profiles(self) -> Any:
        return Profile.objects.visible_to(self.request.user)

    def url_args(self) -> list[Any]:
        return []

    def done_url(self) -> str:
        """Where to go once the profile is complete: joining a programme."""
        try:
            return reverse("mentoring:programme_choose")
        except NoReverseMatch:
            return reverse("desk:home")

    def url_to(self, page: str, *args: str, **query: str) -> str:
        """`page` is overview, question or check; the role is filled in."""
        url = reverse(f"{self.url_prefix}_{page}", args=[*self.url_args(), self.role, *args])
        return f"{url}?{urlencode(query)}" if query else url

    @cached_property
    def role(self) -> str:
        role = self.kwargs["role"]
        if role not in Profile.Role.values:
            raise Http404
        return str(role)

    @cached_property
    def subject(self) -> Any:
        return self.get_subject()

    @cached_property
    def profile(self) -> Profile:
        """The stored profile, or an empty one that looking at a page does not store."""
        rows = self.profiles().filter(user=self.subject, role=self.role)
        return rows.with_answers().first() or Profile(user=self.subject, role=self.role)

    @cached_property
    def acting(self) -> dict[str, Any]:
        other = self.request.user != self.subject
        return {"actor": self.request.user, "on_behalf_of": self.subject if other else None}

    def stored_profile(self) -> Profile:
        return services.profile_get_or_create(user=self.subject, role=self.role, **self.acting)

    def page(self, template: str, **context: Any) -> HttpResponse:
        shared = {
            "profile": self.profile,
            "subject": self.subject,
            "for_other": self.request.user != self.subject,
            "role": self.role,
            "overview_url": self.url_to("overview"),
            "check_url": self.url_to("check"),
        }
        return render(self.request, template, shared | context)


class ProfileOverviewView(ProfilePages):
    """The task list: which questions are done, skipped or still to do."""

    LABELS = {"done": "success", "skipped": "neutral", "todo": "primary"}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        questions = BY_ROLE[self.role]
        states = {question.code: state_of(question, self.profile) for question in questions}
        todo = [question for question in questions if states[question.code] == "todo"]
        context = {
            "tasks": [self.task(question, states[question.code]) for question in questions],
            "done": len(questions) - len(todo),
            "total": len(questions),
            "next_url": self.url_to("question", todo[0].code) if todo else self.url_to("check"),
        }
        return self.page("accounts/profile_overview.html", **context)

    def task(self, question: Question, state: str) -> dict[str, Any]:
        words = {"done": _("Done"), "skipped": _("Skipped"), "todo": _("To do")}
        origin = {} if state == "todo" else {"from": "overview"}
        return {
            "title": question.title,
            "url": self.url_to("question", question.code, **origin),
            "kind": self.LABELS[state],
            "label": words[state],
        }


class ProfileQuestionView(ProfilePages):
    """One question, and its second step where it has one (`?step=`)."""

    @cached_property
    def question(self) -> Question:
        try:
            return question_of(self.role, self.kwargs["question"])
        except LookupError:
            raise Http404 from None

    @cached_property
    def second(self) -> Any:
        """The second step when the page is there, else None."""
        second = self.question.second
        return second if second and self.request.GET.get("step") == second.code else None

    @cached_property
    def origin(self) -> dict[str, str]:
        came_from = self.request.GET.get("from")
        return {"from": came_from} if came_from in ("check", "overview") else {}

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.second and not self.question.is_filled(self.profile):
            return redirect(self.here())
        return self.question_page(self.build_form())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "skip" in request.POST:
            return self.skip()
        form = self.build_form(request.POST)
        if "later" in request.POST and not form.has_changed():
            return redirect(self.url_to("overview"))
        if not form.is_valid() or not self.save(form):
            return self.question_page(form)
        if "later" in request.POST:
            messages.success(request, _("Saved. You can go on whenever you like."))
            return redirect(self.url_to("overview"))
        return redirect(self.next_url() if form.finishes else self.second_url())

    def skip(self) -> HttpResponse:
        if not self.question.can_skip:
            raise Http404
        services.answer_skip(
            profile=self.stored_profile(), question=self.question.code, **self.acting
        )
        return redirect(self.next_url())

    def save(self, form: Any) -> bool:
        try:
            services.answer_save(
                profile=self.stored_profile(),
                question=self.question.code,
                data=form.answer(),
                finished=form.finishes,
                **self.acting,
            )
        except ValidationError as refused:
            for field, errors in refused.message_dict.items():
                form.add_error(field if field in form.fields else None, errors)
            return False
        return True

    def build_form(self, data: Any = None) -> Any:
        asked = self.second or self.question
        initial = {} if self.second else self.initial()
        return asked.form_class(data, profile=self.profile, initial=initial)

    def initial(self) -> dict[str, Any]:
        """What is stored; else what the person said in the other role; else the defaults."""
        code, profile = self.question.code, self.profile
        if code in profile.answered or self.question.is_filled(profile):
            skipped = state_of(self.question, profile) == "skipped"
            visible = self.question.match_sees if skipped else code in profile.visible
            return self.question.form_class.stored(profile) | {"visible": visible}
        others = self.profiles().filter(user=self.subject).exclude(role=self.role)
        other = others.with_answers().first() if self.question.shared else None
        start = self.question.form_class.stored(other or profile)
        return start | {"visible": self.question.match_sees}

    def question_page(self, form: Any) -> HttpResponse:
        asked = self.second or self.question
        questions = BY_ROLE[self.role]
        context = {
            "question": self.question,
            "question_title": asked.title,
            "why": asked.why,
            "form": form,
            "second": self.second.code if self.second else "",
            "back_url": self.back_url(),
            "later_url": self.url_to("overview"),
            "can_skip": self.question.can_skip and not self.second,
            "is_filled": self.question.is_filled(self.profile),
            "progress_text": _("Question %(number)d of %(total)d")
            % {"number": questions.index(self.question) + 1, "total": len(questions)},
        }
        return self.page("accounts/profile_question.html", **context)

    def here(self) -> str:
        return self.url_to("question", self.question.code, **self.origin)

    def second_url(self) -> str:
        step = self.question.second.code if self.question.second else ""
        return self.url_to("question", self.question.code, step=step, **self.origin)

    def next_url(self) -> str:
        if self.origin:
            return self.url_to(self.origin["from"])
        return self.neighbour(+1) or self.url_to("check")

    def back_url(self) -> str:
        if self.second:
            return self.here()
        if self.origin:
            return self.url_to(self.origin["from"])
        return self.neighbour(-1) or self.url_to("overview")

    def neighbour(self, step: int) -> str:
        questions = BY_ROLE[self.role]
        at = questions.index(self.question) + step
        return self.url_to("question", questions[at].code) if 0 <= at < len(questions) else ""


class ProfileCheckView(ProfilePages):
    """All answers on one page, each with a link to change it; the end of the questions."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.check_page()

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            services.profile_complete(profile=self.stored_profile(), **self.acting)
        except services.AnswersMissing:
            return self.check_page(refused=True)
        messages.success(request, _("Your answers are complete. Thank you."))
        return redirect(self.other_profile_url() or self.done_url())

    def check_page(self, refused: bool = False) -> HttpResponse:
        told = profile_answers(self.profile)
        answers = [
            (answer, self.url_to("question", answer.code, **{"from": "check"})) for answer in told
        ]
        todo = missing(self.profile)
        links = [
            (question.title, self.url_to("question", question.code, **{"from": "check"}))
            for question in todo
        ]
        context = {"answers": answers, "missing": links, "refused": refused}
        return self.page("accounts/profile_check.html", **context)

    def other_profile_url(self) -> str:
        """Who chose both roles goes on with the other one first."""
        others = self.profiles().filter(user=self.subject, completed_at__isnull=True)
        other = others.exclude(role=self.role).first()
        if other is None:
            return ""
        return reverse(f"{self.url_prefix}_overview", args=[*self.url_args(), other.role])
