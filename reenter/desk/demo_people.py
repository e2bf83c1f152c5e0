"""The people of the demo programme: made up, and believable enough to show every state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

LEEUWARDEN = ("Leeuwarden", 53.2012, 5.7999)
DRACHTEN = ("Drachten", 53.1062, 6.0990)
HEERENVEEN = ("Heerenveen", 52.9594, 5.9236)
GRONINGEN = ("Groningen", 53.2194, 6.5665)


@dataclass(frozen=True)
class DemoPerson:
    """`terms`: goals in order (mentee) or level by topic (mentor). `stage` is how far they are."""

    key: str
    name: str
    role: str
    pitch: str
    terms: Any
    place: tuple[str, float, float] = LEEUWARDEN
    phase: str = "idea"
    themes: tuple[str, ...] = ()
    sector: str = ""
    bonds: tuple[str, ...] = ()
    time: tuple[str, ...] = ("weekday_morning", "weekday_evening")
    languages: tuple[str, ...] = ("nl",)
    exchange: str = ""
    stage: str = "ready"
    days_ago: int = 5
    with_email: bool = True
    places: int = 1
    extra: dict[str, Any] = field(default_factory=dict)


PEOPLE = [
    DemoPerson(
        "mentee", "Marja Hoekstra", "mentee",
        "Ik wil een werkplaats beginnen waar mensen oude meubels leren opknappen.",
        ["business-plan", "first-customers", "pricing"],
        phase="plan", themes=("starting-over", "using-experience"), sector="education",
        bonds=("handicrafts", "cycling"), exchange="Dertig jaar lesgeven: rust en overzicht.",
        days_ago=40,
    ),
    DemoPerson(
        "mentor", "Sander Visser", "mentor",
        "Ik heb een webwinkel in gereedschap en geef daar cursussen bij.",
        {"business-plan": 3, "first-customers": 3, "pricing": 2, "online-selling": 3},
        themes=("starting-over", "daring-to-start"), sector="retail", bonds=("handicrafts",),
        exchange="Hoe je een groep lesgeeft.", days_ago=40,
    ),
    DemoPerson(
        "johan", "Johan Postma", "mentee",
        "Ik wil kleine bedrijven helpen met hun boekhouding.",
        ["legal-form", "first-customers", "website"],
        place=DRACHTEN, themes=("own-boss",), sector="finance", bonds=("walking", "dogs"),
        exchange="Cijfers uitleggen zonder moeilijke woorden.", days_ago=33,
    ),
    DemoPerson(
        "fatima", "Fatima el Idrissi", "mentee",
        "Ik wil met mijn kookkunst feesten in de buurt verzorgen.",
        ["pricing", "tax-vat", "social-media"],
        place=GRONINGEN, themes=("hobby-to-business",), sector="food", bonds=("cooking",),
        languages=("nl", "ar", "fr"), exchange="Koken voor honderd man.", days_ago=12,
    ),
    DemoPerson(
        "geert", "Geert Dijkstra", "mentee",
        "Ik wil als klusser voor mezelf beginnen.",
        ["legal-form", "insurance", "pricing"],
        place=HEERENVEEN, sector="construction", bonds=("diy", "cycling"),
        exchange="Alles wat je met hout kunt doen.", with_email=False, stage="applied",
    ),
    DemoPerson(
        "annelies", "Annelies Bouma", "mentee",
        "Ik wil mensen begeleiden die van baan willen veranderen.",
        ["selling-talk", "networking", "website"],
        themes=("changing-direction",), sector="consulting", bonds=("reading",),
        exchange="Goed luisteren.", stage="admitted", days_ago=8,
    ),
    DemoPerson(
        "ruud", "Ruud van der Meer", "mentee",
        "Ik wil oude computers opknappen en verkopen.",
        ["market-research", "online-selling", "bookkeeping"],
        place=GRONINGEN, sector="it", bonds=("technology-hobby", "board-games"),
        exchange="Hoe techniek vroeger werkte.", stage="spoken_to", days_ago=6,
    ),
    DemoPerson(
        "petra", "Petra Zijlstra", "mentee",
        "Ik wil een theetuin openen bij ons huis.",
        ["business-plan", "funding", "social-media"],
        place=DRACHTEN, themes=("old-dream",), sector="tourism", bonds=("gardening", "cooking"),
        exchange="Gastvrij zijn.", days_ago=20,
    ),
    DemoPerson(
        "karim", "Karim Haddad", "mentee",
        "Ik wil taallessen geven op het werk.",
        ["first-customers", "contracts", "time-planning"],
        languages=("nl", "en", "ar"), sector="education", bonds=("conferences",),
        exchange="Drie talen.", stage="not_now", days_ago=25,
    ),
    DemoPerson(
        "eva", "Eva Kamminga", "mentor",
        "Ik heb een administratiekantoor met vier mensen.",
        {"bookkeeping": 3, "tax-vat": 3, "legal-form": 3, "insurance": 2},
        place=DRACHTEN, themes=("own-boss",), sector="finance", bonds=("walking",),
        exchange="Hoe je rustig blijft.", days_ago=30, places=2,
    ),
    DemoPerson(
        "tim", "Tim de Boer", "mentor",
        "Ik maak websites voor winkels en eettenten.",
        {"website": 3, "social-media": 3, "online-selling": 2, "pricing": 2},
        place=GRONINGEN, themes=("daring-to-start",), sector="it", bonds=("cooking",),
        exchange="Ervaring met klanten van alle leeftijden.", days_ago=22,
    ),
    DemoPerson(
        "lisa", "Lisa Wiersma", "mentor",
        "Ik run een koffiebranderij met een klein terras.",
        {"funding": 2, "business-plan": 2, "market-research": 3, "hiring": 2},
        place=HEERENVEEN, themes=("old-dream",), sector="food", bonds=("gardening",),
        exchange="Hoe je een zaak dertig jaar volhoudt.", days_ago=15,
    ),
    DemoPerson(
        "jeroen", "Jeroen Kuipers", "mentor",
        "Ik heb een aannemersbedrijf in verbouwingen.",
        {"pricing": 3, "insurance": 3, "contracts": 2},
        place=HEERENVEEN, sector="construction", bonds=("diy",),
        exchange="Vakmanschap van vroeger.", stage="applied", days_ago=3,
    ),
    DemoPerson(
        "nadia", "Nadia Rinsma", "mentor",
        "Ik help mensen aan een nieuwe baan en train ze in gesprekken.",
        {"selling-talk": 3, "networking": 3, "first-customers": 2},
        themes=("changing-direction",), sector="consulting", bonds=("reading",),
        exchange="Rust in het hoofd.", days_ago=10,
    ),
    DemoPerson(
        "hilde", "Hilde Veldstra", "mentee",
        "Ik wil kleding vermaken en herstellen.",
        ["first-customers", "pricing", "online-selling"],
        place=HEERENVEEN, phase="started", sector="personal_services", bonds=("handicrafts",),
        exchange="Netjes werken.", days_ago=28,
    ),
    DemoPerson(
        "bram", "Bram Nijholt", "mentor",
        "Ik verkoop software aan kleine bedrijven.",
        {"first-customers": 2, "online-selling": 3, "selling-talk": 3},
        place=HEERENVEEN, sector="it", bonds=("running",),
        exchange="Geduld.", days_ago=26,
    ),
    DemoPerson(
        "sietske", "Sietske Hiemstra", "mentee",
        "Ik wil beginnende ondernemers helpen met hun teksten.",
        ["networking", "first-customers", "selling-talk"],
        themes=("changing-direction", "using-experience"), sector="marketing", bonds=("reading",),
        exchange="Helder schrijven.", days_ago=18,
    ),
    DemoPerson(
        "wim", "Wim Brouwer", "mentee",
        "Ik wil tuinen aanleggen voor mensen met weinig tijd.",
        ["pricing", "tax-vat", "bookkeeping"],
        place=DRACHTEN, phase="plan", themes=("own-boss",), sector="agriculture",
        bonds=("gardening", "walking"), exchange="Alles over planten.", days_ago=35,
    ),
    DemoPerson(
        "loes", "Loes Atema", "mentee",
        "Ik wil een kleine drukkerij beginnen.",
        ["funding", "business-plan"],
        place=GRONINGEN, themes=("old-dream",), sector="manufacturing", bonds=("photography",),
        exchange="Vormgeven op papier.", days_ago=9,
    ),
]  # fmt: skip
