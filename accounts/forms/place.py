"""The question where and how to meet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reenter.common.forms import RadioCards

from .. import geo
from ..models import Profile
from .profiles import QuestionForm

DISTANCES = [
    (5, _("Up to 5 km")),
    (10, _("Up to 10 km")),
    (25, _("Up to 25 km")),
    (50, _("Up to 50 km")),
    (100, _("Up to 100 km")),
]
NO_PLACE = "none"
ONLY_POSTCODE = _("We do not know postcodes. Write the name of the town or village.")
UNKNOWN_PLACE = _("We do not know this place. Check the spelling, or write a town nearby.")


class PlaceForm(QuestionForm):
    """Where and how to meet. A name that fits several places brings up a choice."""

    required_messages = {"meeting": _("Choose how you want to meet.")}
    meeting = forms.ChoiceField(
        label=_("How do you want to meet?"),
        choices=Profile.Meeting.choices,
        widget=RadioCards(hints={"online": _("By video call or by phone.")}),
    )
    place = forms.CharField(
        label=_("Where do you live or work?"),
        help_text=_(
            "Write the name of a town or village, for example Drachten. We need no postcode."
            " Without a place you meet online."
        ),
        max_length=120,
        required=False,
    )
    which_place = forms.ChoiceField(label=_("Which place do you mean?"), widget=RadioCards)
    travel_km = forms.TypedChoiceField(
        label=_("How far can you travel to meet?"),
        choices=DISTANCES,
        widget=RadioCards,
        coerce=int,
        empty_value=None,
        required=False,
    )

    def prepare(self) -> None:
        text = self.data.get("place", "") if self.is_bound else self.initial.get("place", "")
        self.hits = geo.find_places(text)
        self.similar = geo.similar_places(text) if not self.hits else []
        options = self.hits or self.similar
        if not text.strip() or len(self.hits) == 1 or self._is_kept(text):
            del self.fields["which_place"]
            return
        self.fields["which_place"].choices = [
            *((str(place.id), str(place)) for place in options),
            (NO_PLACE, gettext("Go on without a place. We meet online.")),
        ]
        if not self.is_bound:
            self.initial["which_place"] = self._nearest_to_stored(options)

    def _is_kept(self, text: str) -> bool:
        """A place that came with an import may be unknown here; nobody has to change it."""
        profile = self.profile
        return not self.hits and profile.latitude is not None and text == profile.place_name

    def _nearest_to_stored(self, options: list[geo.Place]) -> str:
        lat, lon = self.profile.latitude, self.profile.longitude
        if lat is None or lon is None or not options:
            return ""
        nearest = min(options, key=lambda p: abs(p.latitude - lat) + abs(p.longitude - lon))
        return str(nearest.id)

    @classmethod
    def stored(cls, profile: Profile) -> dict[str, Any]:
        return {
            "meeting": profile.meeting,
            "place": profile.place_name,
            "travel_km": profile.travel_km,
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "which_place" in self.fields and not data.get("which_place"):
            self._ask_which_place()
        meeting = data.get("meeting")
        told = "place" in self.errors or "which_place" in self.errors
        if meeting == Profile.Meeting.IN_PERSON and not told and not self._has_place():
            self.add_error("place", gettext("Write where you live, or choose Online above."))
        may_travel = meeting in (Profile.Meeting.IN_PERSON, Profile.Meeting.EITHER)
        if may_travel and self._has_place() and not data.get("travel_km"):
            self.add_error("travel_km", gettext("Choose how far you can travel."))
        return data

    def _ask_which_place(self) -> None:
        self.errors.pop("which_place", None)
        if self.hits or self.similar:
            self.add_error("which_place", gettext("Choose the place that you mean."))
            return
        self.add_error("place", ONLY_POSTCODE if self._is_postcode() else UNKNOWN_PLACE)

    def _is_postcode(self) -> bool:
        return bool(geo.POSTCODE.fullmatch(self.cleaned_data.get("place", "").strip()))

    def _has_place(self) -> bool:
        data = self.cleaned_data
        return bool(data.get("place", "").strip()) and data.get("which_place") != NO_PLACE

    def answer(self) -> dict[str, Any]:
        data = self.cleaned_data
        answer = {"meeting": data["meeting"], "visible": data["visible"]}
        if not self._has_place():
            return answer | {
                "place_name": "",
                "latitude": None,
                "longitude": None,
                "travel_km": None,
            }
        answer["travel_km"] = data.get("travel_km")
        if self._is_kept(data["place"]):
            return answer
        by_id = {str(place.id): place for place in [*self.hits, *self.similar]}
        place = by_id.get(data.get("which_place", "")) or self.hits[0]
        return answer | {
            "place_name": place.name,
            "latitude": place.latitude,
            "longitude": place.longitude,
        }
