"""A letter as a message: the same words in both forms, safe headers, the same bytes each time."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casefile.errors import SendError
from casefile.records import Block, Contact, Letter, Sentence
from send.message import Body, Outgoing, Person, as_draft, as_sent, compose, new_message_id

AT = datetime(2026, 11, 12, 16, 5, tzinfo=UTC)
ME = Person(name="Nadine Harlow", address="nadine.harlow@example.org")


def letter(*to: Contact, cc: tuple[Contact, ...] = (), subject: str = "Meeting of November 12") -> Letter:
    block = Block(kind="paragraph", sentences=(Sentence(text="Thank you.", finding_ids=("c1", "d1")),))
    return Letter(
        id="followup",
        kind="followup",
        subject=subject,
        to=to or (person("Gordon Pell"),),
        cc=cc,
        blocks=(block,),
        template="followup@1",
    )


def person(name: str, address: str | None = "gordon.pell@ssd.example.test") -> Contact:
    return Contact(name=name, role="SSD area coordinator", email=address)


def outgoing(written: Letter | None = None, text: str = "Thank you.\n", sender: Person = ME) -> Outgoing:
    return compose(written or letter(), Body(text=text, html=f"<p>{text.strip()}</p>\n"), sender=sender)


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=SMTP)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def words(message: EmailMessage) -> list[str]:
    return [p.get_content().replace("\r\n", "\n") for p in message.iter_parts()]


def test_a_draft_opens_for_sending_with_both_forms_of_the_same_words() -> None:
    written = letter(person("Gordon Pell"), cc=(person("Tess Maddern", "tess@ssd.example.test"),))
    raw = as_draft(outgoing(written))
    message = read(raw)
    assert message["X-Unsent"] == "1"
    assert message["From"] == "Nadine Harlow <nadine.harlow@example.org>"
    assert message["To"] == "Gordon Pell <gordon.pell@ssd.example.test>"
    assert message["Cc"] == "Tess Maddern <tess@ssd.example.test>"
    assert message["Bcc"] is None
    assert message["Date"] is None  # the mail program dates it when it goes
    assert message["Message-ID"] is None
    assert message.get_content_type() == "multipart/alternative"
    assert [p.get_content_type() for p in message.iter_parts()] == ["text/plain", "text/html"]
    assert words(message) == ["Thank you.\n", "<p>Thank you.</p>\n"]
    assert raw == as_draft(
        outgoing(letter(person("Gordon Pell"), cc=(person("Tess Maddern", "tess@ssd.example.test"),)))
    )


def test_a_sent_message_has_its_date_and_a_number_that_tells_nothing_of_this_computer() -> None:
    import socket

    number = new_message_id(ME)
    raw = as_sent(outgoing(), at=AT, message_id=number)
    message = read(raw)
    assert message["Date"] == "Thu, 12 Nov 2026 16:05:00 +0000"
    assert message["Message-ID"] == number
    assert number.endswith("@example.org>")
    assert number != new_message_id(ME)
    assert message["X-Unsent"] is None
    assert socket.gethostname().encode() not in raw


def test_every_line_is_short_ascii_ending_in_crlf() -> None:
    text = "Über die Zeit – " * 500 + "\n.\nFrom the start\n" + "x" * 5000 + "\n"
    raw = as_sent(outgoing(text=text), at=AT, message_id=new_message_id(ME))
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert words(read(raw))[0] == text


def test_a_huge_letter_comes_through_whole() -> None:
    text = "A sentence of a long letter, with naïve letters in it.\n" * 40_000
    assert words(read(as_draft(outgoing(text=text))))[0] == text


@pytest.mark.parametrize(
    "name",
    [
        "Gordon\r\nBcc: everyone@school.example.test",
        "Gordon\nX-Unsent: 0\n\nSecond body",
        "Gordon\u2028Bcc: a@b.example.test",
        "Gordon\x00 Pell",
        'Gordon "The Coordinator" Pell, Jr. <boss@b.example.test>',
    ],
)
def test_a_name_cannot_write_a_header(name: str) -> None:
    message = read(as_draft(outgoing(letter(person(name), subject=f"Meeting {name}"), sender=replace(ME, name=name))))
    assert set(message.keys()) == {"From", "To", "Subject", "MIME-Version", "Content-Type", "X-Unsent"}
    assert [a.addr_spec for a in message["To"].addresses] == ["gordon.pell@ssd.example.test"]
    assert [a.addr_spec for a in message["From"].addresses] == ["nadine.harlow@example.org"]
    assert len(list(message.iter_parts())) == 2


@pytest.mark.parametrize(
    "address",
    [
        "a@b.test\r\nRCPT TO:<c@d.test>",
        "a@b.test> SIZE=1",
        "a@b.test, c@d.test",
        "Gordon Pell",
        "a@b",
        "a@@b.test",
        "@b.test",
        "a..b@c.test",
        '"a b"@c.test',
        "gördon@c.test",
        "a@b.test\u202e",
    ],
)
def test_what_is_no_mail_address_is_refused(address: str) -> None:
    for told in (letter(person("Gordon Pell", address)), letter(cc=(person("Gordon Pell", address),))):
        with pytest.raises(SendError, match="is not a mail address"):
            outgoing(told)
    with pytest.raises(SendError, match="is not a mail address"):
        outgoing(sender=Person(name="", address=address))


def shown_names(raw: bytes) -> list[str]:
    """The names as mail programs decode them (Python's newer reader puts a space between encoded words)."""
    line = str(email.message_from_bytes(raw)["To"])
    return [str(make_header(decode_header(name))) for name, _ in getaddresses([line])]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=6), st.text(max_size=200))
