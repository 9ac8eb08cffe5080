"""What a district's Notice of Action has, what it leaves out, and where it differs from the meeting."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import docx
import pypdf
import pytest
import typst
from letter_cases import case, finding, reason, refusal, request

from draft.check_notice import NoticeCheck, check_notice, parts
from draft.errors import LetterError
from draft.notice_file import read_notice

FULL = """\
Millbrook School District
NOTICE OF ACTION
Student: Eli Harlow      Date of Birth: 03/04/2019
Date: November 19, 2026
Description of the action proposed or refused: The district refuses to add thirty minutes of speech a week.
Explanation of why the agency proposes or refuses to take the action: Articulation is at seventy percent in sentences
and the team believes that the present minutes let him make progress.
Description of each evaluation procedure, test, record or report used as a basis: Progress monitoring of October 2026
and the speech-language pathologist's data sheets.
Description of any options considered and the reasons why those options were rejected: The team considered fifteen more
minutes, which were rejected because he would miss reading.
Other factors relevant to the action: None.
Parents have protections under the procedural safeguards. A copy was given to the parent on November 12, 2026.
Sources for parents to contact for help: MPACT, 800-743-7634; DESE Compliance, 573-751-0699.
"""
THIN = """\
Notice of Action   11/19/2026
Action proposed or refused: The district refuses to add thirty minutes of speech a week. Parent agreed.
Reason: IEP team decision
Data used: Team discussion
Options considered: None
"""
QUESTIONS = """\
Prior Written Notice
1. What action is the district proposing or refusing?
The district is refusing to add thirty minutes of speech a week.
2. Why is the district refusing this action?
Because the scores of the spring are in the average range for his age.
3. What evaluations, tests, records or reports were used?
The CELF of March 2026.
4. What other options were considered, and why were they rejected?
A consult model was considered and rejected because the teacher sees him daily.
5. Other factors: the school year has just begun.
You have protections under the procedural safeguards of IDEA; ask the office for a copy.
You may contact MPACT at 800-743-7634 for help.
"""


def checked(text: str, *findings: object) -> NoticeCheck:
    return check_notice(tuple(text.splitlines()), case(*findings) if findings else None)  # type: ignore[arg-type]


def states(check: NoticeCheck) -> str:
    return " ".join(f.state for f in check.found)


def test_the_law_has_seven_parts_in_their_order() -> None:
    assert [p.number for p in parts()] == [1, 2, 3, 4, 5, 6, 7]


HEADINGS = """\
NOTICE OF ACTION
Millbrook School District                Date of Notice: 11/19/2026
DESCRIPTION OF ACTION
The IEP team refused the parent request to evaluate for dyslexia.
REASON(S) FOR ACTION
His scores of spring 2026 were in the average range, so the team did not suspect a need for more testing.
OPTIONS CONSIDERED AND REASON(S) REJECTED
A reading screener was considered but rejected because progress monitoring is in place.
EVALUATION PROCEDURES, TESTS, RECORDS OR REPORTS USED
Evaluation report dated April 14, 2026
OTHER RELEVANT FACTORS
N/A
PROCEDURAL SAFEGUARDS
The parent has protection under the procedural safeguards of IDEA. A copy was offered.
SOURCES OF ASSISTANCE
For help in understanding these provisions contact the special education office, 314-555-0100.
"""
LETTER = """\
November 19, 2026
Dear Ms. Harlow,
This letter is to inform you that the district is refusing your request for a dyslexia evaluation for Eli. The team
refused because his scores on the WIAT in April 2026 were in the average range. The team also considered a reading
screener as another option, but it was rejected since progress monitoring is already in place. As a parent you have
protections under the procedural safeguards; a copy is enclosed. No other factors were relevant to this. If you have
questions, contact Ruth Penhallow at 314-555-0100 or MPACT.
"""


@pytest.mark.parametrize("text", [FULL, QUESTIONS, HEADINGS, LETTER], ids=["form", "questions", "headings", "letter"])
def test_a_whole_notice_lacks_nothing(text: str) -> None:
    assert states(checked(text)) == "there there there there there there there"
    assert checked(text).lacking == ()


def test_a_thin_notice_is_told_from_a_whole_one_and_quoted() -> None:
    check = checked(THIN)
    assert states(check) == "there thin thin missing missing thin missing"
    assert [p.number for p in check.lacking] == [2, 3, 4, 5, 6, 7]
    assert [p.quote for p in check.lacking][:2] == ["IEP team decision", "Team discussion"]


@pytest.mark.parametrize("number", range(1, 8))
def test_each_part_that_is_taken_out_is_missed(number: int) -> None:
    lines = FULL.splitlines()
    starts = {1: 4, 2: 5, 3: 7, 6: 9, 7: 11, 4: 12, 5: 13}
    ends = sorted([*starts.values(), len(lines)])
    end = ends[ends.index(starts[number]) + 1]
    check = check_notice([*lines[: starts[number]], *lines[end:]])
    gone = check.found[number - 1]
    assert gone.state != "there"
    assert sum(f.state != "there" for f in check.found) == 1


def test_the_notices_own_date_is_read_and_not_the_childs() -> None:
    assert checked(FULL).dated == date(2026, 11, 19)
    assert checked(THIN).dated == date(2026, 11, 19)
    assert checked(QUESTIONS).dated is None


def test_what_was_refused_and_is_not_in_the_notice_is_told() -> None:
    other = refusal("refused an assistive technology evaluation", id="d2", topic="evaluation", links=())
    (gone,) = checked(FULL, request(), refusal(), other).differences
    assert gone.finding_id == "d2"
    assert "did not agree to an assistive technology evaluation. The notice does not speak of it" in gone.said


def test_other_numbers_than_were_said_are_told() -> None:
    no = refusal("refused to raise reading to 300 minutes a week", links=())
    text = FULL.replace("add thirty minutes of speech a week", "raise reading to 250 minutes a week")
    (other,) = checked(text, no).differences
    assert other.quote == "The district refuses to raise reading to 250 minutes a week."
    assert checked(text.replace("250", "300"), no).differences == ()


def test_a_parent_who_did_not_agree_is_told_that_the_notice_says_so() -> None:
    (said,) = checked(THIN, request(), refusal()).differences
    assert said.quote == "Parent agreed."
    # where the parent did agree to something on the same matter, nothing is claimed
    middle = finding("agreement", "fifteen minutes of speech are added", id="a1")
    assert checked(THIN, request(), refusal(), middle).differences == ()


def test_another_reason_than_was_heard_is_told() -> None:
    heard = refusal(elements=(reason("There is nobody to staff it."),))
    (other,) = checked(FULL, request(), heard).differences
    assert "The reason I heard at the meeting was: “There is nobody to staff it.”" in other.said
    same = refusal(elements=(reason("He makes progress with the present minutes."),))
    assert checked(FULL, request(), same).differences == ()


# --- files -----------------------------------------------------------------------------------


def as_docx(text: str) -> bytes:
    made, out = docx.Document(), io.BytesIO()
    table = made.add_table(rows=0, cols=2)
    for line in text.splitlines():
        head, colon, rest = line.partition(": ")
        if colon:
            row = table.add_row().cells
            row[0].text, row[1].text = f"{head}:", rest
        else:
            table.add_row().cells[0].merge(table.rows[-1].cells[1]).text = line
    made.save(out)
    return out.getvalue()


def as_pdf(tmp_path: Path, text: str) -> bytes:
    source = tmp_path / "notice.typ"
    source.write_text("#set text(size: 10pt)\n" + "\n\n".join(text.replace("#", "").splitlines()), encoding="utf8")
    made = typst.compile(str(source))
    assert isinstance(made, bytes)
    return made


@pytest.mark.parametrize("text", [FULL, THIN, QUESTIONS], ids=["form", "thin", "questions"])
def test_a_notice_says_the_same_as_text_word_and_pdf(tmp_path: Path, text: str) -> None:
    found = []
    for suffix, data in ((".txt", text.encode()), (".docx", as_docx(text)), (".pdf", as_pdf(tmp_path, text))):
        path = tmp_path / f"notice{suffix}"
        path.write_bytes(data)
        found.append(states(check_notice(read_notice(path))))
    assert found[0] == found[1] == found[2]


def locked() -> bytes:
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret")
    writer.write(out)
    return out.getvalue()


def blank() -> bytes:
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("notice.pdf", b"%PDF-1.7 nothing", "damaged"),
        ("notice.pdf", b"", "damaged"),
        ("notice.pdf", locked(), "locked"),
        ("notice.pdf", blank(), "picture of a page"),
        ("notice.docx", b"PK\x03\x04nothing", "damaged"),
        ("notice.docx", b"", "damaged"),
        ("notice.txt", b"\x00\x01\x02" * 99, "not plain text"),
        ("notice.txt", b"short", "no words"),
        ("notice.jpg", b"x", "no .pdf, .docx or .txt"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_the_next_step(
    tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(LetterError, match=told) as caught:
        read_notice(tmp_path / name)
    assert caught.value.next_step


def test_a_folder_and_a_file_that_is_not_there_are_told(tmp_path: Path) -> None:
    from casefile.errors import CaseError

    for path in (tmp_path, tmp_path / "gone.pdf"):
        with pytest.raises(CaseError):
            read_notice(path)


def test_old_windows_text_is_read(tmp_path: Path) -> None:
    (tmp_path / "n.txt").write_bytes(FULL.replace("district's", "district’s").encode("cp1252", "replace"))
    assert states(check_notice(read_notice(tmp_path / "n.txt"))).count("there") == 7
