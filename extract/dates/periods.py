"""Stretches of days: this week, the end of next month, March, the first week of January, the last three days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from extract.dates.cursor import Said, cardinal, unit, year
from extract.dates.days import month_at, weekday_at
from extract.dates.values import Hit, Reading, add_months, monday, month_end, one_day, period, plus, shift, stretch
from extract.dates.words import DOUBTFUL_MONTHS, MONTHS, PREPOSITIONS, SPANS, words

Day = Callable[[Said, int], Hit | None]

_STEP = {
    "this": 0, "current": 0, "the": 0, "next": 1, "following": 1, "coming": 1, "upcoming": 1, "last": -1, "past": -1,
    "previous": -1, "prior": -1, "my": 0, "our": 0, "that": 0,
}  # fmt: skip
_PARTS = {
    "early": "early", "late": "late", "mid": "mid", "middle": "mid", "beginning": "beginning", "start": "beginning",
    "end": "end", "later": "later", "earlier": "earlier", "rest": "rest", "remainder": "rest", "remaining": "rest",
    "close": "end", "ending": "end", "ends": "end",
}  # fmt: skip
_SEASONS = words("spring summer fall autumn winter")


def part_of(said: Said, i: int, day: Day) -> Hit | None:
    """Read a part of a period ("end of next week", "early March", "later this week") or the whole of one."""
    j = said.skip(i, ("the", "very"))
    how = _PARTS.get(said.word(j), "")
    if said.word(j) in ("eom", "eoy", "eow", "bom", "boy") and said.at(j).kind == "word":
        return _short(said, j)
    if not how:
        return whole(said, i, day)
    if how in ("mid", "beginning", "end", "early", "late", "rest") and said.word(j + 1) == "-":
        j += 1
    k = said.skip(j + 1, ("of", "in", "part"))
    k = said.skip(k, ("of", "around"))
    hit = whole(said, k, day, parted=True)
    if hit is None or hit[1].grain in ("day", "event"):
        return None
    if hit[1].first is None or hit[1].last is None:
        return hit[0], hit[1].but(end=how == "end")
    if how in ("end", "beginning", "mid", "rest", "later", "earlier") and hit[1].grain == "span":
        return None
    return hit[0], _cut(said.reference, how, hit[1])


def _short(said: Said, j: int) -> Hit | None:
    word = said.word(j)
    if word == "boy" and not said.tokens[j].text.isupper() and len(said.tokens) > 1:
        return None
    got = period(said.reference, {"m": "month", "y": "year", "w": "week"}[word[-1]])
    if got is None:
        return None
    grain = {"m": "month", "y": "year", "w": "week"}[word[-1]]
    whole_one = stretch(got[0], got[1], grain)  # type: ignore[arg-type]
    return j + 1, _cut(said.reference, "end" if word[0] == "e" else "beginning", whole_one)


def _cut(ref: date, how: str, whole_one: Reading) -> Reading:
    """Return the part of a period that "early", "end of", "rest of" and the like mean."""
    first, last, grain = whole_one.first, whole_one.last, whole_one.grain
    assert first is not None
    assert last is not None
    end = how in ("end",)
    if how == "rest":
        return stretch(max(first, ref), last, grain, "rest")
    if how == "earlier" and first <= ref <= last and grain != "week":
        return stretch(first, ref, grain, "earlier")
    if grain == "week":
        lo, hi = {"early": (0, 2), "beginning": (0, 2), "earlier": (0, 2), "mid": (1, 3), "late": (3, 6),
                  "later": (3, 6), "end": (4, 6)}[how]  # fmt: skip
        return stretch(first + timedelta(days=lo), first + timedelta(days=hi), grain, how).but(end=end)
    if grain == "month":
        cut = {"early": (1, 15), "beginning": (1, 10), "earlier": (1, 15), "mid": (10, 20), "late": (16, 31),
               "later": (16, 31), "end": (21, 31)}[how]  # fmt: skip
        return stretch(first.replace(day=cut[0]), min(last, first.replace(day=min(cut[1], last.day))), grain, how).but(
            end=end
        )
    if grain == "year":
        lo_m, hi_m = {"early": (1, 6), "beginning": (1, 3), "earlier": (1, 6), "mid": (5, 8), "late": (7, 12),
                      "later": (7, 12), "end": (9, 12)}[how]  # fmt: skip
        return stretch(date(first.year, lo_m, 1), month_end(first.year, hi_m), grain, how).but(end=end)
    third = (last - first).days // 3
    if how in ("early", "beginning", "earlier"):
        return stretch(first, first + timedelta(days=third), grain, how)
    if how == "mid":
        return stretch(first + timedelta(days=third), last - timedelta(days=third), grain, how)
    return stretch(last - timedelta(days=third), last, grain, how).but(end=end)


def whole(said: Said, i: int, day: Day, *, parted: bool = False) -> Hit | None:
    """Read a whole period: a named week, a month, a year, "next three weeks", "first week of January"."""
    return (
        _week_of(said, i, day)
        or _nth_of(said, i, day)
        or _counted_units(said, i)
        or _quarter(said, i)
        or _shifted(said, i, parted)
        or _month(said, i, parted)
        or _year_alone(said, i, parted)
    )


def _week_of(said: Said, i: int, day: Day) -> Hit | None:
    """Read "the week of the fifteenth", "the week after next", "the weekend of Thanksgiving"."""
    j = said.skip(i, ("the", "that"))
    name = SPANS.get(said.word(j))
    if name not in ("week", "weekend", "month", "year"):
        return None
    ref = said.reference
    if said.phrase(j + 1, "after", "next"):
        where = shift(monday(ref) if name != "month" else ref.replace(day=1), 2, name)
        got = period(where, name) if where else None
        return (j + 3, stretch(*got, name, "after next")) if got else None  # type: ignore[arg-type]
    k = said.skip(j + 1, ("of", "starting", "beginning", "containing", "ending", "with"))
    if k > j + 1 and name in ("week", "weekend", "month"):
        k = said.skip(k, ("on", "from"))
        if said.at(k).kind == "number" and not said.at(k).spelled and len(said.word(k)) == 4:
            return None
        hit = day(said, k)
        if hit is None and said.word(k) in MONTHS and said.word(k + 1) == ".":
            return None
        if hit is None:
            return None
        if hit[1].first is None:
            return hit[0], stretch(None, None, "week", "week of")
        anchor = hit[1].first
        got = period(anchor, name)
        if name == "weekend":
            return hit[0], stretch(*_weekend_of(anchor), "weekend", "weekend of")
        return (hit[0], stretch(*got, name, "week of")) if got else None  # type: ignore[arg-type]
    if name == "week" and said.word(j + 1) in ("after", "before", "following"):
        sign = -1 if said.word(j + 1) == "before" else 1
        if said.word(j + 2) == "that" and said.before is not None:
            got = period(said.before + timedelta(days=7 * sign), "week")
            return (j + 3, stretch(*got, "week", "week after")) if got else None
        hit = day(said, j + 2)
        if hit is not None:
            if hit[1].first is None:
                return hit[0], stretch(None, None, "week", "week after")
            anchor = hit[1].last if sign > 0 and hit[1].last is not None else hit[1].first
            got = period(anchor + timedelta(days=7 * sign), "week")
            return (hit[0], stretch(*got, "week", "week after")) if got else None
    if name == "week" and said.at(j + 1).kind == "number" and not said.at(j + 1).spelled and said.at(j + 1).value <= 53:
        return _week_number(said, j)
    return None


def _weekend_of(anchor: date) -> tuple[date, date]:
    """Return the weekend a holiday makes: Saturday to Sunday, with a Monday or a Thursday and Friday beside it."""
    w = anchor.weekday()
    if w == 0:
        return anchor - timedelta(days=2), anchor
    if w in (3, 4):
        return anchor, anchor + timedelta(days=6 - w)
    start = monday(anchor) + timedelta(days=5)
    return start, start + timedelta(days=1)


def _week_number(said: Said, j: int) -> Hit | None:
    number = said.at(j + 1).value
    end = j + 2
    y = said.reference.year
    k = said.skip(end, ("of", "in"))
    got = year(said, k)
    if got is not None:
        end, y = got
    elif said.word(k) in ("last", "next", "this") and said.word(k + 1) == "year":
        end, y = k + 2, y + _STEP[said.word(k)]
    if not 1 <= y <= 9990 or number < 1:
        return None
    start = date.fromisocalendar(y, 1, 1) + timedelta(days=7 * (number - 1))
    return end, stretch(start, start + timedelta(days=6), "week", "week number")


def _nth_of(said: Said, i: int, day: Day) -> Hit | None:
    """Read "the first week of January", "last Monday of March", "the third Tuesday", "last day of the month"."""
    j = said.skip(i, ("the",))
    token = said.at(j)
    back = False
    if (token.kind == "ordinal" and token.value <= 5) or (token.kind == "ordinal" and said.word(j + 1) in SPANS):
        n, j = token.value, j + 1
        if said.word(j) == "last":
            back, j = True, j + 1
        j = said.skip(j, ("full",))
    elif token.text == "last":
        n, back, j = 1, True, j + 1
        j = said.skip(j, ("full", "school"))
    else:
        return None
    count = 1
    many = cardinal(said, j)
    if many is not None and SPANS.get(said.word(many[0])) in ("week", "month", "day"):
        j, count = many
    name = SPANS.get(said.word(j))
    week = weekday_at(said, j)
    if week is not None and said.word(j) not in ("sat", "sun"):
        k, w = week
    elif name in ("day", "week", "weekend", "month"):
        k, w = j + 1, -1
    else:
        return None
    of = said.skip(k, ("of", "in", "on"))
    after = said.word(k) in ("after", "following")
    if after and w >= 0:
        base = day(said, k + 1)
        if base is None or base[1].first is None or back:
            return None
        first = base[1].last or base[1].first
        return base[0], one_day(plus(first, (w - first.weekday() - 1) % 7 + 1 + 7 * (n - 1)), why="nth weekday after")
    holder = _holder(said, of, bare=of > k)
    if holder is None:
        if w >= 0 and not back and of == k and said.word(i - 1) not in ("in",) and (said.ends(k)):
            first = said.reference.replace(day=1)
            return k, _nth_weekday(first, month_end(first.year, first.month), w, n, back)
        return None
    end, first, last = holder
    if w >= 0:
        return end, _nth_weekday(first, last, w, n, back)
    return end, _nth_unit(first, last, name or "day", n, back, count)


def _nth_weekday(first: date, last: date, w: int, n: int, back: bool) -> Reading:
    if back:
        day = last - timedelta(days=(last.weekday() - w) % 7 + 7 * (n - 1))
    else:
        day = first + timedelta(days=(w - first.weekday()) % 7 + 7 * (n - 1))
    return one_day(day if first <= day <= last else None, why="nth weekday")


def _nth_unit(first: date, last: date, name: str, n: int, back: bool, count: int) -> Reading:
    """Return the n-th day, week, weekend or month of a stretch, counted from its end if `back`."""
    if name == "day":
        where = last - timedelta(days=n - 1) if back else first + timedelta(days=n - 1)
        if count > 1:
            other = last if back else first + timedelta(days=count - 1)
            return stretch(last - timedelta(days=count - 1) if back else first, other, "span", "days of")
        return one_day(where, why="nth day")
    if name == "month":
        month = add_months(last.replace(day=1), 1 - n * count) if back else add_months(first, n - 1)
        if month is None:
            return stretch(None, None)
        far = add_months(month, count - 1) or month
        return stretch(month, month_end(far.year, far.month), "month", "nth month")
    # the week that holds the fourth day of a month (its Thursday) is its first, as in ISO years
    weekly = name == "week"
    start = monday(first + timedelta(days=3)) if weekly else first + timedelta(days=(5 - first.weekday()) % 7)
    if weekly and (last - first).days < 40:
        start = monday(first) if first.weekday() <= 3 else monday(first) + timedelta(days=7)
    if back:
        end_week = monday(last) if last.weekday() >= 3 or not weekly else monday(last) - timedelta(days=7)
        if (last - first).days < 40 and weekly:
            end_week = monday(last) if last.weekday() >= 3 else monday(last) - timedelta(days=7)
        start = end_week - timedelta(days=7 * (n * count - 1))
        if not weekly:
            start += timedelta(days=5)
    else:
        start += timedelta(days=7 * (n - 1))
    span = 7 * count - 1 if weekly else 1
    return stretch(start, start + timedelta(days=span), "week" if count == 1 else "span", "nth week")


def _holder(said: Said, i: int, *, bare: bool) -> tuple[int, date, date] | None:
    """Return the index after the month or year a part is taken of, and its bounds."""
    j = said.skip(i, ("the", "this"))
    month = month_at(said, j)
    if month is not None and (bare or said.word(j) not in ("may", "march")):
        end, m = month
        got = year(said, said.skip(end, (",", "of")), short=False)
        y = said.reference.year
        if got is not None:
            end, y = got
        elif month_end(y, m) < said.reference:
            y += 1
        return end, date(y, m, 1), month_end(y, m)
    hit = _shifted(said, i, True)
    if hit is not None and hit[1].grain in ("month", "year") and hit[1].first and hit[1].last:
        return hit[0], hit[1].first, hit[1].last
    if bare:
        got = year(said, said.skip(j, ("year",)))
        if got is not None and 1 <= got[1] <= 9990:
            return got[0], date(got[1], 1, 1), date(got[1], 12, 31)
    return None


def _counted_units(said: Said, i: int) -> Hit | None:
    """Read "next three days", "the last two weeks", "the coming three quarters", "two upcoming weeks"."""
    j = said.skip(i, ("the", "over"))
    step = said.word(j)
    if step in ("next", "last", "past", "previous", "coming", "upcoming", "following"):
        many = cardinal(said, j + 1)
        if many is None or (said.word(j + 1) in ("a", "an", "another") and said.word(j + 2) not in ("couple", "few")):
            return None
        measure = unit(said, many[0])
        if measure is None:
            return None
        end, count = measure[0], many[1]
    else:
        many = cardinal(said, j)
        if many is None or said.word(many[0]) not in ("next", "upcoming", "coming"):
            return None
        step = said.word(many[0])
        measure = unit(said, many[0] + 1)
        if measure is None:
            return None
        end, count = measure[0], many[1]
    name, kind = measure[1], measure[2]
    if kind in ("school", "business") or count > 1000:
        return end, Reading("duration", None, None, (), "span", "counted days", (count, kind or name))
    if step == "upcoming" and name == "day":
        return end, one_day(shift(said.reference, count, name), why="upcoming")
    if step in ("last", "past", "previous"):
        first = shift(said.reference, -count, name)
        return end, stretch(first, plus(said.reference, -1), "span", "last so many")
    first = plus(said.reference, 1)
    return end, stretch(first, shift(said.reference, count, name), "span", "next so many")


def _quarter(said: Said, i: int) -> Hit | None:
    """Read quarters and halves of the calendar year: "Q3", "third quarter of 2026", "2016 H2"."""
    early = year(said, i) if said.at(i).kind == "number" and not said.at(i).spelled else None
    j = early[0] if early else i
    j = said.skip(j, ("the",))
    word, nxt = said.word(j), said.at(j + 1)
    which = how = 0
    if word in ("q", "h") and nxt.kind == "number" and nxt.glued and 1 <= nxt.value <= (4 if word == "q" else 2):
        which, how, j = nxt.value, 3 if word == "q" else 6, j + 2
    elif said.at(j).kind == "ordinal" and said.at(j).value <= 4:
        k = said.skip(j + 1, ("-",))
        if said.word(k) in ("quarter", "qtr"):
            which, how, j = said.at(j).value, 3, k + 1
            if not early and said.calendar is not None:
                return None
    if not which:
        return None
    y = early[1] if early else None
    if y is None:
        k = said.skip(j, ("of", "in", ","))
        late = year(said, k)
        if late is not None:
            j, y = late
        else:
            k = said.skip(k, ("the",)) if said.word(k + 1) == "year" else k
            if said.word(k) in _STEP and said.word(k + 1) == "year":
                j, y = k + 2, said.reference.year + _STEP[said.word(k)]
            elif said.word(k) == "year" and said.word(k - 1) == "the":
                j, y = k + 1, None
    given = y is not None
    y = y if y is not None else said.reference.year
    if not 1 <= y <= 9990:
        return None
    last = month_end(y, which * how)
    if not given and last < said.reference:
        y += 1
    return j, stretch(date(y, which * how - how + 1, 1), month_end(y, which * how), "quarter", "quarter")


def _shifted(said: Said, i: int, parted: bool) -> Hit | None:
    """Read "this week", "next month", "the weekend", "last year", "the school year"."""
    j = i
    the = said.word(j) == "the"
    if the:
        j += 1
    step = said.word(j)
    if step in _STEP and step != "the":
        j += 1
        if step == "this" and said.word(j) in ("coming", "past", "upcoming"):
            step, j = said.word(j), j + 1
    elif the:
        step = "the"
    else:
        step = ""
    name = SPANS.get(said.word(j))
    if name is None or name == "day" or (said.word(j).endswith("s") and name != "weekend"):
        return _season(said, j, step) if said.word(j) == "season" or said.word(j) in _SEASONS else None
    j += 1
    if not _period_really(said, i, j, step, name, parted):
        return None
    if said.word(j) in ("'s",):
        j += 1
    move = _STEP.get(step, 0)
    if name == "weekend":
        base = monday(said.reference) + timedelta(days=7 * move)
        return j, stretch(base + timedelta(days=5), base + timedelta(days=6), "weekend", "weekend")
    if name == "quarter" and said.calendar is not None:
        return j, stretch(None, None, "event", "grading period")
    base_day = shift(
        said.reference.replace(day=1) if name in ("month", "quarter", "year", "decade") else said.reference, move, name
    )
    if name == "year" and move and base_day is not None:
        base_day = base_day.replace(month=6, day=1)
    got = period(base_day, name) if base_day is not None else None
    if got is None:
        return None
    if name == "year" and said.phrase(j, "to", "date"):
        return j + 2, stretch(got[0], said.reference, "span", "year to date")
    grain = "week" if name == "fortnight" else name
    return j, stretch(*got, grain, f"{step} {name}")  # type: ignore[arg-type]


def _period_really(said: Said, i: int, j: int, step: str, name: str, parted: bool) -> bool:
    """Tell "this week" from "a great week", "the week" from "three hours a week"."""
    prev = said.word(i - 1)
    if prev in ("every", "each", "any", "per"):
        return False
    if step in ("this", "next", "last", "current", "coming", "following", "previous", "past", "upcoming", "prior"):
        return True
    if parted:
        return True
    if name == "weekend":
        return step == "the" or prev in ("on", "over") or said.ends(j)
    if step in ("the", "my", "our", "that"):
        return len(said.tokens) <= 3
    return False


def _season(said: Said, j: int, step: str) -> Hit | None:
    """Read a season as a stretch whose days the words do not fix: "this summer", "in the spring"."""
    word = said.word(j)
    if word == "season":
        return None
    prev = said.word(j - 1)
    if (
        step in ("this", "next", "last", "coming")
        or (
            prev in ("the", "in", "of", "by")
            and said.word(j - 2)
            in ("in", "by", "of", "this", "during", "over", "until", "for", "before", "after", "the")
            and word != "fall"
        )
        or (word == "fall" and step == "the" and said.word(j - 2) in ("in", "this", "until", "by"))
    ):
        if said.word(j + 1) in (
            "break",
            "party",
            "festival",
            "concert",
            "semester",
            "program",
            "school",
            "conferences",
        ):
            return None
        return j + 1, stretch(None, None, "season", "season")
    got = year(said, said.skip(j + 1, ("of",)))
    if got is not None:
        return got[0], stretch(None, None, "season", "season")
    return None


def _month(said: Said, i: int, parted: bool) -> Hit | None:
    """Read a month: "March", "June of 1992", "next April", "the month of May"."""
    early = None
    j = i
    if said.at(j).date is not None and said.at(j).date[2] is None:  # type: ignore[index]
        y, m, _ = said.at(j).date  # type: ignore[misc]
        if y is not None and 1 <= y <= 9990:
            return j + 1, stretch(date(y, m, 1), month_end(y, m), "month", "month")
    if said.at(j).kind == "number":
        early = year(said, j)
        if early is None:
            return None
        j = said.skip(early[0], (",", "-", "/"))
    the = said.skip(j, ("the", "this", "next", "last", "past", "coming", "previous"))
    step = said.word(j) if the > j else ""
    j = the
    if said.phrase(j, "month", "of"):
        j, step = j + 2, step or "the"
    month = month_at(said, j)
    if month is None:
        return None
    end, m = month
    glued = said.word(j - 1)
    late = None
    if early is None:
        k = said.skip(end, (",", "-", "/", "'", "’"))
        k = said.skip(k, ("of", "in"))
        late = year(said, k, short=said.at(k).kind == "number" and not said.at(k).spelled and said.ends(k + 1))
    if late is None and early is None and not parted and not step and not _month_alone(said, i, j, end):
        return None
    ref = said.reference
    if early is not None or late is not None:
        y = early[1] if early is not None else late[1]  # type: ignore[index]
        end = late[0] if late is not None else end
    elif said.phrase(end, "after", "next"):
        y, end = ref.year + (0 if m > ref.month else 1) + 1, end + 2
    elif said.word(end) in ("next", "last", "this") and said.word(end + 1) == "year":
        y, end = ref.year + _STEP[said.word(end)], end + 2
    elif said.phrase(end, "of", "next", "year"):
        y, end = ref.year + 1, end + 3
    elif step in ("last", "past", "previous"):
        y = ref.year if m < ref.month else ref.year - 1
    elif step == "this":
        y = ref.year
    elif step == "next":
        y = ref.year if m > ref.month else ref.year + 1
    else:
        y = ref.year if m >= ref.month else ref.year + 1
    del glued
    if not 1 <= y <= 9990:
        return None
    yearless = early is None and late is None
    return end, stretch(date(y, m, 1), month_end(y, m), "month", "month").but(yearless=yearless)


def _month_alone(said: Said, i: int, j: int, end: int) -> bool:
    """Tell the month from "may", "march", or a person's name."""
    token, prev, nxt = said.at(j), said.word(i - 1), said.at(end)
    if token.text not in DOUBTFUL_MONTHS:
        return prev not in ("ms", "mrs", "mr", "miss", "aunt")
    if prev in (".",) and said.word(i - 2) in ("ms", "mrs", "mr", "dr"):
        return False
    if len(said.tokens) == 1:
        return True
    if nxt.text in (
        "will",
        "is",
        "has",
        "was",
        "can",
        "said",
        "would",
        "and",
        "have",
        "had",
        "be",
        "'s",
    ) and prev not in ("in", "of", "by", "until", "since", "through", "next", "during"):
        return False
    if token.text in ("may", "march") and prev in ("to",):
        return False
    if token.text == "may" and not (
        prev in PREPOSITIONS and prev not in ("this", "that", "or", "and", "than", "to", "every", "the", "come", "next")
    ):
        return prev in ("-", "–", "to") and said.word(i - 2) in MONTHS
    if (
        prev in PREPOSITIONS
        and prev not in ("and", "or", "to", "the", "come", "around", "about", "than")
        and nxt.text not in ("i", "we", "you", "he", "she", "they")
    ):
        return not (
            token.text in ("april", "june", "august", "jan")
            and prev in ("for", "from", "between")
            and not (said.ends(end) or nxt.text in ("to", "through", "until", "-", "and", "till"))
        )
    if prev in ("-", "–", "to", "and", "or", "through") and said.word(i - 2) in MONTHS:
        return True
    if said.ends(end) and token.text not in ("may", "march", "jan", "dec", "mar", "sep", "jun"):
        return prev not in ("mr", "ms", "mrs", "miss", "with", ".", "named", "name") and not (
            token.capital and said.at(i - 1).capital
        )
    return token.text in ("june", "august", "april", "jan", "dec", "sept", "sep") and nxt.text in ("-", "to", "through")