def test_any_names_and_subject_reach_exactly_these_addresses(names: list[str], subject: str) -> None:
    people = [person(n, f"p{i}@school.example.test") for i, n in enumerate(names)]
    made = outgoing(letter(*people, subject=subject))
    raw = as_sent(made, at=AT, message_id=new_message_id(ME))
    message = read(raw)
    assert [a.addr_spec for a in message["To"].addresses] == [p.email for p in people]
    assert shown_names(raw) == [p.name for p in made.to]
    assert " ".join(str(message["Subject"]).split()) == made.subject
    assert set(message.keys()) <= {"From", "To", "Subject", "MIME-Version", "Content-Type", "Date", "Message-ID"}


def test_names_in_other_letters_are_read_as_written() -> None:
    names = ["Zoë Müller-Lüdenscheidt", "田中 花子", "Олена Коваль", "Ní Bhríain, Siobhán"]
    people = [person(n, f"p{i}@school.example.test") for i, n in enumerate(names)]
    message = read(as_draft(outgoing(letter(*people))))
    assert [a.display_name for a in message["To"].addresses] == names


def test_each_address_gets_one_copy_and_people_without_one_are_named() -> None:
    a, again = person("Gordon Pell"), person("G. Pell", "Gordon.Pell@ssd.example.test")
    made = outgoing(letter(a, again, person("Alan Brockway", None), cc=(again, person("Tess", "t@ssd.example.test"))))
    assert made.addresses == ("gordon.pell@ssd.example.test", "t@ssd.example.test")
    assert made.left_out == ("Alan Brockway",)


def test_a_letter_to_nobody_is_told() -> None:
    with pytest.raises(SendError, match="has nobody to go to"):
        outgoing(letter(person("Alan Brockway", None)))


def test_approval_is_of_every_word_name_and_address() -> None:
    base = letter(cc=(person("Tess Maddern", "tess@ssd.example.test"),))
    variants = [
        outgoing(base),
        outgoing(base, text="Thank you!\n"),
        outgoing(replace(base, subject="Meeting of November 13")),
        outgoing(replace(base, cc=())),
        outgoing(replace(base, to=base.cc, cc=base.to)),
        outgoing(base, sender=replace(ME, address="other@example.org")),
        compose(base, Body(text="Thank you.\n", html="<p>No thanks.</p>\n"), sender=ME),
    ]
    assert len({v.sha256 for v in variants}) == len(variants)
    assert outgoing(base).sha256 == variants[0].sha256
