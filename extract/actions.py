"""What will be done, as a phrase for after "Ms. Johnson will ..."; what was asked, for after "I asked the team to ...".

Only words that were said are used; "you", "me" and "my" become the people they mean, where the words allow.
"""

# ruff: noqa: E501 - lists of words stay on long lines

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from casefile.records import Kind, Meeting
from extract.clauses import clauses
from extract.content import content
from extract.dues import FoundDue
from extract.evidence import TurnEvidence
from extract.items import Draft
from extract.named_things import thing_meant
from extract.owners import owner_of
from extract.people import Roster
from extract.phrases import verb_phrase
from extract.promised import SOFT, cuts, plainly

LONGEST: Final = 220  # characters of an action

_REQUESTS: Final[tuple[tuple[str, str], ...]] = (
    (rf"\b(?:can|could|would|will|might)(?: you| y'all)(?: all| guys)? {SOFT}(?P<verb>[a-z]+)", ""),
    (
        rf"\b(?:can|could|would|should|may) (?:we|i) {SOFT}(?P<verb>(?!ask\b|say\b|just\b|back\b|go\b|talk\b|jump\b)[a-z]+)",
        "",
    ),
    (
        rf"\b(?:i'd|we'd|i would|we would|i|we|i'm|we're) (?:really |also |just |still )*(?:like|love|want|prefer|need|asking|asking for) (?:you|y'all|you all|the (?:team|school|district)) to {SOFT}(?P<verb>[a-z]+)",
        "",
    ),
    (rf"\b(?:can|could|would|should) he {SOFT}(?P<verb>[a-z]+)", "let him "),
    (rf"\b(?:can|could|would|should) she {SOFT}(?P<verb>[a-z]+)", "let her "),
    (rf"\b(?:can|could|would|should) they {SOFT}(?P<verb>[a-z]+)", "let them "),
    (
        r"(?<!\bi )(?<!we )(?<!you )(?<!he )(?<!she )(?<!they )(?<!it )(?<!that )\b(?:can|could|would|should) (?P<verb>(?:somebody|someone|the (?!way)[a-z]+|his [a-z]+|her [a-z]+|it|that|this|there) [a-z]+)",
        "have ",
    ),
    (
        r"\b(?:i'd|we'd|i would|we would|i|we) (?:really |also |just |still )*(?:like|love|want|prefer|need) (?P<verb>(?:him|her|them|somebody|someone|it|that|this|[a-z]+ (?:to|in|on|back))\b)",
        "have ",
    ),
    (
        r"\b(?:i'd|we'd|i would|we would|i am|we are|i|we|i'm|we're)(?: really| also| just| still| all)* (?:like|love|want|need|asking for|requesting|request|prefer|looking for|hoping for) (?P<verb>(?!to\b|for\b|that\b|you\b|if\b)[a-z]+)",
        "provide ",
    ),
    (
        rf"\b(?:i'd|we'd|i would|we would|i|we) (?:really |also |just |still )*(?:like|love|want|prefer|need) to {SOFT}(?P<verb>(?!ask\b|know\b|say\b|talk\b)[a-z]+)",
        "",
    ),
    (r"\bi don't want (?P<verb>(?:him|her|them|it|that|the|any)\b)", "not have "),
    (
        r"\b(?:i'm|we're|i am|we are|i was|we were) (?:asking|hoping|wondering) (?:if |that |whether )?(?P<verb>(?:you|he|she|they|somebody|someone|the) )",
        "see whether ",
    ),
    (
        r"\b(?P<verb>(?:he|she|they|somebody|someone) (?:needs?|should|shouldn't|ought to|has to|have to)\b)",
        "act on this: ",
    ),
    (r"\b(?:what|how) about (?P<verb>(?!you\b|that\b)[a-z]+)", "consider "),
    (
        r"^(?:okay |so |and |then |just |well |please |no |i know you are )*(?P<verb>(?:put|send|give|stop|quit|add|write|call|email|let|keep|take|make|get|have|tell|fix|change|move|start|do|show|leave|text|include|train|test) (?:me|us|him|her|them|it|that|this|the|his|my|a|an|in|home)\b)",
        "",
    ),
)
_PLAIN_LEAD: Final = re.compile(
    r"^(?:(?:so|and|but|okay|well|um|uh|yeah|yes|oh|then|no(?=[,.])|right|sure|now|like|alright|all right|i mean|you know|honestly|actually|you know what|i guess|i think|thank you|"
    r"(?:we're|we are|that's|it's)? ?agreed(?=[,.]))\b[ ,.]*)+",
    re.IGNORECASE,
)
_TERM: Final = re.compile(
    r"\b(?:we(?:'ll|'d| will|'re going to|'re (?:adding|doing|changing|going with))|he(?:'ll|'d| will| gets| sits| goes| stays| can)|she(?:'ll|'d| will| gets| sits| goes| stays| can)|"
    r"they(?:'ll| will| get)|it(?:'ll|'s going| goes| stays)|goes? (?:to|up|down|in)|stays? at|added|(?:\d+|[a-z]+ty|[a-z]+teen|ten|twelve|five) minutes|times a (?:week|day|month)|every (?:day|week|other)|so (?:that's|it's)|the (?:plan|iep) (?:will|says))\b"
)
_BARE: Final = re.compile(
    r"^(?:do|did|have|get|make|take care of|handle|manage|try|work)(?: with)?(?: (?:that|it|this|those|them|so|both))*(?: (?:for (?:you|him|her)|too|then|now|today|happen|work|one|myself))*$|^(?:do|will|can|may|would|that|be there|look|see|think|check|finish|do better.*|back up|be clear|start)$"
)
_MINE: Final[tuple[tuple[str, str], ...]] = (
    (r"\b(?:I'm|I am|i'm|im)\b", "they are"),
    (r"\b(?:I've|i've|ive|I have)\b", "they have"),
    (r"\b(?:I'll|i'll|I will)\b", "they will"),
    (r"\b(?:we're|we are|We're)\b", "they are"),
    (r"\b(?:we'll|we will)\b", "they will"),
    (r"\b(?:we've|we have)\b", "they have"),
    (r"\bI\b|\bi\b(?!')", "they"),
    (r"\bwe\b", "they"),
    (r"\b(?:me|us|Me)\b", "them"),
    (r",? \b(?:myself|ourselves)\b", ""),
    (r"\b(?:my|My)\b", "their"),
    (r"\b(?:our|Our)\b", "their"),
    (r"\bmine\b|\bours\b", "theirs"),
)


