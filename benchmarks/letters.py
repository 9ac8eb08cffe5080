"""How long the letters of a meeting of sixty findings take: all drafts, and all in every form.

python benchmarks/letters.py
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from letter_cases import TODAY, sixty

from draft import draft_letters
from draft.forms import FORMS, write_letter

DRAFTS_S, PDFS_S = 1.0, 3.0  # the bars


def took(work: Callable[[], object]) -> float:
    """Return the seconds of this process that work took: what else the machine does is not counted."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Print the seconds of each step, the first time in this process and again; leave with 1 over a bar."""
    case = sixty()
    drafts = [took(lambda: draft_letters(case, today=TODAY)) for _ in range(3)]
    letters = draft_letters(case, today=TODAY)
    print(f"{len(case.findings)} findings, {len(letters)} letters")
    print(f"drafting all        {drafts[0]:.2f} s first, {min(drafts):.2f} s again   (bar {DRAFTS_S} s)")
    seconds = {suffix: took(lambda form=form: [form(x) for x in letters]) for suffix, form in FORMS.items()}
    for suffix, spent in seconds.items():
        print(f"all as {suffix:<12} {spent:.2f} s{f'   (bar {PDFS_S} s)' if suffix == '.pdf' else ''}")
    with tempfile.TemporaryDirectory() as folder:
        written = took(lambda: [write_letter(x, Path(folder)) for x in letters])
    print(f"writing all forms   {written:.2f} s")
    if drafts[0] > DRAFTS_S or seconds[".pdf"] > PDFS_S:
        sys.exit(1)


if __name__ == "__main__":
    main()
