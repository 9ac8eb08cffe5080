"""Days known by name: federal and Missouri holidays, days everybody knows, and what the school's calendar names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from casefile.holidays import feast_days
from extract.dates.cursor import Said, year
from extract.dates.values import Hit, make, one_day, plus, stretch
from extract.dates.words import words


def _nth(month: int, weekday: int, n: int) -> Callable[[int], date | None]:
    def on(y: int) -> date | None:
        if n > 0:
            first = date(y, month, 1)
            return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))
        last = date(y + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        return last - timedelta(days=(last.weekday() - weekday) % 7)

    return on


def _fixed(month: int, day: int) -> Callable[[int], date | None]:
    return lambda y: make(y, month, day)


def easter(y: int) -> date:
    """Return Easter Sunday of the year (Gregorian; Meeus, Jones and Butcher)."""
    a, b, c = y % 19, y // 100, y % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(y, month, day + 1)


def _easter(days: int) -> Callable[[int], date | None]:
    return lambda y: plus(easter(y), days)


_thanksgiving = _nth(11, 3, 4)


def _after_thanksgiving(days: int) -> Callable[[int], date | None]:
    def on(y: int) -> date | None:
        day = _thanksgiving(y)
        return plus(day, days) if day else None

    return on


DAYS: dict[str, Callable[[int], date | None]] = {
    "new year's day": _fixed(1, 1), "new years day": _fixed(1, 1), "new years": _fixed(1, 1),
    "new year's": _fixed(1, 1), "yuandan": _fixed(1, 1), "the first of the year": _fixed(1, 1),
    "first of the year": _fixed(1, 1), "the new year": _fixed(1, 1),
    "martin luther king day": _nth(1, 0, 3), "martin luther king's day": _nth(1, 0, 3),
    "martin luther kings day": _nth(1, 0, 3), "martin luther king jr day": _nth(1, 0, 3),
    "martin luther king junior day": _nth(1, 0, 3), "martin luther king": _nth(1, 0, 3),
    "mlk day": _nth(1, 0, 3), "mlk": _nth(1, 0, 3), "mlk jr day": _nth(1, 0, 3), "m l k day": _nth(1, 0, 3),
    "king day": _nth(1, 0, 3),
    "groundhog day": _fixed(2, 2), "ground hog day": _fixed(2, 2), "lincoln's birthday": _fixed(2, 12),
    "lincolns birthday": _fixed(2, 12),
    "valentine's day": _fixed(2, 14), "valentines day": _fixed(2, 14), "valentine day": _fixed(2, 14),
    "valentine's": _fixed(2, 14), "valentines": _fixed(2, 14),
    "presidents day": _nth(2, 0, 3), "president's day": _nth(2, 0, 3), "presidents' day": _nth(2, 0, 3),
    "president day": _nth(2, 0, 3), "washington's birthday": _nth(2, 0, 3),
    "daisy gatson bates day": _nth(2, 0, 3),
    "leap day": _fixed(2, 29), "saint patrick's day": _fixed(3, 17), "st patrick's day": _fixed(3, 17),
    "st patricks day": _fixed(3, 17), "saint patricks day": _fixed(3, 17), "st paddy's day": _fixed(3, 17),
    "pi day": _fixed(3, 14), "april fools": _fixed(4, 1), "april fools day": _fixed(4, 1),
    "april fool's day": _fixed(4, 1), "april fool's": _fixed(4, 1), "earth day": _fixed(4, 22),
    "tax day": _fixed(4, 15),
    "ash wednesday": _easter(-46), "mardi gras": _easter(-47), "fat tuesday": _easter(-47),
    "palm sunday": _easter(-7), "maundy thursday": _easter(-3), "good friday": _easter(-2),
    "easter": _easter(0), "easter sunday": _easter(0), "easter day": _easter(0), "easter monday": _easter(1),
    "easter mon": _easter(1), "pentecost": _easter(49), "ascension day": _easter(39),
    "may day": _fixed(5, 1), "int'l workers day": _fixed(5, 1), "international workers day": _fixed(5, 1),
    "truman day": _fixed(5, 8), "cinco de mayo": _fixed(5, 5), "cinco di mayo": _fixed(5, 5),
    "mother's day": _nth(5, 6, 2), "mothers day": _nth(5, 6, 2), "mothers' day": _nth(5, 6, 2),
    "memorial day": _nth(5, 0, -1), "decoration day": _nth(5, 0, -1), "flag day": _fixed(6, 14),
    "juneteenth": _fixed(6, 19), "father's day": _nth(6, 6, 3), "fathers day": _nth(6, 6, 3),
    "fathers' day": _nth(6, 6, 3), "independence day": _fixed(7, 4), "4th of july": _fixed(7, 4),
    "the 4th of july": _fixed(7, 4),
    "july fourth": _fixed(7, 4), "boss's day": _fixed(10, 16), "bosses day": _fixed(10, 16),
    "arbor day": _nth(4, 4, -1), "constitution day": _fixed(9, 17), "armed forces day": _nth(5, 5, 3),
    "fourth of july": _fixed(7, 4),
    "the fourth of july": _fixed(7, 4), "labor day": _nth(9, 0, 1), "labour day": _nth(9, 0, 1),
    "patriot day": _fixed(9, 11), "grandparents day": lambda y: plus(_nth(9, 0, 1)(y) or date(y, 9, 1), 6),
    "columbus day": _nth(10, 0, 2), "indigenous peoples day": _nth(10, 0, 2),
    "indigenous people's day": _nth(10, 0, 2), "halloween": _fixed(10, 31), "hallowe'en": _fixed(10, 31),
    "halloween day": _fixed(10, 31), "all saints day": _fixed(11, 1), "all saints' day": _fixed(11, 1),
    "all souls day": _fixed(11, 2), "day of the dead": _fixed(11, 2), "guy fawkes day": _fixed(11, 5),
    "election day": lambda y: plus(_nth(11, 0, 1)(y) or date(y, 11, 1), 1),
    "veterans day": _fixed(11, 11), "veteran's day": _fixed(11, 11), "veterans' day": _fixed(11, 11),
    "veteran day": _fixed(11, 11), "thanksgiving": _thanksgiving, "thanksgiving day": _thanksgiving,
    "thanks giving day": _thanksgiving, "thanks giving": _thanksgiving, "turkey day": _thanksgiving,
    "black friday": _after_thanksgiving(1), "cyber monday": _after_thanksgiving(4),
    "giving tuesday": _after_thanksgiving(5), "saint nicholas day": _fixed(12, 6),
    "christmas eve": _fixed(12, 24), "xmas eve": _fixed(12, 24), "christmas": _fixed(12, 25),
    "christmas day": _fixed(12, 25), "xmas": _fixed(12, 25), "xmas day": _fixed(12, 25), "x mas": _fixed(12, 25),
    "boxing day": _fixed(12, 26), "kwanzaa": _fixed(12, 26), "new year's eve": _fixed(12, 31),
    "new years eve": _fixed(12, 31), "new year eve": _fixed(12, 31), "new year day": _fixed(1, 1),
    "women's day": _fixed(3, 8), "international women's day": _fixed(3, 8), "teacher's day": _fixed(10, 5),
    "super bowl sunday": _nth(2, 6, 2),
}  # fmt: skip
_FEASTS = {
    "eid": "eid al-fitr", "eid al fitr": "eid al-fitr", "eid ul fitr": "eid al-fitr", "eid al adha": "eid al-adha",
    "eid ul adha": "eid al-adha", "islamic new year": "islamic new year", "hijri new year": "islamic new year",
    "rosh hashanah": "rosh hashanah", "rosh hashana": "rosh hashanah", "yom kippur": "yom kippur",
    "sukkot": "sukkot", "passover": "passover", "purim": "purim", "hanukkah": "hanukkah", "chanukah": "hanukkah",
    "hannukah": "hanukkah", "lunar new year": "lunar new year", "chinese new year": "lunar new year",
    "diwali": "diwali", "deepavali": "diwali", "holi": "holi",
}  # fmt: skip


def _feast(key: str) -> Callable[[int], date | None]:
    return lambda y: next(iter(feast_days(key, y)), None)


DAYS.update({name: _feast(key) for name, key in _FEASTS.items()})
_BY_FIRST: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _name in DAYS:
    _BY_FIRST.setdefault(_name.split()[0], []).append((tuple(_name.split()), _name))
for _list in _BY_FIRST.values():
    _list.sort(key=lambda pair: -len(pair[0]))

FIRST_WORDS = frozenset(_BY_FIRST)
_BREAKS = words("winter spring fall autumn christmas thanksgiving holiday summer easter semester")


def _match(said: Said, i: int, parts: tuple[str, ...]) -> int | None:
    """Return the index after `parts` at `i`; full stops and apostrophes between them are passed over."""
    j = i
    for part in parts:
        if j > i and said.word(j) in (".", "'", "’", "-"):
            j += 1
        if said.word(j) != part:
            return None
        j += 1
    return j


def holiday(said: Said, i: int) -> Hit | None:
    """Read a holiday with what says which: "Labor Day", "next Easter", "MLK day 2027", "Thanksgiving of next year"."""
    j = said.skip(i, ("the",)) if said.word(i + 1) not in ("first", "new", "fourth", "4th") else i
    step = said.word(j) if said.word(j) in ("next", "last", "this", "previous", "past", "coming", "upcoming") else ""
    of_year = bool(step) and said.word(j + 1) == "year's"
    j += 2 if of_year else 1 if step else 0
    found = _longest_name(said, j)
    if found is None:
        return None
    end, name = found
    if name in ("valentines", "mlk", "the new year", "may day", "king day") and not _sure(said, j, end, name):
        return None
    if said.word(end) in ("break", "vacation", "party", "holidays", "holiday", "recess", "program", "concert", "tree"):
        return None if said.word(end) in ("party", "program", "concert", "tree") else _break(said, i)
    if of_year:
        move = {"next": 1, "last": -1, "previous": -1, "past": -1}.get(step, 0)
        return end, one_day(DAYS[name](said.reference.year + move), why=f"holiday {name}")
    return _which_year(said, end, name, step)


def _longest_name(said: Said, j: int) -> tuple[int, str] | None:
    for parts, name in _BY_FIRST.get(said.word(j), ()):
        end = _match(said, j, parts)
        if end is not None:
            return end, name
    return None


def _sure(said: Said, j: int, end: int, name: str) -> bool:
    prev = said.word(j - 1)
    if name == "may day":
        return said.at(j).capital or prev in ("on", "by", "for")
    return prev in ("by", "before", "after", "on", "until", "till", "the")


def _which_year(said: Said, end: int, name: str, step: str) -> Hit | None:
    on, ref = DAYS[name], said.reference
    k = said.skip(end, (",",))
    k = said.skip(k, ("of", "in"))
    got = year(said, k)
    if got is not None and 1 <= got[1] <= 9990:
        return got[0], one_day(on(got[1]), why=f"holiday {name}")
    moves = {"next": 1, "last": -1, "this": 0, "previous": -1}
    if said.word(k) in moves and said.word(k + 1) == "year":
        y = ref.year + moves[said.word(k)]
        return k + 2, one_day(on(y), why=f"holiday {name}")
    if step in ("last", "previous", "past"):
        past = [d for y in (ref.year, ref.year - 1) if (d := on(y)) is not None and d < ref]
        return end, one_day(past[0] if past else None, why=f"holiday {name}")
    counted = _counted_from(said, end, on)
    if counted is not None:
        return counted
    day = next((d for y in range(ref.year, ref.year + 9) if (d := on(y)) is not None and d >= ref), None)
    if day is None:
        return None
    if said.word(end) == "weekend":
        from extract.dates.periods import weekend_of

        late = year(said, end + 1)
        late_day = on(late[1]) if late is not None else None
        if late is not None and late_day is not None:
            return late[0], stretch(*weekend_of(late_day), "weekend", f"weekend of {name}")
        return end + 1, stretch(*weekend_of(day), "weekend", f"weekend of {name}")
    return end, one_day(day, why=f"holiday {name}")


def _counted_from(said: Said, end: int, on: Callable[[int], date | None]) -> Hit | None:
    """Read "Thanksgiving in three years", "Easter two years ago": the first such day from then on."""
    from extract.dates.offsets import offset

    if said.word(end) not in ("in", "one", "two", "three", "a") and said.at(end).kind != "number":
        return None
    hit = offset(said, end, lambda *_: None)
    if hit is None or hit[1].kind != "day" or hit[1].first is None:
        return None
    start = hit[1].first
    day = next((d for y in (start.year, start.year + 1) if (d := on(y)) is not None and d >= start), None)
    return (hit[0], one_day(day, why="holiday counted")) if day is not None else None


def _break(said: Said, i: int) -> Hit | None:
    """Read a school break the calendar does not name: a stretch nobody can place, but for Thanksgiving's."""
    j = said.skip(i, ("the", "next", "this"))
    if said.word(j) not in _BREAKS or said.word(j + 1) not in ("break", "vacation", "recess", "holiday", "holidays"):
        return None
    if said.word(j) == "thanksgiving":
        ref = said.reference
        day = next(d for y in (ref.year, ref.year + 1) if (d := _thanksgiving(y)) is not None and d >= ref)
        found = stretch(None, None, "event", "break").but(candidates=(day - timedelta(days=1), day))
        return j + 2, found
    return j + 2, stretch(None, None, "event", "break")


def school_break(said: Said, i: int) -> Hit | None:
    """Read "winter break" and the like where the calendar does not name it."""
    return _break(said, i)
