"""Where and how two people can meet, in whole metres."""

import math
from dataclasses import dataclass

import numpy as np

from matching.engine.arrays import BoolArray, FloatArray, IntArray
from matching.engine.facts import People
from matching.engine.problem import Problem

EARTH_METRES = 6_371_008.8
DEFAULT_TRAVEL_KM = 25.0


@dataclass(frozen=True, eq=False)
class Whereabouts:
    """Of some people on one side: spot (p, 3) on the globe and reach (p,) in metres; whether
    they can meet in person and online, (p,) each. No place, or no way chosen, means online."""

    spot: IntArray
    reach: IntArray
    in_person: BoolArray
    online: BoolArray

    def __getitem__(self, people: People) -> "Whereabouts":
        return Whereabouts(
            self.spot[people], self.reach[people], self.in_person[people], self.online[people]
        )


@dataclass(frozen=True, eq=False)
class Meeting:
    """Of rows x columns: metres apart, how far one of the two travels, and the ways to meet."""

    metres: IntArray
    limit: IntArray
    in_person: BoolArray
    online: BoolArray


def whereabouts(problem: Problem, side: str, people: People = slice(None)) -> Whereabouts:
    """Of `people` on `side` ("mentee" or "mentor"). Who has no place is at one spot, online."""
    latitude, longitude, travel, online, in_person = (
        getattr(problem, f"{side}_{name}")[people]
        for name in ("lat", "lon", "travel_km", "online", "in_person")
    )
    nowhere = np.isnan(latitude)
    kilometres = np.where(np.isnan(travel), DEFAULT_TRAVEL_KM, travel)
    reach = np.where(nowhere, 0, np.rint(kilometres * 1000)).astype(np.int64)
    return Whereabouts(
        spot=_spots(latitude, longitude),
        reach=reach,
        in_person=in_person & ~nowhere,
        online=online | ~in_person | nowhere,
    )


def meeting(mentees: Whereabouts, mentors: Whereabouts) -> Meeting:
    """Each mentee with each mentor; the distance is the straight line through the globe."""
    squares = (mentees.spot**2).sum(axis=1)[:, None] + (mentors.spot**2).sum(axis=1)[None, :]
    # Whole metres, so all sums stay below 2**53 and floating point is exact.
    inner = mentees.spot.astype(np.float64) @ mentors.spot.T.astype(np.float64)
    metres = np.floor(np.sqrt(squares - 2 * inner)).astype(np.int64)
    limit = np.maximum(mentees.reach[:, None], mentors.reach[None, :])
    both = mentees.in_person[:, None] & mentors.in_person[None, :]
    return Meeting(
        metres=metres,
        limit=limit,
        in_person=np.asarray(both & (metres <= limit)),
        online=mentees.online[:, None] & mentors.online[None, :],
    )


def _spots(latitude: FloatArray, longitude: FloatArray) -> IntArray:
    """(people, 3): position on the globe in whole metres; 0 without a place."""
    sine, cosine = _sine_and_cosine(latitude)
    east, ahead = _sine_and_cosine(longitude)
    return np.rint(EARTH_METRES * np.stack([cosine * ahead, cosine * east, sine], axis=1)).astype(
        np.int64
    )


def _sine_and_cosine(degrees: FloatArray) -> tuple[FloatArray, FloatArray]:
    """From the C library, once per angle: array libraries differ between processors."""
    angles, own = np.unique(degrees, return_inverse=True)
    radians = [0.0 if math.isnan(angle) else math.radians(angle) for angle in angles.tolist()]
    known = ~np.isnan(degrees)
    sine = np.array([math.sin(angle) for angle in radians], dtype=np.float64)[own]
    cosine = np.array([math.cos(angle) for angle in radians], dtype=np.float64)[own]
    return sine * known, cosine * known
