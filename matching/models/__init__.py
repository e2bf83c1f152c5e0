from .offers import ForbiddenPair, Offer
from .rounds import Override, Proposal, Round, RoundParticipant

__all__ = ["ForbiddenPair", "Offer", "Override", "Proposal", "Round", "RoundParticipant"]
