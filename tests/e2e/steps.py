"""What mentees and mentors do in the same way: making an account, signing in with a code."""

from __future__ import annotations

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
