"""When people have time: six parts of the week."""

from django.utils.translation import gettext_lazy as _

SLOTS = [
    ("weekday_morning", _("Weekdays, in the morning")),
    ("weekday_afternoon", _("Weekdays, in the afternoon")),
    ("weekday_evening", _("Weekdays, in the evening")),
    ("weekend_morning", _("Weekend, in the morning")),
    ("weekend_afternoon", _("Weekend, in the afternoon")),
    ("weekend_evening", _("Weekend, in the evening")),
]
SLOT_CODES = [code for code, _label in SLOTS]
