"""The same words in every form, and nothing of a value ever run as code."""

from __future__ import annotations

import email
import email.policy
import io
import re
import subprocess
import time
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import docx
import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from letter_cases import FACTS, TODAY, case, finding, promise, reason, refusal, request, sixty, words_of

from casefile import wire
from casefile.records import CaseFacts, Contact, Due, Letter, Participant, ReviewedCase
from draft import draft_letters
from draft.docx import to_docx
from draft.eml import to_eml
from draft.forms import FORMS, write_letter
from draft.html import to_html
from draft.pdf import to_pdf
from draft.text import body, to_text

NASTY = (
    "</p><script>alert(1)</script>",
    '#eval(read("/etc/passwd")) *bold* _it_ $x$ @ref <label> \\ [x] `raw`',
    "]]></w:t><w:t>&amp; \x00\x07\x1b",
    "דנה כהן \u202e gnirts \u202d",
    "فاطمة الزهراء",
    'O’Brien-Łukasz "Jr." \r\nBcc: other@else.example',
    "{{ child }} {% raw %} {# x #}",
    "\ue000\ue100x\ue001 \ue002",
)


def squeezed(text: str) -> str:
    """Words without blanks and marks, in one normal form: forms differ in those only."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def of_html(page: str) -> str:
    parser = Words()
    parser.feed(page[page.index("<body>") :])
    assert parser.tags <= {"body", "p", "h1", "h2", "ol", "li", "blockquote", "span"}
    return "".join(parser.text)


def of_docx(data: bytes) -> str:
    return "\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)


def message_of(data: bytes) -> email.message.EmailMessage:
    made = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(made, email.message.EmailMessage)
    return made


def one(text: str) -> tuple[Letter, ...]:
    facts = CaseFacts(
        child=text,
        parent=f"Parent {text}",
        place=text,
        school=text,
        participants=(Participant(name=f"Lead {text}", role=f"coordinator {text}"),),
        contacts=(Contact(name=f"Rosa {text}", role="director", email=text),),
    )
    lead = f"Lead {text}"
    found = (
        request(f"add {text}", topic=text),
        refusal(f"refused {text}", topic=text, quote=text, owner=lead, elements=(reason(text),)),
        promise(f"send {text}", owner=lead, due=Due(phrase=text), condition=text),
        finding("agreement", text, id="a1", owner=None),
    )
    return draft_letters(case(*found, facts=facts), today=TODAY)


def says_all(made: str, letter: Letter) -> bool:
    """Whether the letter's blocks stand in a form in their order; a list's numbers are no words."""
    text, at = squeezed(made.casefold()), 0
    for block in letter.blocks:
        at = text.find(squeezed(block.text.casefold()), at)
        if at < 0:
            return False
        at += len(squeezed(block.text))
    return squeezed(letter.subject.casefold()) in text


def check_forms(letter: Letter) -> None:
    assert says_all(to_text(letter), letter)
    assert says_all(of_html(to_html(letter, proof=True)), letter)
    assert says_all(of_docx(to_docx(letter)), letter)
    message = message_of(to_eml(letter))
    plain = message.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n") == body(letter)
    assert set(message.keys()) <= {"X-Unsent", "Subject", "To", "Cc", "MIME-Version", "Content-Type"}
    assert to_pdf(letter).startswith(b"%PDF")


@pytest.mark.parametrize("text", NASTY)
def test_a_value_with_markup_stays_a_value_in_every_form(text: str) -> None:
    made = one(text)
    assert len(made) == 2
    for letter in made:
        check_forms(letter)
        assert "<script" not in to_html(letter)
        assert not re.search("[\ue000-\uf8ff\u202a-\u202e\x00-\x08]", to_text(letter))


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(names)
def test_any_text_at_all_makes_whole_letters(text: str) -> None:
    for letter in one(text):
        check_forms(letter)
        assert letter.subject.strip()
        assert all(b.text.strip() for b in letter.blocks)


facts_with_holes = st.builds(
    lambda gone: replace(FACTS, **dict.fromkeys(gone, None), participants=(), contacts=()) if gone else FACTS,
    st.sets(
        st.sampled_from(["child", "parent", "parent_email", "parent_phone", "school", "district", "plan", "place"])
    ),
)


@settings(max_examples=60, deadline=None)
@given(
    facts_with_holes,
    st.lists(st.sampled_from(["request", "denial", "deferral", "agreement", "commitment"]), max_size=9),
)
def test_whatever_is_missing_no_letter_has_a_hole(facts: CaseFacts, kinds: list[str]) -> None:
    found = [
        finding(kind, "send the draft", id=f"f{n}", owner=None, said=())  # type: ignore[arg-type]
        for n, kind in enumerate(kinds)
    ]
    for letter in draft_letters(case(*found, refusal(said=(), owner=None), facts=facts), today=TODAY):
        text = words_of(letter)
        assert not re.search(r"None|\{|\}|\[|\]|__|  | [.,;:?!]|\(\)|“”|\bnan\b", text), text
        assert not any(b.kind == "heading" for b in letter.blocks[-1:])


def test_pdf_words_are_the_letters_words() -> None:
    letter = draft_letters(case(request(), refusal(), promise("send the draft")), today=TODAY)[0]
    pages = pypdf.PdfReader(io.BytesIO(to_pdf(letter))).pages
    assert says_all("".join(re.sub(r"\d of \d$", "", p.extract_text().strip()) for p in pages), letter)


def test_a_pdf_brings_its_fonts_along() -> None:
    reader = pypdf.PdfReader(io.BytesIO(to_pdf(draft_letters(case(refusal()), today=TODAY)[0])))
    fonts = [f.get_object() for p in reader.pages for f in p["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert fonts
    for font in fonts:
        inner = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile3" in inner or "/FontFile2" in inner


def test_a_letter_in_arabic_and_hebrew_shows_its_letters(tmp_path: Path) -> None:
    letter = draft_letters(case(facts=replace(FACTS, child="דנה כהן")), today=TODAY)[0]
    reader = pypdf.PdfReader(io.BytesIO(to_pdf(letter)))
    names = {str(f.get_object()["/BaseFont"]) for p in reader.pages for f in p["/Resources"]["/Font"].values()}  # type: ignore[index]
    if subprocess.run(["fc-list", ":lang=he"], capture_output=True, check=False).stdout:
        assert any("Libertinus" not in n for n in names) or "דנה" in reader.pages[0].extract_text()


def test_every_form_is_written_private_and_the_same_again(tmp_path: Path) -> None:
    letter = draft_letters(case(request(), refusal()), today=TODAY)[1]
    paths = write_letter(letter, tmp_path)
    assert [p.suffix for p in paths] == list(FORMS) == [".txt", ".html", ".docx", ".pdf", ".eml", ".json"]
    assert all(p.stem == "notice-speech-minutes" for p in paths)
    before = {p: p.read_bytes() for p in paths if p.suffix != ".docx"}  # a zip notes the time it was made
    write_letter(letter, tmp_path)
    assert before == {p: p.read_bytes() for p in before}
    again = wire.decode((tmp_path / "notice-speech-minutes.json").read_bytes(), Letter, what="x")
    assert again == letter


def test_the_mail_draft_goes_to_known_addresses_only() -> None:
    made = draft_letters(case(request(), refusal()), today=TODAY)
    message = message_of(to_eml(made[1]))
    assert message["X-Unsent"] == "1"
    assert message["To"] == "Rosa Quill <quill@district.example>, Gordon Pell <pell@district.example>"
    for bad in ("a@b@c", "x", "@", "a b@c.example", "a@c.example\nBcc: x@y.example", "ü@x.example", "a@.example."):
        contact = Contact(name="Rosa Quill", role="director", email=bad)
        letter = replace(made[0], to=(contact,), cc=())
        assert "Bcc" not in message_of(to_eml(letter))


def test_sixty_findings_take_their_seconds() -> None:
    began = time.process_time()
    letters = draft_letters(sixty(), today=TODAY)
    drafted = time.process_time()
    assert all(to_pdf(x) for x in letters)
    assert drafted - began < 1
    assert time.process_time() - drafted < 3


def test_sixty_findings_and_none_make_whole_letters() -> None:
    assert len(draft_letters(sixty(), today=TODAY)) == 21
    (empty,) = draft_letters(ReviewedCase(facts=FACTS, held_on=TODAY, findings=()), today=TODAY)
    assert "I am writing down what I understood" in words_of(empty)
