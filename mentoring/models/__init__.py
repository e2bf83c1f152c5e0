from .checkins import CheckIn
from .mentorships import Meeting, Mentorship, Message
from .participants import Participant, StaffContact
from .programmes import Programme

__all__ = [
    "CheckIn",
    "Meeting",
    "Mentorship",
    "Message",
    "Participant",
    "Programme",
    "StaffContact",
]
