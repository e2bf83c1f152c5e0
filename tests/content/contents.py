"""What the source handbook's table of contents asks for, and which chapter answers it.

`CONTENTS` is the table itself: the source's own numbers, in its order, under its own parts. The
names are ours, because the source's headings are its wording. Items 4.1.5, 4.1.7, 4.1.8 and 4.1.11
hold headings of their own; they stand here as items too, with a letter.
"""

CONTENTS = {
    "introduction": {
        "1": "introduction", "2": "for whom", "3.1.1": "why", "3.1.2": "what is offered",
        "3.1.3": "what it rests on",
    },
    "mentoring": {
        "4.1.1": "what mentoring is", "4.1.2": "coaching or mentoring",
        "4.1.3": "reverse mentoring",
    },
    "mentor": {
        "4.1.4": "why become one", "4.1.5": "how it works", "4.1.5a": "its three tips",
        "4.1.6": "benefits",
    },
    "mentee": {
        "4.1.7": "why want a mentor", "4.1.7a": "why a younger one", "4.1.7b": "reasons",
        "4.1.8": "how to become one", "4.1.8a": "its three tips", "4.1.9": "benefits",
    },
    "match": {
        "4.1.10": "promoting it", "4.1.11": "bringing a pair together",
        "4.1.11a": "where to begin", "4.1.11b": "connect", "4.1.11c": "check-ins",
        "5": "closing words",
    },
}  # fmt: skip

CHAPTERS = {
    "1": ["welcome"],
    "2": ["for-whom"],
    "3.1.1": ["why-re-enter"],
    "3.1.2": ["what-is-offered"],
    "3.1.3": ["what-it-rests-on"],
    "4.1.1": ["what-is-mentoring"],
    "4.1.2": ["coaching-or-mentoring"],
    "4.1.3": ["reverse-mentoring"],
    "4.1.4": ["why-be-a-mentor"],
    "4.1.5": ["becoming-a-mentor"],
    "4.1.5a": ["becoming-a-mentor"],
    "4.1.6": ["benefits-for-mentors"],
    "4.1.7": ["why-have-a-mentor"],
    "4.1.7a": ["why-a-younger-mentor"],
    "4.1.7b": ["reasons-for-a-mentor"],
    "4.1.8": ["having-a-mentor"],
    "4.1.8a": ["having-a-mentor"],
    "4.1.9": ["benefits-for-mentees"],
    "4.1.10": ["a-good-match", "promoting-mentoring"],
    "4.1.11": ["bringing-two-people-together"],
    "4.1.11a": ["where-to-begin"],
    "4.1.11b": ["connecting-two-people"],
    "4.1.11c": ["checking-in"],
    "5": ["closing-words"],
}

# What the source points to but does not have.
PRACTICAL = {
    "code-of-conduct", "safety", "making-agreements", "feedback", "goals-and-stretch-tasks",
    "online-meetings", "when-it-does-not-click", "first-conversation-mentee",
    "first-conversation-mentor", "running-a-round", "phone-script", "recruiting-mentors",
    "talking-about-reverse-mentoring",
}  # fmt: skip
KEYS = {key for keys in CHAPTERS.values() for key in keys} | PRACTICAL
