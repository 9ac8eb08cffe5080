"""Which of the seven parts a district's notice has, and where it differs from what was said at the meeting."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Literal

from casefile.records import Finding, ReviewedCase
from draft import words
from draft.choose import active
from draft.told import Difference, LackingPart

State = Literal["there", "thin", "missing"]
_LONGEST_QUOTE = 40  # words


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the notice as the law wants it."""

    number: int
    name: str
    question: str
    label: str
    speaks: str
    least: int
    names: str
    hollow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a notice has on one part."""

    part: Part
    state: State
    text: str  # the notice's own words on it; "" if it has none

    @property
    def quote(self) -> str:
        """The beginning of the notice's words, short enough to quote."""
        said = self.text.split()
        return " ".join(said[:_LONGEST_QUOTE]) + (" ..." if len(said) > _LONGEST_QUOTE else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeCheck:
    """What was found out about one notice."""

    dated: date | None
    found: tuple[Found, ...]  # one for each of the seven parts
    differences: tuple[Difference, ...]

    @property
    def lacking(self) -> tuple[LackingPart, ...]:
        """The parts that are thin or missing, for the answer."""
        return tuple(
            LackingPart(number=f.part.number, question=f.part.question, quote=f.quote)
            for f in self.found
            if f.state != "there"
        )


@lru_cache(maxsize=1)
def parts() -> tuple[Part, ...]:
    """Return the seven parts, in the order of the law."""
    text = resources.files("draft").joinpath("notice_parts.toml").read_text(encoding="utf8")
    return tuple(Part(**row) for row in tomllib.loads(text)["part"])


def check_notice(lines: Sequence[str], case: ReviewedCase | None = None) -> NoticeCheck:
    """Return what a notice has of the seven parts, and, with the case, where it differs from the meeting."""
    before, fields = _fields(lines)
    prose = _unwrapped(before)
    sentences = [s for text in (*prose, *fields.values()) for s in _sentences(text)]
    loose = [s for text in (*prose, fields.get(1, "")) for s in _sentences(text)]  # in no other part's own field
    found = tuple(
        _judge(part, fields.get(part.number), sentences if part.number in _RUNNING else loose) for part in parts()
    )
    differences = tuple(_differences(sentences, found, case)) if case else ()
    return NoticeCheck(dated=_dated(lines), found=found, differences=differences)


# --- the seven parts -------------------------------------------------------------------------


def _fields(lines: Sequence[str]) -> tuple[tuple[str, ...], dict[int, str]]:
    """Return the lines before the first field, and what stands under each part's own heading."""
    at: int | None = None
    before: list[str] = []
    texts: dict[int, list[str]] = {}
    for line in lines:
        headed = _headed(line)
        if headed:
            at = headed[0]
            texts.setdefault(at, []).append(headed[1])
        elif at is not None:
            texts[at].append(line)
        else:
            before.append(line)
    return tuple(before), {number: " ".join(t for t in said if t).strip() for number, said in texts.items()}


_RUNNING = (1, 4, 5)  # parts that forms often give as a sentence without a heading
_LONGEST_HEAD = 160  # characters
_WRAPPED = 60  # characters, or more: a line that was broken because the page ended


def _headed(line: str) -> tuple[int, str] | None:
    """Return (part, what follows the heading) of a line that heads a part."""
    bare = re.sub(r"^\W*(?:\(?[1-7a-gA-G][).:]\s*)?", "", line)
    for part in parts():
        if not re.match(part.label, bare, re.IGNORECASE):
            continue
        head, colon, rest = bare.partition(":")
        if colon and len(head) <= _LONGEST_HEAD:
            return part.number, rest.strip()
        if bare.endswith("?") or not re.search(r"[.;!](?:\s|$)", bare):
            return (part.number, bare) if part.number in _RUNNING and len(bare.split()) > 14 else (part.number, "")
        if part.number in _RUNNING:
            return part.number, bare
    return None


def _judge(part: Part, field: str | None, sentences: Sequence[str]) -> Found:
    spoken = " ".join(s for s in sentences if re.search(part.speaks, s, re.IGNORECASE))
    text = field or spoken
    if not text:
        return Found(part=part, state="missing", text="")
    full = (
        len(text.split()) >= part.least
        and not (part.hollow and re.search(part.hollow, text, re.IGNORECASE))
        and not (part.names and not re.search(part.names, text, re.IGNORECASE))
    )
    return Found(part=part, state="there" if full else "thin", text=text)


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """Return lines with those of a paragraph joined: a long line without an end goes on in the next."""
    joined: list[str] = []
    for line in lines:
        if joined and len(joined[-1]) >= _WRAPPED and joined[-1][-1:] not in ".:?!":
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return joined


def _sentences(text: str) -> list[str]:
    return [s.strip() for s in re.split(r"(?<=[.?!])\s+(?=[A-Z])", text) if s.strip()]


# --- the date --------------------------------------------------------------------------------

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_WRITTEN = re.compile(rf"\b({'|'.join(_MONTHS)})\s+(\d{{1,2}}),?\s+(\d{{4}})\b")
_FIGURES = re.compile(r"\b(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})\b")


def _dated(lines: Sequence[str]) -> date | None:
    """Return the notice's own date: one on a line that says so, else the first there is."""
    own = [line for line in lines if re.search(r"\bdate\b|\bsent\b", line, re.I) and "birth" not in line.lower()]
    return next((day for line in [*own, *lines] if "birth" not in line.lower() and (day := _day_in(line))), None)


def _day_in(line: str) -> date | None:
    if written := _WRITTEN.search(line):
        month, day, year = _MONTHS.index(written[1]) + 1, int(written[2]), int(written[3])
    elif figures := _FIGURES.search(line):
        month, day, year = int(figures[1]), int(figures[2]), int(figures[3])
    else:
        return None
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


# --- against the meeting ---------------------------------------------------------------------

_CLOSE = 0.6  # of a matter's words stand in the notice: it speaks of that matter
_OTHER_REASON = 0.2  # of the words shared, or fewer: another reason
_AGREED = re.compile(r"\b(?:parents? (?:agree[sd]?|consent(?:s|ed)?)|team (?:agreed|consensus)|by consensus)\b", re.I)
_COUNT = re.compile(r"\b(\d+)\s*(minutes?|hours?|days?|sessions?|times)\b", re.I)


def _differences(sentences: Sequence[str], found: Sequence[Found], case: ReviewedCase) -> Iterable[Difference]:
    refused = [f for f in active(case) if f.kind == "denial" and f.notice and f.notice.kind != "refusal_504"]
    for denial in refused:
        matter, _ = words.refused_matter(denial.action)
        about = [s for s in sentences if words.similar(matter, s) >= _CLOSE]
        if not about:
            yield Difference(
                said=f"At the meeting the team did not agree to {matter}. The notice does not speak of it.",
                finding_id=denial.id,
            )
            continue
        linked = [f for f in active(case) if f.topic == denial.topic or f.id in denial.links]
        yield from _counts(denial, matter, about, linked)
        agreed = next((s for s in (*about, *_sentences(found[0].text)) if _AGREED.search(s)), "")
        if agreed and not any(f.kind == "agreement" for f in linked):
            yield Difference(
                said=f"I have no note that I agreed. I asked, and the team did not agree to {matter}.",
                quote=agreed,
                finding_id=denial.id,
            )
        if len(refused) == 1:
            yield from _reason(denial, found)


def _counts(denial: Finding, matter: str, about: Sequence[str], linked: Sequence[Finding]) -> Iterable[Difference]:
    """Return where the notice counts otherwise than anybody did at the meeting on this matter."""
    said = {_counted(hit) for f in (denial, *linked) for hit in _COUNT.findall(f.action)}
    units = {unit for _, unit in said}
    for sentence in about:
        other = [c for hit in _COUNT.findall(sentence) if (c := _counted(hit)) not in said and c[1] in units]
        if other:
            yield Difference(
                said=f"My note from the meeting is that the team did not agree to {matter}.",
                quote=sentence,
                finding_id=denial.id,
            )
            return


def _counted(hit: tuple[str, str]) -> tuple[str, str]:
    return hit[0], hit[1].lower().rstrip("s")


def _reason(denial: Finding, found: Sequence[Found]) -> Iterable[Difference]:
    given = next(f for f in found if f.part.number == 2)
    heard = [e.said for e in denial.elements if e.kind == "reason" and e.said.doubt is None]
    if given.state == "there" and heard and max(words.similar(s.text, given.text) for s in heard) < _OTHER_REASON:
        yield Difference(
            said=f"The reason I heard at the meeting was: {words.quoted(heard[0].text)}.",
            quote=given.quote,
            finding_id=denial.id,
        )
