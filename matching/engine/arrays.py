"""Strict conversion of input to arrays: shape, dtype and range, or a `ProblemError`."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matching.engine.errors import ProblemError

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Shape = tuple[int | None, ...]

INT64_MAX = 2**63 - 1


def _as_array(field: str, value: ArrayLike, shape: Shape) -> NDArray[Any]:
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError) as error:
        raise ProblemError(field, None, f"is not a plain array ({error})") from error
    expected = ", ".join("any" if size is None else str(size) for size in shape)
    fits = array.ndim == len(shape) and all(
        wanted is None or have == wanted for have, wanted in zip(array.shape, shape, strict=True)
    )
    if not fits:
        raise ProblemError(field, None, f"has shape {array.shape}, expected ({expected})")
    return array


def first_index(wrong: NDArray[np.bool_]) -> int:
    """Index along the first axis of the first True entry."""
    return int(np.argwhere(wrong)[0][0])


def refuse(field: str, wrong: NDArray[np.bool_], message: str) -> None:
    """Raise for the first True entry of `wrong`, if there is one."""
    if wrong.any():
        raise ProblemError(field, first_index(wrong), message)


def int_array(field: str, value: ArrayLike, shape: Shape) -> IntArray:
    """An int64 copy of integers; floats, booleans and integers beyond int64 are refused."""
    array = _as_array(field, value, shape)
    if array.size and array.dtype.kind not in "iu":
        raise ProblemError(field, None, f"holds {array.dtype}, expected integers below 2**63")
    if array.dtype.kind == "u":
        refuse(field, array > INT64_MAX, "is beyond the range of 64-bit integers")
    return array.astype(np.int64)


def bool_array(field: str, value: ArrayLike, shape: Shape) -> BoolArray:
    """A bool copy; anything that is not boolean is refused."""
    array = _as_array(field, value, shape)
    if array.size and array.dtype != np.bool_:
        raise ProblemError(field, None, f"holds {array.dtype}, expected booleans")
    return array.astype(np.bool_)


def float_array(
    field: str, value: ArrayLike, shape: Shape, *, low: float, high: float, missing: bool = False
) -> FloatArray:
    """A float64 copy within [low, high]; NaN only where `missing` values are allowed."""
    array = _as_array(field, value, shape)
    if array.size and array.dtype.kind not in "iuf":
        raise ProblemError(field, None, f"holds {array.dtype}, expected numbers")
    result = array.astype(np.float64)
    empty = np.isnan(result)
    if not missing:
        refuse(field, empty, "is not a number")
    refuse(field, ~empty & ~((result >= low) & (result <= high)), f"is outside {low}..{high}")
    return result


def freeze(array: NDArray[Any]) -> NDArray[Any]:
    """The same array, read-only."""
    array.flags.writeable = False
    return array


def codes(field: str, value: IntArray, *, low: int, below: int | None) -> IntArray:
    """`value`, after refusing entries outside low..below-1."""
    wrong = value < low
    if below is not None:
        wrong |= value >= below
    limit = "" if below is None else f" and below {below}"
    refuse(field, wrong, f"must be at least {low}{limit}")
    return value
