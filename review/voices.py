"""Who is who: names, merged voices, moved and corrected lines, laid over the transcript as it was heard.

What was heard stays as it is on the disk; `apply_voices` gives the transcript as the person left it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from casefile.records import CaseFacts, Decision, Engine, Participant, Transcript, Turn, Word
from review.log import live_decisions

SAME_PLACE_S = 0.05
_NONE = Engine(name="script", model="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One voice of the recording, as far as it is told apart."""

    label: str  # "S1", as heard
    name: str | None  # as the person named it
    turns: tuple[int, ...]
    spoken_s: float  # 0 where the transcript has no times
    several: bool  # the person said that more than one is heard under this label


def apply_voices(transcript: Transcript, decisions: Sequence[Decision]) -> Transcript:
    """Return the transcript with the names, moves and corrections that hold; without any, the transcript itself."""
    live = live_decisions(decisions)
    labels = labels_now(transcript, decisions)
    names, several = voice_names(live), several_labels(live)
    turns = []
    for turn, label in zip(_corrected(transcript.turns, live), labels, strict=True):
        speaker = None if label is None or label in several else names.get(label, label)
        if speaker != turn.speaker or (label in several) != turn.several_voices:
            turn = replace(turn, speaker=speaker, several_voices=turn.several_voices or label in several)
        turns.append(turn)
    return replace(transcript, turns=tuple(turns))


def labels_now(transcript: Transcript, decisions: Sequence[Decision]) -> tuple[str | None, ...]:
    """Return each turn's voice after merges and moves, before names."""
    labels = [t.speaker for t in transcript.turns]
    for decision in live_decisions(decisions):
        told = dict(decision.detail)
        if decision.act == "merge_voices":
            labels = [told["into"] if x == told["voice"] else x for x in labels]
        elif decision.act == "move_line" and (place := turn_of(transcript, told)) is not None:
            labels[place] = told.get("voice") or None
    return tuple(labels)


def voices(transcript: Transcript, decisions: Sequence[Decision]) -> tuple[Voice, ...]:
    """Return the voices in the order they are first heard."""
    live = live_decisions(decisions)
    names, several = voice_names(live), several_labels(live)
    placed: dict[str, list[int]] = {}
    for place, label in enumerate(labels_now(transcript, decisions)):
        if label is not None:
            placed.setdefault(label, []).append(place)
    return tuple(
        Voice(
            label=label,
            name=names.get(label),
            turns=tuple(places),
            spoken_s=sum(_length(transcript.turns[p]) for p in places),
            several=label in several,
        )
        for label, places in placed.items()
    )