def _year_alone(said: Said, i: int, parted: bool) -> Hit | None:
    """Read a year by itself where a word before it asks for one: "in 2027", "after twenty twenty six"."""
    prev = said.word(i - 1)
    j = i
    named = False
    if said.word(j) == "the" and said.word(j + 1) == "year":
        j += 1
    if said.word(j) == "year" and said.at(j + 1).kind == "number":
        j, named = j + 1, True
        j = said.skip(j, ("of",))
    decade = _decade(said, i)
    if decade is not None:
        return decade
    got = year(said, j)
    if got is None or not 1000 <= got[1] <= 2999:
        return None
    end, y = got
    token = said.at(j)
    nxt = said.at(end)
    if nxt.text in SPANS or nxt.text in ("minutes", "hours", "dollars", "students", "%"):
        return None
    fine = named or parted or prev in (
        "in", "of", "since", "until", "till", "before", "after", "through", "from", "by", "during", "between", "and",
        "or", "to", "than", "late", "early", "mid", "=", "for", "is", "not", "range", "at", "on", "around",
    ) or (token.spelled is False and 1990 <= y <= 2040 and (prev in ("", "-", "–") or said.ends(end)))  # fmt: skip
    if not fine or (
        token.spelled
        and prev not in ("in", "of", "since", "from", "until", "before", "after", "and", "by", "to", "between", "")
    ):
        return None
    if prev in ("and", "or", "to", "at", "for", "is", "by", "on") and token.spelled and not 1950 <= y <= 2050:
        return None
    end = end + 1 if said.word(end) == "ad" else end
    return end, stretch(date(y, 1, 1), date(y, 12, 31), "year", "year")


def _decade(said: Said, i: int) -> Hit | None:
    """Read "the 1990s", "the nineties"."""
    token = said.at(i)
    j = i
    if said.word(i) == "the":
        j, token = i + 1, said.at(i + 1)
    if token.kind != "number" or token.spelled or len(token.text) != 4 or token.value % 10:
        return None
    k = j + 1
    k = said.skip(k, ("'", "’"))
    if said.word(k) == "s" and 1000 <= token.value <= 2990:
        return k + 1, stretch(date(token.value, 1, 1), date(token.value + 9, 12, 31), "decade", "decade")
    return None
