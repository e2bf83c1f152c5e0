from .checkins import CheckIn
from .imports import ImportBatch, SavedMapping
from .mentorships import Meeting, Mentorship, Message
from .participants import Participant, StaffContact
from .programmes import Programme
from .stories import StoryConsent, Telling

__all__ = [
    "CheckIn",
    "ImportBatch",
    "Meeting",
    "Mentorship",
    "Message",
    "Participant",
    "Programme",
    "SavedMapping",
    "StaffContact",
    "StoryConsent",
    "Telling",
]