_FROM_ME: Final = re.compile(
    r"^(?:have|let) (?P<who>\w+|(?:the|your) \w+) (?:have|get) (?P<what>(?:(?! from ).)+) from (?:me|us)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A verb phrase cut from a turn."""

    words: str
    turn: int


def action_of(
    draft: Draft,
    asked: Sequence[Draft],
    turns: Sequence[TurnEvidence],
    meeting: Meeting,
    roster: Roster,
    due: FoundDue | None,
) -> str:
    """Return the action of an item as a phrase: a verb and all that belongs to it, no subject, no full stop."""
    request = next((p for d in asked for a in d.anchors if (p := _asked(a, turns, meeting))), None)
    if draft.kind == "request":
        own = next((p for a in draft.anchors if (p := _asked(a, turns, meeting))), None)
        return _said(own.words, own.turn, meeting, roster, mine=False) if own else _whole(draft, meeting)
    if draft.kind == "denial":
        return (
            "refused to " + _to(_said(request.words, request.turn, meeting, roster, mine=False))
            if request
            else ("refused what was asked for: " + _quoted(asked[0] if asked else draft, meeting))
        )
    if draft.kind == "agreement":
        among = (p for a in draft.anchors if turns[a].side == "family" and (p := _asked(a, turns, meeting)))
        return _settled(draft, request or next(among, None), turns, meeting, roster)
    other = owner_of(draft, tuple(turns), meeting, roster, "iep").why.startswith("named")
    found = [p for a in draft.anchors if (p := _promised(a, draft.kind, turns, meeting, roster, due, other=other))]
    best = next((p for p in found if not _BARE.match(p.words.lower())), None)
    if best is None and request is not None:
        best = request
        return _said(best.words, best.turn, meeting, roster, mine=False)
    if best is None:
        return _fallback(draft, turns, meeting, roster)
    return _said(best.words, best.turn, meeting, roster, mine=True)


def _promised(
    at: int,
    kind: Kind,
    turns: Sequence[TurnEvidence],
    meeting: Meeting,
    roster: Roster,
    due: FoundDue | None,
    *,
    other: bool,
) -> Phrase | None:
    """Return the verb phrase of what is promised in a turn, or None."""
    for cut in cuts(turns[at], kind, roster, other=other):
        phrase = (
            _phrase(at, cut.start + cut.skip, turns, meeting, due)
            if cut.skip
            else _phrase(at, cut.start, turns, meeting, due)
        )
        if phrase is None:
            continue
        words = f"{cut.lead} {phrase.words}" if cut.skip else phrase.words
        if not _BARE.match(words.lower()) or (cut.lead and not cut.skip):
            named = _named(words, at, cut.start, turns, meeting, roster)
            return Phrase(named if cut.skip else _handed(cut.lead + plainly(named)), at)
    return _given(at, turns, meeting, due)


def _handed(words: str) -> str:
    """Return "have him have it from me" as what the speaker does: "get it to him"."""
    return _FROM_ME.sub(r"get \g<what> to \g<who>", words)


def _named(words: str, at: int, start: int, turns: Sequence[TurnEvidence], meeting: Meeting, roster: Roster) -> str:
    """Return a phrase with its "it" or "them" named where the words before name one thing."""
    meant = thing_meant(words, at, start, turns)
    if meant is None:
        return words
    thing, a, b = meant
    text = meeting.turns[thing.turn].text
    name = text[slice(*turns[thing.turn].view.exact(thing.start, thing.end))]
    if thing.turn != at:
        mine = meeting.turns[thing.turn].speaker == meeting.turns[at].speaker
        name = _said(name, thing.turn, meeting, roster, mine=mine)
    return (
        words[:a] + re.sub(r"^[A-Z](?=[a-z])", lambda m: m[0].lower(), name) + words[b:]
    )  # "The IEP" opened a sentence


def _given(at: int, turns: Sequence[TurnEvidence], meeting: Meeting, due: FoundDue | None) -> Phrase | None:
    """Return "you'll have the draft" as what the speaker does: "get the draft to you"."""
    view = turns[at].view
    give = re.search(
        r"\byou(?:'ll| will| should)(?: also| just| all)* (?P<how>have|get|receive|hear|know)\b ?(?P<what>[a-z]?)",
        view.text,
    )
    if not give:
        return None
    if give["how"] in ("hear", "know"):
        return Phrase("be in touch with you" if give["how"] == "hear" else "let you know", at)
    if not give["what"]:
        return None
    phrase = _phrase(at, give.start("what"), turns, meeting, due)
    if phrase is None:
        return None
    thing = re.sub(r"\s+(?:from|by) (?:me|us)\b", "", phrase.words)
    there = re.search(r"\b(?:on|in|at|to) (?:your|the|his|her)\b", thing)
    lone = re.match(r"(it|that|this|them|those|one|'?em)\b ?(.*)", thing)
    if lone and not there:
        rest = lone[2] if lone[2].startswith(",") else f" {lone[2]}"
        return Phrase(f"get {lone[1]} to you{rest}".strip(), at)
    return Phrase(f"get {thing}" if there else f"get {thing} to you", at)


def _asked(at: int, turns: Sequence[TurnEvidence], meeting: Meeting) -> Phrase | None:
    """Return the verb phrase of what is asked for in a turn, or None."""
    view = turns[at].view
    found = [
        (n > 6, hit.start(), lead, hit.start("verb"))
        for n, (pattern, lead) in enumerate(_REQUESTS)
        if (hit := re.search(pattern, view.text))
    ]
    for _, _, lead, start in sorted(found):
        own = re.compile(
            r"\b(?:can|could|may|should|would) i (?:please |just |also |get to |maybe )*(have|get)?\b ?"
        ).search(view.text, 0, start + 5)
        if own is not None and not lead and own.end() >= start:
            lead, start = ("give me ", own.end()) if own[1] else ("let me ", start)
        phrase = _phrase(at, start, turns, meeting, None)
        if phrase is not None and (phrase.words.count(" ") >= 1 or not lead):
            let = re.match(r"(him|her|them|it|somebody|someone) to (?:be able to )?(?=\w)", phrase.words)
            if lead in ("have ", "not have ") and let:
                return Phrase(f"{lead.replace('have', 'let')}{let[1]} {phrase.words[let.end() :]}", at)
            return Phrase(lead + (_without_to(phrase.words) if lead == "have " else phrase.words), at)
    return None


def _without_to(words: str) -> str:
    """Return "Milo to be evaluated" as what goes with "have": "Milo evaluated"."""
    hit = re.match(r"((?:(?:the|his|her|my|our|this|that) )?[\w.']+(?: [\w.']+)?) to (be )?([a-z]+)\b", words)
    if hit is None:
        return words
    done = hit[2] and re.search(r"(?:ed|en|wn|ught|ade|one|ut)$", hit[3])
    return f"{hit[1]} {'' if done or not hit[2] else 'be '}{words[hit.start(3) :]}"


def _phrase(
    at: int, start: int, turns: Sequence[TurnEvidence], meeting: Meeting, due: FoundDue | None
) -> Phrase | None:
    """Return the exact words of a verb phrase that begins at a place in the view."""
    view, text = turns[at].view, meeting.turns[at].text
    a, b = view.exact(*verb_phrase(view, start))
    words = text[a:b]
    if due is not None:
        words = _without_date(words, meeting)
    words = words.strip(" ,.;:!?-")
    return Phrase(words, at) if words else None


_A_NOUN: Final = re.compile(  # "at our Friday meeting", "in the spring section": the date belongs to what follows
    r" (?!(?:morning|afternoon|evening|night|then|anyway|or|at|please|too|sometime|for|like|maybe|if|and|to|when|by|on|in|with|so|is|it|its|it's|the|a|my|how|what|we|you|i|he|she|they|"
    r"miss|ms|mr|mrs|mom|dad|tomorrow|today|tonight|no|wait|um|uh|same|first|before|after|that)\b)[a-z]+"
)


def _without_date(words: str, meeting: Meeting) -> str:
    """Return a phrase without the date at its end, which the letter adds itself."""
    from extract.dates import find_dates

    dates = [m for m in find_dates(words, meeting.held_on, meeting.calendar) if m.start > 0]
    end = len(words)
    for date in reversed(dates):
        rest = words[date.end : end].lower()
        if len(rest.strip(" ,.;!?")) > 12 or _A_NOUN.match(rest):
            break
        end = date.start
    if end == len(words):
        return words
    return re.sub(
        r"(?:[ ,]+(?:by|on|before|until|starting|like|say|let's say|so|probably|um|uh|the|at|in|and (?:then )?again|and|or))*[ ,]*$",
        "",
        words[:end],
    )


def _said(words: str, turn: int, meeting: Meeting, roster: Roster, *, mine: bool) -> str:
    """Return a phrase with its people named: "you" is whom the speaker answers, "me" the speaker.

    `mine` says the phrase is the owner's own; else it is a parent's, and "you" are those who were asked.
    """
    speaker = meeting.turns[turn].speaker
    said = re.sub(r"\s+", " ", words).strip(" ,.;:!?-")
    said = re.sub(r"\b(?:um+|uh+|er|hmm+|you know|i mean|like,)(?:,|\b) ?", "", said, flags=re.IGNORECASE)
    for pattern, now in _MINE:
        said = re.sub(pattern, now if mine else _asker(now, speaker, roster), said)
    other, others = (_addressed(turn, meeting, roster) or "the parent", "'s") if mine else ("the team", "'s")
    said = re.sub(r"\b(?:your own|your|yall's)\b", f"{other}{others}" if mine else "their", said, flags=re.IGNORECASE)
    said = re.sub(
        r"\b(?:(?:all of|both of) you|you guys|you all|y'all|you two|you both|you)\b(?!')",
        other,
        said,
        flags=re.IGNORECASE,
    )
    if roster.person(other) is not None:
        said = re.sub(
            rf"\b{re.escape(other)} (have|are|were|do|need|want|sign)\b", lambda m: f"{other} {_ALONE[m[1]]}", said
        )
        said = re.sub(
            rf"\b(before|when|once|after|if|while|soon as|until|whatever|what|that) {re.escape(other)} (wait|leave|go|get|come|drive|drop|pull|say|send|bring|sign)\b",
            rf"\1 {other} \2s",
            said,
        ).replace(f"{other} gos", f"{other} goes")
        said = re.sub(
            rf"(?<!to)(?<!with)(?<!for)(?<!by)(?<!at)(?<!of),? (?:{_called(other)})$", "", said, flags=re.IGNORECASE
        )
        said = re.sub(rf"\b({re.escape(other)}),? (?:{_called(other)})\b,?", r"\1", said, flags=re.IGNORECASE)
    said = re.sub(r"\byou'(re|ve|ll|d)\b", lambda m: f"{other} {_SHORT[m[1].lower()]}", said, flags=re.IGNORECASE)
    said = re.sub(r",? (?:them|they)$", "", said) if re.search(r", (?:them|they)$", said) else said
    return said[:1].lower() + said[1:LONGEST] if not said[:2].isupper() else said[:LONGEST]


_SHORT: Final = {"re": "is", "ve": "has", "ll": "will", "d": "would"}
_ALONE: Final = {
    "have": "has",
    "are": "is",
    "were": "was",
    "do": "does",
    "need": "needs",
    "want": "wants",
    "sign": "signs",
}


def _called(name: str) -> str:
    """Return a pattern for how somebody is called to their face: "Kendra", "Ms. Crume"."""
    parts = [re.escape(w) for w in name.split() if len(w) > 1]
    return "|".join([rf"(?:ms|mr|mrs|miss|dr)\.? {parts[-1]}", *parts[:1]]) if parts else "(?!)"


def _asker(now: str, speaker: str | None, roster: Roster) -> str:
    """Return the parent's own "me" and "my" as the name of who asks, where it is known."""
    if speaker is None or roster.person(speaker) is None:
        return {"them": "the parent", "their": "the parent's"}.get(now, now)
    whose = {"them": speaker, "their": f"{speaker}'s", "theirs": f"{speaker}'s"}
    also = {"they": speaker, "they are": f"{speaker} is", "they have": f"{speaker} has", "they will": f"{speaker} will"}
    return (whose | also).get(now, now)


def _addressed(turn: int, meeting: Meeting, roster: Roster) -> str | None:
    """Return the one person a turn speaks to: who is called by name in it, else who spoke just before."""
    speaker = meeting.turns[turn].speaker
    words = meeting.turns[turn].text.lower()
    named = [p for p in roster.named_in(words) if p.name != speaker]
    called = [p.name for p in named if re.search(_CALLS.format(_called(p.name).lower()), words)]
    if len(called) == 1:
        return called[0]
    if roster.side(speaker) == "family":
        return "the team"
    family = [p.name for p in roster.people if p.side == "family"]
    if roster.side(speaker) != "school":
        return None
    before = next((t.speaker for t in reversed(meeting.turns[max(0, turn - 3) : turn]) if t.speaker != speaker), None)
    if before in family:
        return before
    near = [p.name for p in named if p.name in family]
    return near[0] if near else (family[0] if len(family) == 1 else None)


# a name as somebody is called by it: at either end of what is said, or between commas
_CALLS: Final = r"(?:^|[.?!] )(?:(?:and|so|okay|well|oh|yes|no|then|um) )?(?:{0}),? (?:i|i'll|ill|i'd|id|we|we'll|you|yours|would|could|can)\b|, (?:{0})(?:[.,?!]|$)|\byou,? (?:{0})\b|\b(?:{0})[.?!]?$"


def _to(words: str) -> str:
    return words if words else "do what was asked"


def _settled(
    draft: Draft, request: Phrase | None, turns: Sequence[TurnEvidence], meeting: Meeting, roster: Roster
) -> str:
    """Return the term agreed on, as the school's side put it last; else what was asked; else the words themselves."""
    first, last = draft.anchors[0], draft.anchors[-1]
    for e in reversed(turns[max(0, first - 3) : last + 1]):
        if e.side == "family" or (e.index not in draft.anchors and e.index > first):
            continue
        for clause in clauses(e.view.text):
            words = e.view.text[clause.start : clause.end]
            if _TERM.search(words) and len(content(words)) >= 2 and not clause.asks:
                a, b = e.view.exact(clause.start, clause.sentence.end)
                return _shortened(_PLAIN_LEAD.sub("", meeting.turns[e.index].text[a:b].strip()))
    if request is not None:
        return _said(request.words, request.turn, meeting, roster, mine=False)
    longest = max(draft.anchors, key=lambda a: len(meeting.turns[a].text))
    return f"what was settled: “{_shortened(meeting.turns[longest].text.strip())}”"


def _fallback(draft: Draft, turns: Sequence[TurnEvidence], meeting: Meeting, roster: Roster) -> str:
    longest = max(draft.anchors, key=lambda a: len(meeting.turns[a].text))
    words = _PLAIN_LEAD.sub("", meeting.turns[longest].text.strip())
    return f"do as was said: “{_shortened(words)}”"


def _whole(draft: Draft, meeting: Meeting) -> str:
    return "act on this: " + _quoted(draft, meeting)


def _quoted(draft: Draft, meeting: Meeting) -> str:
    return f"“{_shortened(meeting.turns[draft.anchors[0]].text.strip())}”"


def _shortened(words: str) -> str:
    words = re.sub(r"\s+", " ", words).strip(" ,;:-")
    if len(words) <= LONGEST:
        return words.rstrip(".")
    cut = words[:LONGEST].rsplit(" ", 1)[0]
    return cut + " ..."
