"""What a service says when it will not do something."""


class Refused(Exception):
    """The change is not possible now; the translated message tells the person what to do."""
