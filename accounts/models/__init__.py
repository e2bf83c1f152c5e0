from .basis import LegalBasis, LegalText
from .people import FacilitatorProfile, Invitation, Membership, Organisation, TakeoverCode, User
from .profiles import MOST_PLACES, Profile, ProfileTerm
from .taxonomy import Term, TermGroup, TopicRelation

__all__ = [
    "MOST_PLACES",
    "FacilitatorProfile",
    "Invitation",
    "LegalBasis",
    "LegalText",
    "Membership",
    "Organisation",
    "Profile",
    "ProfileTerm",
    "TakeoverCode",
    "Term",
    "TermGroup",
    "TopicRelation",
    "User",
]
