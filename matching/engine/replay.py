"""Problems as plain data and back, to the bit: what a stored round is replayed from."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.errors import ProblemError
from matching.engine.problem import Problem
from matching.engine.version import VERSION

FORMAT = 3
"""Raised when the data change or would give other points; older data need the engine that wrote
them."""

HEADER = {"format", "engine_version"}


def problem_to_dict(problem: Problem) -> dict[str, Any]:
    """Arrays become {dtype, shape, data}: booleans one string of 0 and 1, NaN None."""
    data: dict[str, Any] = {"format": FORMAT, "engine_version": VERSION}
    for field in fields(problem):
        data[field.name] = _plain(getattr(problem, field.name))
    return data


def problem_from_dict(data: Mapping[str, Any]) -> Problem:
    """The inverse of `problem_to_dict`; another engine version is the caller's to judge."""
    if not isinstance(data, Mapping):
        raise ProblemError("format", None, "is missing")
    if data.get("format") != FORMAT:
        made = f"format {data.get('format')} of engine {data.get('engine_version')}"
        raise ProblemError("format", None, f"is {made}; this is engine {VERSION}, format {FORMAT}")
    known = {field.name for field in fields(Problem)}
    if set(data) != known | HEADER:
        odd = sorted(set(data) ^ (known | HEADER))
        raise ProblemError(str(odd[0]), None, "is missing or unknown")
    return Problem(**{name: _value(name, data[name]) for name in known})


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return {"dtype": value.dtype.name, "shape": list(value.shape), "data": _items(value)}
    if isinstance(value, tuple):
        return [list(entry) for entry in value]
    return dict(value) if isinstance(value, Mapping) else value


def _items(array: NDArray[Any]) -> Any:
    flat = array.ravel()
    if flat.dtype == np.bool_:
        return "".join("1" if item else "0" for item in flat.tolist())
    if flat.dtype == np.float64:
        return [None if item != item else item for item in flat.tolist()]
    return flat.tolist()


def _value(name: str, value: Any) -> Any:
    if not isinstance(value, Mapping) or "dtype" not in value:
        return value
    try:
        return _array(value["dtype"], value["shape"], value["data"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ProblemError(name, None, f"cannot be read back ({error})") from error


def _array(dtype: str, shape: list[int], data: Any) -> NDArray[Any]:
    if dtype == "bool":
        flat = np.array([{"0": False, "1": True}[item] for item in data], dtype=np.bool_)
    elif dtype == "float64":
        flat = np.array([np.nan if item is None else item for item in data], dtype=np.float64)
    elif dtype == "int64":
        flat = np.array(data, dtype=np.int64)
    else:
        raise ValueError(f"unknown dtype {dtype}")
    return flat.reshape(shape)
