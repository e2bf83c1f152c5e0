"""Problems to match: random ones, and small ones in which one thing is special."""

import numpy as np

from matching.engine import Problem, rank_weights

WEIGHTS = {
    "goals": 0.4,
    "lived": 0.2,
    "bonds": 0.1,
    "sector": 0.1,
    "availability": 0.1,
    "place": 0.1,
}
WIDTH = {"topics": 8, "themes": 5, "bonds": 6, "sectors": 4, "slots": 5, "languages": 2}


def blank(n, m, **changes):
    """`n` mentees and `m` mentors who answered nothing but their language; one place each."""
    fields = {
        "weights": WEIGHTS,
        "goal_ptr": np.zeros(n + 1, int),
        "goal_topic": np.zeros(0, int),
        "goal_weight": np.zeros(0, int),
        "expertise": np.zeros((m, WIDTH["topics"]), int),
        "topic_relation": np.eye(WIDTH["topics"]),
        "mentee_themes": np.zeros((n, WIDTH["themes"]), bool),
        "mentor_lived": np.zeros((m, WIDTH["themes"]), bool),
        "mentee_bonds": np.zeros((n, WIDTH["bonds"]), bool),
        "mentor_bonds": np.zeros((m, WIDTH["bonds"]), bool),
        "mentee_slots": np.zeros((n, WIDTH["slots"]), bool),
        "mentor_slots": np.zeros((m, WIDTH["slots"]), bool),
        "mentee_languages": np.ones((n, WIDTH["languages"]), bool),
        "mentor_languages": np.ones((m, WIDTH["languages"]), bool),
        "capacity": np.ones(m, int),
        "priority": np.zeros(n, bool),
    }
    for side, size in (("mentee", n), ("mentor", m)):
        fields[f"{side}_sector"] = np.full(size, -1)
        fields[f"{side}_key"] = np.arange(size) * 7 + 1
        for name in ("lat", "lon", "travel_km"):
            fields[f"{side}_{name}"] = np.full(size, np.nan)
        for name in ("online", "in_person"):
            fields[f"{side}_{name}"] = np.ones(size, bool)
    return fields | changes


def goals_of(lists):
    """The three goal fields from one list of topics per mentee, most important first."""
    return {
        "goal_ptr": np.cumsum([0] + [len(own) for own in lists]),
        "goal_topic": np.array([topic for own in lists for topic in own], dtype=int),
        "goal_weight": np.array([w for own in lists for w in rank_weights(len(own))], dtype=int),
    }


def places(rng, size):
    """Latitude and longitude in a country-sized box, a third of them not given."""
    nowhere = rng.random(size) < 0.3
    latitude = np.where(nowhere, np.nan, rng.uniform(51, 53, size))
    return latitude, np.where(nowhere, np.nan, rng.uniform(4, 7, size))


def random_fields(seed, n=None, m=None):
    """Everything at random: skipped answers, ties, bars, priority, scarce places."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(0, 9)) if n is None else n
    m = int(rng.integers(0, 7)) if m is None else m
    topics = WIDTH["topics"]
    relation = np.where(rng.random((topics, topics)) < 0.2, rng.random((topics, topics)), 0.0)
    np.fill_diagonal(relation, 1.0)
    fields = blank(n, m, topic_relation=relation)
    fields |= goals_of([rng.permutation(topics)[: rng.integers(0, 5)].tolist() for _ in range(n)])
    fields["expertise"] = rng.integers(0, 4, (m, topics)) * (rng.random((m, topics)) < 0.4)
    for name in ("mentee_themes", "mentor_lived", "mentee_bonds", "mentor_bonds"):
        fields[name] = rng.random(fields[name].shape) < 0.3
    for side, size in (("mentee", n), ("mentor", m)):
        fields[f"{side}_slots"] = rng.random((size, WIDTH["slots"])) < 0.3
        fields[f"{side}_languages"] = rng.random((size, WIDTH["languages"])) < 0.8
        fields[f"{side}_sector"] = rng.integers(-1, WIDTH["sectors"], size)
        fields[f"{side}_lat"], fields[f"{side}_lon"] = places(rng, size)
        fields[f"{side}_travel_km"] = np.where(
            rng.random(size) < 0.3, np.nan, rng.integers(0, 120, size)
        )
        fields[f"{side}_online"] = rng.random(size) < 0.7
        fields[f"{side}_in_person"] = rng.random(size) < 0.7
        fields[f"{side}_key"] = rng.choice(2**62, size, replace=False) if size else np.zeros(0, int)
    if rng.random() < 0.5:
        similarity = rng.random((WIDTH["sectors"], WIDTH["sectors"]))
        fields["sector_similarity"] = similarity
    fields["capacity"] = rng.integers(0, 3, m)
    fields["priority"] = rng.random(n) < 0.3
    if n and m:
        fields["barred"] = [
            (int(rng.integers(n)), int(rng.integers(m)), "forbidden") for _ in range(n // 2)
        ]
    fields["minimum_points"] = int(rng.choice([0, 3000, 5000]))
    fields["require_goal_covered"] = bool(rng.random() < 0.7)
    if seed % 3 == 0:
        fields["lower_quota"] = np.minimum(rng.integers(0, 3, m), fields["capacity"])
    return fields


def random_problem(seed, n=None, m=None, **changes):
    return Problem(**random_fields(seed, n, m) | changes)


def shuffled(fields, rows, columns):
    """The same people in another order: new mentee i was mentee rows[i], likewise mentors."""
    found = dict(fields)
    for name, value in fields.items():
        if name.startswith("mentee_") or name == "priority":
            found[name] = value[rows]
        elif name.startswith("mentor_") or name in ("expertise", "capacity", "lower_quota"):
            found[name] = value[columns]
    pointer, topic = fields["goal_ptr"], fields["goal_topic"]
    found |= goals_of([topic[pointer[i] : pointer[i + 1]].tolist() for i in rows])
    new_row, new_column = np.argsort(rows), np.argsort(columns)
    found["barred"] = [
        (int(new_row[i]), int(new_column[j]), code) for i, j, code in fields.get("barred", ())
    ]
    return found
