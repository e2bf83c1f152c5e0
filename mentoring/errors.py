"""A change that the rules do not allow: the house's own, under the name used here."""

from reenter.common.errors import Refused

__all__ = ["Refused"]
