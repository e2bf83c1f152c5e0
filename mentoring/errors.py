"""A change that the rules do not allow."""


class Refused(Exception):
    """The message is a translated sentence that tells the person what to do instead."""
