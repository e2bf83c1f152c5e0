"""The one error that bad input to the engine raises."""

SIZE = "size"
"""The field of a round that does not fit in memory, or needs a part that is not installed."""


class ProblemError(ValueError):
    """Input that cannot be matched as it stands.

    `field` names the argument or field, `index` the offending entry (None when
    the whole field is wrong), `message` says what is expected.
    """

    def __init__(self, field: str, index: int | None, message: str) -> None:
        self.field = field
        self.index = index
        self.message = message
        where = field if index is None else f"{field}[{index}]"
        super().__init__(f"{where}: {message}")