def samples(transcript: Transcript, voice: Voice, *, count: int = 3) -> tuple[int, ...]:
    """Return up to `count` turns that show a voice best: 3 to 12 s of it alone, and from different parts."""
    alone = [p for p in voice.turns if not transcript.turns[p].several_voices] or list(voice.turns)
    third = max(1, -(-len(alone) // count))
    parts = [alone[i : i + third] for i in range(0, len(alone), third)]
    return tuple(sorted(min(part, key=lambda p: _fit(transcript.turns[p])) for part in parts))[:count]


def voice_names(live: Sequence[Decision]) -> dict[str, str]:
    """Return the newest name of each voice; a voice named with nothing loses its name."""
    names: dict[str, str] = {}
    for decision in live:
        told = dict(decision.detail)
        if decision.act == "name_voice":
            names[told["voice"]] = told["name"]
    return {label: name for label, name in names.items() if name}


def people(decisions: Sequence[Decision]) -> dict[str, str]:
    """Return who is meant by each label and by each name a voice ever had: today's name, or "" for nobody told.

    Findings keep the names of the day they were made or decided; a voice named anew is still the same person.
    """
    live = live_decisions(decisions)
    names, several, into = voice_names(live), several_labels(live), _merged(live)
    meant: dict[str, str] = {}
    for decision in decisions:
        told = dict(decision.detail)
        if decision.act not in ("name_voice", "merge_voices", "several_people"):
            continue
        for known, voice in (
            (told["voice"], told["voice"]),
            (told.get("name"), told["voice"]),
            (told.get("into"), told.get("into")),
        ):
            if known and voice and known not in names.values():
                end = _end_of(voice, into)
                meant[known] = "" if end in several else names.get(end, end)
    return meant


def _merged(live: Sequence[Decision]) -> dict[str, str]:
    into: dict[str, str] = {}
    for told in (dict(d.detail) for d in live if d.act == "merge_voices"):
        end = _end_of(told["into"], into)
        if end != told["voice"]:  # joining two voices both ways is one joining
            into[told["voice"]] = end
    return into


def _end_of(voice: str, into: dict[str, str]) -> str:
    while voice in into:
        voice = into[voice]
    return voice


def with_named(facts: CaseFacts, live: Sequence[Decision]) -> tuple[Participant, ...]:
    """Return who was at the table: those told, then those whose voice was named, their part unknown."""
    known = {p.name for p in facts.participants}
    named = (n for n in voice_names(live).values() if n not in known and n not in (facts.child, facts.parent))
    return facts.participants + tuple(Participant(name=n, role="") for n in dict.fromkeys(named))


def several_labels(live: Sequence[Decision]) -> frozenset[str]:
    """Return the voices that stand for more than one person."""
    told = {d["voice"]: d.get("several", "yes") for d in (dict(x.detail) for x in live if x.act == "several_people")}
    return frozenset(label for label, several in told.items() if several == "yes")


def turn_of(transcript: Transcript, told: dict[str, str]) -> int | None:
    """Return the turn a decision is about, or None where the recording was heard anew and it stands elsewhere."""
    place = int(told["turn"])
    if place >= len(transcript.turns):
        return None
    start = transcript.turns[place].start_s
    if start is None or "start" not in told:
        return place
    return place if abs(start - float(told["start"])) < SAME_PLACE_S else None


def _corrected(turns: tuple[Turn, ...], live: Sequence[Decision]) -> list[Turn]:
    made = list(turns)
    whole = Transcript(recording=None, engine=_NONE, turns=turns)
    for decision in live:
        told = dict(decision.detail)
        if decision.act == "correct_line" and (place := turn_of(whole, told)) is not None:
            made[place] = corrected(turns[place], told["text"])
    return made


def corrected(turn: Turn, text: str) -> Turn:
    """Return the turn with other words; words that stayed keep their times, new ones share the time between."""
    if text == turn.text:
        return turn
    return replace(turn, text=text, heard=turn.text, words=_realigned(turn.words, text.split()), doubt=None)


def _realigned(words: tuple[Word, ...], said: list[str]) -> tuple[Word, ...]:
    if not words:
        return ()
    made: list[Word] = []
    matcher = SequenceMatcher(None, [_bare(w.text) for w in words], [_bare(x) for x in said], autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            pairs = zip(words[old_from:old_to], said[new_from:new_to], strict=True)
            made += [replace(word, text=text) for word, text in pairs]
        elif new_to > new_from:
            start = words[old_from].start_s if old_from < old_to else words[max(0, old_from - 1)].end_s
            end = words[old_to - 1].end_s if old_from < old_to else start
            step = (end - start) / (new_to - new_from)
            made += [
                Word(start_s=start + i * step, end_s=start + (i + 1) * step, text=text, probability=1.0)
                for i, text in enumerate(said[new_from:new_to])
            ]
    return tuple(made)


def _bare(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum() or c == "'")


def _length(turn: Turn) -> float:
    return turn.end_s - turn.start_s if turn.start_s is not None and turn.end_s is not None else 0.0


def _fit(turn: Turn) -> float:
    """How far a turn is from a good sample: some 6 seconds, sure words, a sure voice."""
    length = _length(turn)
    off = 0.0 if 3 <= length <= 12 else 5.0
    return off + abs(length - 6) / 6 + (1 - (turn.speaker_confidence or 0.5)) + (1.0 if turn.doubt else 0.0)
