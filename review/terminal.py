"""The review in the terminal: each finding with its quote, time and neighbours, and one key for each thing to do.

Works with piped input: one answer a line; the end of the input is "stop here".
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.text import Text

from casefile.errors import CaseError
from casefile.records import Finding, Kind, Reviewed, Transcript
from review import plain
from review.changes import KINDS, Change, Marked
from review.desk import Desk
from review.sound import Player

Ask = Callable[[str], str]  # shows a question, gives the answer; EOFError at the end of the input
LEAD_S = 1.0  # play from a little before the words

HELP = """k keep    m mend    d leave out    p play    s stop sound
n next    b back    u undo         a add one that was missed
x show the doubtful ones too       t text around it, more
q stop here and go on later        ? this list"""


class TerminalReview:
    """One review at the terminal."""

    def __init__(self, desk: Desk, *, console: Console, ask: Ask, player: Player | None) -> None:
        self.desk, self.console, self.ask, self.player = desk, console, ask, player
        self.doubtful = False
        self.around = 1
        self.at = 0

    def run(self) -> None:
        """Go through the findings until all are decided or the person stops."""
        self._greet()
        self.at = self._first_open()
        try:
            while True:
                shown = self._shown()
                if not shown:
                    self.console.print("Nothing was found in this meeting. Press a to add something, q to stop.")
                elif self.at >= len(shown):
                    self.console.print("\nThat was the last one.")
                else:
                    self._show(shown[self.at], len(shown))
                if not self._step(shown):
                    break
        except (EOFError, KeyboardInterrupt):
            self.console.print()
        finally:
            if self.player:
                self.player.stop()
        self._farewell()

    # --- one step ----------------------------------------------------------------------------

    def _step(self, shown: tuple[Reviewed, ...]) -> bool:
        """Ask what to do and do it; False to stop."""
        answer = self.ask("keep, mend, drop, play, next, ? for all > ").strip()
        current = shown[self.at].finding if self.at < len(shown) else None
        try:
            return self._do(answer[:1].lower() or ("n" if current else "q"), current)
        except CaseError as error:
            self.console.print(f"{error.what}\n{error.next_step}", style="bold", markup=False)
            return True

    def _do(self, key: str, current: Finding | None) -> bool:
        if key == "q":
            return False
        if key in "kdmpt" and current is None:
            self.console.print("There is no finding here. Press b to go back.")
        elif key == "k" and current:
            self.desk.keep(current.id)
            self.at += 1
        elif key == "d" and current:
            self.desk.drop(current.id)
            self.at += 1
        elif key == "m" and current:
            self._mend(current)
        elif key == "p" and current:
            self._play(current)
        elif key == "s" and self.player:
            self.player.stop()
        elif key == "t":
            self.around += 2
        elif key == "n":
            self.at = min(self.at + 1, len(self._shown()))
        elif key == "b":
            self.at = max(0, self.at - 1)
        elif key == "u":
            self._undo()
        elif key == "a":
            self._add()
        elif key == "x":
            self.doubtful = not self.doubtful
            self.at = min(self.at, len(self._shown()))
        else:
            self.console.print(HELP, markup=False)
        if key in "kdnb":
            self.around = 1
        return True

    def _mend(self, finding: Finding) -> None:
        self.console.print("Press Enter to leave a line as it is; a single - empties it.")
        kind = self._choose_kind(finding.kind)
        owner = self._line("Who", finding.owner or "")
        action = self._line("What", finding.action)
        due_on = self._day(finding)
        condition = self._line("Only if", finding.condition or "")
        self.desk.mend(finding.id, Change(kind=kind, owner=owner, action=action, due_on=due_on, condition=condition))
        self.console.print("Kept as changed.")
        self.at += 1

    def _add(self) -> None:
        transcript = self.desk.transcript()
        if transcript is None:
            self.console.print("There is no transcript yet.")
            return
        words = self.ask("Some of the words said, as in the transcript > ").strip()
        places = [i for i, t in enumerate(transcript.turns) if words and words.lower() in t.text.lower()]
        if not places:
            self.console.print("These words are not in the transcript. Try fewer of them.")
            return
        for number, place in enumerate(places[:9], 1):
            self.console.print(f" {number}  {self._turn_line(transcript, place)}", markup=False)
        place = places[self._number("Which line", len(places[:9])) - 1]
        kind = self._choose_kind("commitment")
        action = self.ask("What it is, in your words > ").strip()
        length = len(transcript.turns[place].text)
        marked = Marked(first_turn=place, first_char=0, last_turn=place, last_char=length)
        made = self.desk.add(marked, kind=kind, action=action)
        self.console.print(f"Added: {plain.in_words(made)}", markup=False)

    def _play(self, finding: Finding) -> None:
        if finding.start_s is None or finding.end_s is None:
            self.console.print("This transcript has no times, so there is nothing to play.")
        elif self.player is None:
            self.console.print(
                f"No player was found here. Open the recording in any player and go to {plain.clock(finding.start_s)}."
            )
        else:
            self.player.play(max(0.0, finding.start_s - LEAD_S), finding.end_s + LEAD_S)
            self.desk.note_heard(finding.id)

    def _undo(self) -> None:
        undone = self.desk.undo()
        if undone is None:
            self.console.print("There is nothing to take back.")
            return
        self.console.print("Taken back.")
        for place, reviewed in enumerate(self._shown()):
            if reviewed.finding.id in undone.finding_ids:
                self.at = place
                return

    # --- asking ------------------------------------------------------------------------------

    def _line(self, label: str, old: str) -> str | None:
        answer = self.ask(f"{label} [{old}] > ").strip()
        return None if not answer else "" if answer == "-" else answer

    def _choose_kind(self, old: Kind) -> Kind:
        listed = ", ".join(f"{n} {plain.KIND_WORDS[k]}" for n, k in enumerate(KINDS, 1))
        answer = self.ask(f"Kind: {listed} [{plain.KIND_WORDS[old]}] > ").strip()
        return KINDS[int(answer) - 1] if answer in ("1", "2", "3", "4", "5") else old

    def _day(self, finding: Finding) -> date | str | None:
        readings = finding.due.candidates if finding.due else ()
        for number, reading in enumerate(readings, 1):
            self.console.print(f" {number}  {plain.day(reading)}")
        while True:
            answer = self.ask(f"Day (number or YYYY-MM-DD) [{plain.due_words(finding.due)}] > ").strip()
            if not answer:
                return None
            if answer == "-":
                return ""
            if answer.isdigit() and 1 <= int(answer) <= len(readings):
                return readings[int(answer) - 1]
            try:
                return date.fromisoformat(answer)
            except ValueError:
                self.console.print("Write the day as 2026-03-13.")

    def _number(self, label: str, most: int) -> int:
        while most > 1:
            answer = self.ask(f"{label} (1 to {most}) > ").strip()
            if answer.isdigit() and 1 <= int(answer) <= most:
                return int(answer)
        return 1

    # --- showing -----------------------------------------------------------------------------

    def _shown(self) -> tuple[Reviewed, ...]:
        everything = self.desk.case().findings
        return tuple(
            r
            for r in everything
            if self.doubtful or r.verdict != "open" or not (r.finding.doubtful or r.finding.status != "active")
        )

    def _first_open(self) -> int:
        return next((i for i, r in enumerate(self._shown()) if r.verdict == "open"), 0)

    def _show(self, reviewed: Reviewed, total: int) -> None:
        finding, transcript = reviewed.finding, self.desk.transcript()
        body = Text()
        if transcript:
            for place in _neighbours(finding, len(transcript.turns), self.around):
                anchor = place in finding.anchors
                line = self._turn_line(transcript, place)
                body.append(f"{'>' if anchor else ' '} {line}\n", style="bold" if anchor else "dim")
        else:
            body.append(f"> {finding.quote}\n", style="bold")
        for label, value in _facts(finding):
            body.append(f"\n{label:9}", style="dim")
            body.append(value)
        state = plain.VERDICT_WORDS[reviewed.verdict]
        title = f"{self.at + 1} of {total}  {escape(plain.in_words(finding))}"
        self.console.print(Panel(body, title=title, title_align="left", subtitle=state or None))

    def _turn_line(self, transcript: Transcript, place: int) -> str:
        turn = transcript.turns[place]
        when = plain.clock(turn.start_s)
        return f"{when + ' ' if when else ''}{turn.speaker or 'Somebody'}: {turn.text}"

    def _greet(self) -> None:
        case = self.desk.case()
        hidden = sum(r.verdict == "open" and r.finding.doubtful for r in case.findings)
        self.console.print(f"{plain.counted(case.findings)}.")
        if case.rough:
            self.console.print("The words are a rough guess: listen before you keep anything.")
        if hidden:
            self.console.print(f"{hidden} doubtful ones are folded away; press x to see them.")

    def _farewell(self) -> None:
        self.console.print(f"{plain.counted(self.desk.case().findings)}. Everything you decided is kept.")
        self.console.print("Go on later with the same command.")


def _facts(finding: Finding) -> tuple[tuple[str, str], ...]:
    found = (
        ("When", plain.due_words(finding.due)),
        ("Only if", finding.condition or ""),
        ("Later", plain.status_words(finding)),
        ("Unsure", "; ".join(dict.fromkeys(s.doubt for s in finding.said if s.doubt))),
    )
    return tuple((label, value) for label, value in found if value)


def _neighbours(finding: Finding, turns: int, around: int) -> tuple[int, ...]:
    """The turns to show: those of the finding and `around` more on both sides of each."""
    own = set(finding.turns) | set(finding.anchors)
    shown = {p for t in own for p in range(t - around, t + around + 1) if 0 <= p < turns}
    return tuple(sorted(shown))
