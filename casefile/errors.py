"""What a user can mend.

CaseError
├── RecordingError   the sound file cannot be read as it is
├── ModelError       the speech or language model is missing or unfit
├── StoreError       the case folder cannot be read or written
├── BusyError        another window is at work on the same case
├── SendError        a letter could not be sent
└── LetterError      a letter cannot be drafted as asked (draft/errors.py)

Anything else that is raised is a bug and keeps its traceback.
"""

from __future__ import annotations


class CaseError(Exception):
    """What happened, and what to do next, in two plain sentences; the commands print both and leave with 1."""

    def __init__(self, what: str, *, next_step: str) -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.what}\n{self.next_step}"


class RecordingError(CaseError):
    """The recording cannot be read as it is."""


class ModelError(CaseError):
    """A speech or language model is missing, damaged or does not fit."""


class StoreError(CaseError):
    """The case folder, or a file in it, cannot be read or written."""


class BusyError(CaseError):
    """Another window is at work on the same case."""


class SendError(CaseError):
    """A letter could not be sent; it is still there, ready."""
