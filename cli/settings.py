"""Settings: the environment and one folder of our own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from casefile.errors import StoreError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment says."""

    home: Path  # where cases, models and settings live (ONRECORD_HOME)
    model: str | None  # name or path of the speech model (ONRECORD_MODEL)
    offline: bool  # no network at all (ONRECORD_OFFLINE=1)
    shared: Path  # test material (ONRECORD_SHARED)

    @property
    def cases(self) -> Path:
        """The folder of the case folders."""
        return self.home / "cases"

    @property
    def models(self) -> Path:
        """The folder of the fetched speech models."""
        return self.home / "models"


def load() -> Settings:
    """Return the settings of this run."""
    home = os.environ.get("ONRECORD_HOME")
    return Settings(
        home=Path(home).expanduser() if home else _own_folder(),
        model=os.environ.get("ONRECORD_MODEL") or None,
        offline=os.environ.get("ONRECORD_OFFLINE", "") not in ("", "0"),
        shared=Path(os.environ.get("ONRECORD_SHARED", "../shared")),
    )


def case_folder(case: Path | None) -> Path:
    """Return the case folder asked for, or the one last worked on; raises StoreError where there is none."""
    if case is not None:
        return case.expanduser()
    cases = load().cases
    known = sorted(cases.glob("*/case.db"), key=lambda p: p.stat().st_mtime) if cases.is_dir() else []
    if not known:
        raise StoreError("There is no case yet.", next_step="Start one with `onrecord run RECORDING`.")
    return known[-1].parent


def _own_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("onrecord", appauthor=False))
