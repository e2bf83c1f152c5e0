"""What mentees and mentors do in the same way: making an account, signing in, the briefing."""

from __future__ import annotations

from handbook.selectors import self_check

from .browser import Visitor, code_mailed_to


def sign_up(person: Visitor, *, door: str, name: str, email: str, over: str) -> None:
    """From the home page to the questions."""
    person.open("/")
    person.press(door)
    person.fill("Your name", name)
    person.fill("E-mail address", email)
    person.fill("Phone number", "06 12345678")
    person.tick(over)
    person.press("Make my account")
    person.fill("Code", code_mailed_to(email))
    person.press("Go on")
    person.press("Go on")  # the role was chosen at the door


def sign_in_with_code(person: Visitor, *, email: str) -> None:
    person.open("/account/login/")
    person.fill("E-mail address", email)
    person.press("Sign in")
    person.fill("Code", code_mailed_to(email))
    person.press("Go on")


def be_briefed(person: Visitor, *, role: str) -> None:
    """Read, answer every question with its first answer, right or wrong, and say "I am ready"."""
    person.press("Read the briefing")
    person.press("Go on to the questions")
    person.press("See why")  # nothing chosen: the page says what to do
    person.reads("Choose an answer. You then see why it fits or not.")
    questions = self_check([role])
    for number, question in enumerate(questions, start=1):
        answer = question.answers[0]
        person.tick(answer.texts[person.language])
        person.press("See why")
        person.reads(answer.reasons[person.language])
        person.reads("Your answer")
        person.page.go_back()
        person.page.go_forward()
        person.reads(answer.reasons[person.language])
        person.press("Go on" if number == len(questions) else "Next question")
    person.press("I am ready")  # without the tick: the page says what to do
    person.tick_first(1)
    person.press("I am ready")
    person.reads("Thank you. You had the briefing.")
