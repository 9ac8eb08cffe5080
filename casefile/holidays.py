"""Feasts whose day moves with the moon and that families name at meetings: Eid, Rosh Hashanah, Diwali, Lunar New Year.

Their dates come from the `holidays` library, from a country where the feast is a public holiday. Islamic dates of years
to come are estimates; the library says so and so does `estimated`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache


@dataclass(frozen=True, slots=True, kw_only=True)
class _Feast:
    country: str
    language: str
    names: tuple[str, ...]  # how the library's names of the day begin
    estimated: bool = False


FEASTS: dict[str, _Feast] = {
    "eid al-fitr": _Feast(names=("Eid al-Fitr (", "Eid al-Fitr"), country="TR", language="en_US", estimated=True),
    "eid al-adha": _Feast(names=("Eid al-Adha",), country="TR", language="en_US", estimated=True),
    "islamic new year": _Feast(names=("Islamic New Year",), country="AE", language="en_US", estimated=True),
    "rosh hashanah": _Feast(names=("Rosh Hashanah",), country="IL", language="en_US"),
    "yom kippur": _Feast(names=("Yom Kippur",), country="IL", language="en_US"),
    "sukkot": _Feast(names=("Sukkot",), country="IL", language="en_US"),
    "passover": _Feast(names=("Pesach",), country="IL", language="en_US"),
    "purim": _Feast(names=("Purim",), country="IL", language="en_US"),
    "hanukkah": _Feast(names=("Hanukkah",), country="IL", language="en_US"),
    "lunar new year": _Feast(names=("Chinese New Year (",), country="CN", language="en_US"),
    "diwali": _Feast(names=("Diwali",), country="IN", language="en_IN"),
    "holi": _Feast(names=("Holi",), country="IN", language="en_IN"),
}


@lru_cache(maxsize=128)
def feast_days(name: str, year: int) -> tuple[date, ...]:
    """Return the first day of a feast in a year of the common calendar; two for some lunar feasts, none if unknown.

    `name` is a key of FEASTS.
    """
    import holidays

    feast = FEASTS[name]
    known = holidays.country_holidays(feast.country, years=year, language=feast.language, categories=_categories(feast))
    days = sorted(d for d, said in known.items() if any(p.strip().startswith(feast.names) for p in said.split(";")))
    firsts = [d for k, d in enumerate(days) if k == 0 or (d - days[k - 1]).days > 9]
    return tuple(d for d in firsts if d.year == year)


def _categories(feast: _Feast) -> tuple[str, ...]:
    return ("public", "optional", "school") if feast.country == "IL" else ("public",)
