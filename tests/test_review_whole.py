"""The whole way on the page, from the sound of the sample meeting to mail a real server on this machine took."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import icalendar
import pytest
import review_meeting as meeting
from mailserver import LOGIN, PASSWORD, Postbox, free_port, mail_server
from playwright.sync_api import Browser, expect
from review_page import served
from test_review_page import Seen, chromium

from samples import sample

__all__ = ["chromium"]
pytestmark = pytest.mark.browser


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box = Postbox()
    with mail_server(box, implicit=False, context=None) as port:
        yield box, port


def set_up_mailbox(seen: Seen, port: int) -> None:
    tab = seen.tab
    tab.goto(f"{seen.page.keys.address}mail")
    tab.locator("#address").fill(LOGIN)
    tab.locator("#name").fill("Owen Tarrow")
    tab.locator("#password").fill(PASSWORD)
    if not tab.locator("#host").is_visible():
        tab.get_by_text("Server", exact=True).click()
    tab.locator("#host").fill("127.0.0.1")
    tab.locator("#port").fill(str(port))
    tab.locator("#security").select_option("none")
    tab.locator("#login").fill(LOGIN)
    tab.get_by_role("button", name="Save and test").click()


@pytest.mark.timeout(400)
def test_from_the_sound_of_the_sample_to_sent_mail(
    chromium: Browser, own_home: Path, postbox: tuple[Postbox, int]
) -> None:
    box, port = postbox
    shown = sample("s504")
    with served(own_home, today=lambda: date(2027, 2, 4), now=lambda: datetime(2027, 2, 4, 21, tzinfo=UTC)) as page:
        seen = Seen(chromium, page)
        tab = seen.tab
        before = set(page.rooms.folders())

        # a new recording
        tab.locator("#file").set_input_files(shown.recording)
        expect(tab.locator("#chosen")).to_contain_text(" MB")
        tab.locator("#held_on").fill("2027-02-04")
        tab.get_by_role("button", name="Go on").click()
        tab.wait_for_url("**/listen")
        (case,) = set(page.rooms.folders()) - before
        room = page.rooms.get(case)
        assert room.recording().read_bytes() == shown.recording.read_bytes()

        # listening, the words appearing
        tab.locator("#child").fill("Hazel Tarrow")
        tab.locator("#speakers").fill("4")
        tab.get_by_label("504 meeting").check()
        tab.get_by_label("Roughly").check()
        tab.get_by_role("button", name="Start listening").click()
        expect(tab.locator("#appearing p").first).to_be_visible(timeout=120_000)
        assert room.job.running
        seen.shot("whole-1-listening")
        tab.wait_for_url("**/voices", timeout=240_000)

        # voices
        tab.wait_for_selector("body[data-ready]")
        expect(tab.locator("#rough")).to_be_visible()
        if tab.locator("#name-0").count():
            tab.locator("#name-0").fill("Corinne Yarwood")
            tab.keyboard.press("Tab")
            expect(tab.locator("#voices h2").first).to_have_text("Corinne Yarwood")
        seen.shot("whole-2-voices")
        tab.locator("#onward").click()
        tab.wait_for_url("**/review", timeout=60_000)

        # review: everything the program found, and one line of its own
        tab.wait_for_selector("body[data-ready]")
        seen.shot("whole-3-review")
        for _ in range(len(room.desk.case().findings) * 2):
            if not any(r.verdict == "open" and not r.finding.doubtful for r in room.desk.case().findings):
                break
            tab.keyboard.press("y")
            tab.wait_for_timeout(250)
        tab.locator('.turn[data-i="1"] .time').click()
        tab.keyboard.press("a")
        tab.locator("#edit").get_by_label("Promise").check()
        tab.locator("#edit-owner").fill("Audrey Fennick")
        tab.locator("#edit-action").fill("send the health plan")
        tab.locator("#edit").get_by_label("Another day").first.check()
        tab.locator("#edit-day").fill("2027-02-01")
        tab.get_by_role("button", name="Add it").click()
        expect(tab.locator(".card", has_text="send the health plan")).to_contain_text("Added by you")

        # letters
        set_up_mailbox(seen, port)
        expect(tab.locator("#mail-good")).to_contain_text("nothing was sent")
        assert box.logins == [LOGIN.encode()]
        tab.goto(f"{page.keys.address}c/{case}/letters")
        tab.wait_for_selector("body[data-ready]")
        tab.get_by_text("What the letters know about you").click()
        tab.locator("#fact-parent").fill("Owen Tarrow")
        tab.get_by_role("button", name="Put into the letters").click()
        expect(tab.locator("#body")).to_contain_text("Owen Tarrow")
        add_person(seen, "Corinne Yarwood", "yarwood@school.example")
        tab.locator("#edit").click()
        own = tab.locator("#own").input_value()
        tab.locator("#own").fill(own.replace("Thank you", "Many thanks to you", 1) + "\nP.S. Hazel says hello.\n")
        tab.get_by_role("button", name="Keep my words").click()
        expect(tab.locator("#body")).to_contain_text("P.S. Hazel says hello.")
        seen.shot("whole-4-letters")

        # sent, once
        tab.locator("#send").click()
        expect(tab.locator("#shown-to")).to_contain_text("yarwood@school.example")
        expect(tab.locator("#shown-text")).to_contain_text("P.S. Hazel says hello.")
        seen.shot("whole-5-send")
        tab.locator("#send-now").click()
        expect(tab.locator("#outcome")).to_contain_text(re.compile("^Sent .* to yarwood@school.example"))
        expect(tab.locator("#send")).to_be_hidden()
        seen.shot("whole-6-sent")
        ((sender, to, content),) = box.taken
        assert (sender, to) == (LOGIN, ["yarwood@school.example"])
        message = email.message_from_bytes(content, policy=email.policy.default)
        words = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert "P.S. Hazel says hello." in words
        assert "send the health plan" in words.lower()
        assert "300.503" not in words
        (kept,) = room.store.sent()
        assert kept.outcome == "sent"
        assert kept.id is not None
        assert kept.message_id == message["Message-ID"]
        assert message["Message-ID"].encode() in room.store.sent_message(kept.id)

        # what is due, the late one's reminder one press away
        tab.goto(f"{page.keys.address}c/{case}/due")
        expect(tab.locator(".due.lapsed")).to_contain_text("3 days late")
        with tab.expect_download() as arriving:
            tab.get_by_text("Into my calendar").click()
        calendar = icalendar.Calendar.from_ical(Path(arriving.value.path()).read_bytes())
        assert "send the health plan" in "".join(str(e["summary"]) for e in calendar.walk("VEVENT"))
        seen.shot("whole-7-due")
        tab.get_by_role("button", name="Reminder letter: send the health plan").click()
        tab.wait_for_url("**/letters#reminder-*")
        expect(tab.locator("#body")).to_contain_text("health plan")
        seen.context.close()
        assert seen.troubles == []


def add_person(seen: Seen, name: str, address: str) -> None:
    """Leave everybody without an address out, and add one person."""
    tab = seen.tab
    tab.locator("#add-to").click()
    tab.locator("#person-name").fill(name)
    tab.locator("#person-role").fill("504 coordinator")
    tab.locator("#person-email").fill(address)
    tab.get_by_role("button", name="Add", exact=True).click()
    expect(tab.locator("#to")).to_contain_text(address)


@pytest.fixture
def reviewed(chromium: Browser, own_home: Path) -> Iterator[Seen]:
    with served(own_home) as page:
        seen = Seen(chromium, page)
        desk = page.rooms.get(seen.case).desk
        desk.name_voice("S1", "Ms. Okafor")
        desk.name_voice("S2", "Dana Ruiz")
        desk.name_voice("S3", "Mr. Lindqvist")
        desk.keep("f1", "f2", "f4", "f5", "f7")
        yield seen
        seen.context.close()


def send(seen: Seen) -> None:
    tab = seen.go("letters")
    tab.locator("#send").click()
    expect(tab.locator("#shown-to")).to_contain_text("okafor@school.example")
    tab.locator("#send-now").click()


def test_an_unknown_outcome_is_told_and_not_sent_again_unasked(reviewed: Seen, postbox: tuple[Postbox, int]) -> None:
    box, port = postbox
    set_up_mailbox(reviewed, port)
    expect(reviewed.tab.locator("#mail-good")).to_be_visible()
    box.drop = "after"
    send(reviewed)
    tab = reviewed.tab
    expect(tab.locator("#send-trouble")).to_contain_text("before it was confirmed")
    tab.keyboard.press("Escape")
    expect(tab.locator("#outcome")).to_contain_text("Nobody knows whether it went out")
    assert len(box.taken) == 1
    box.drop = ""
    tab.locator("#send").click()
    tab.locator("#send-now").click()
    expect(tab.locator("#send-trouble")).to_contain_text("Nobody knows")
    assert len(box.taken) == 1
    tab.locator("#again").check()
    tab.locator("#send-now").click()
    expect(tab.locator("#outcome")).to_contain_text(re.compile("^Sent "))
    assert len(box.taken) == 2
    reviewed.troubles.clear()  # the browser's own notes of the refusals


def test_a_refused_connection_leaves_the_letter_ready(reviewed: Seen, postbox: tuple[Postbox, int]) -> None:
    box, port = postbox
    set_up_mailbox(reviewed, free_port())
    expect(reviewed.tab.locator("#mail-trouble")).to_contain_text("answers nobody on port")
    send(reviewed)
    tab = reviewed.tab
    expect(tab.locator("#send-trouble")).to_contain_text("answers nobody on port")
    tab.keyboard.press("Escape")
    expect(tab.locator("#outcome")).to_contain_text("The letter is still ready")
    set_up_mailbox(reviewed, port)
    expect(tab.locator("#mail-good")).to_be_visible()
    send(reviewed)
    expect(tab.locator("#outcome")).to_contain_text(re.compile("^Sent "))
    assert len(box.taken) == 1
    reviewed.troubles.clear()


def test_a_letter_changed_in_another_tab_is_not_sent_as_it_was_shown(
    reviewed: Seen, postbox: tuple[Postbox, int]
) -> None:
    box, port = postbox
    set_up_mailbox(reviewed, port)
    expect(reviewed.tab.locator("#mail-good")).to_be_visible()
    tab = reviewed.go("letters")
    tab.locator("#send").click()
    expect(tab.locator("#shown-to")).to_contain_text("okafor@school.example")
    reviewed.page.rooms.get(reviewed.case).desk.drop("f7")
    tab.locator("#send-now").click()
    expect(tab.locator("#send-trouble")).to_contain_text("changed since you looked at it")
    assert box.taken == []
    reviewed.troubles.clear()


def test_each_sentence_has_its_proof_and_can_be_heard(reviewed: Seen) -> None:
    tab = reviewed.go("letters")
    tab.locator(".sentence", has_text="lunch data home").first.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("#proof")).to_contain_text(meeting.PROMISE.quote)
    tab.locator("#proof").get_by_role("button", name=re.compile("Listen at 0:1")).click()
    for _ in range(100):
        at = tab.evaluate("document.querySelector('audio').currentTime")
        if at > (meeting.PROMISE.start_s or 0):
            break
        tab.wait_for_timeout(50)
    assert (meeting.PROMISE.start_s or 0) < at < (meeting.PROMISE.end_s or 0) + 1
    tab.keyboard.press("Escape")
    expect(tab.locator("#proof")).to_be_hidden()
    focused = tab.evaluate("document.activeElement.textContent")
    assert "lunch data home" in focused


def test_a_letter_is_downloaded_in_the_parents_own_words(reviewed: Seen) -> None:
    import io

    import docx
    import pypdf

    tab = reviewed.go("letters")
    tab.locator("#edit").click()
    own = tab.locator("#own").input_value()
    tab.locator("#own").fill(own + "\nPlease call me on Monday.\n")
    tab.get_by_role("button", name="Keep my words").click()
    expect(tab.locator("#body")).to_contain_text("Please call me on Monday.")
    got = {}
    for form in ("docx", "pdf", "eml"):
        with tab.expect_download() as arriving:
            tab.locator(f"#as-{form}").click()
        assert arriving.value.suggested_filename == f"followup.{form}"
        got[form] = Path(arriving.value.path()).read_bytes()
    assert any("call me on Monday" in p.text for p in docx.Document(io.BytesIO(got["docx"])).paragraphs)
    assert "call me on Monday" in "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(got["pdf"])).pages)
    message = email.message_from_bytes(got["eml"], policy=email.policy.default)
    assert "call me on Monday" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert message["X-Unsent"] == "1"
    with tab.expect_response("**/edit"):
        tab.locator("#edit").click()
        tab.get_by_role("button", name="Back to the draft").click()
    expect(tab.locator("#body")).not_to_contain_text("Monday.")


def test_own_words_outlive_a_new_draft_which_is_offered(reviewed: Seen) -> None:
    tab = reviewed.go("letters")
    tab.locator("#edit").click()
    tab.locator("#own").fill(tab.locator("#own").input_value() + "\nMy own last line.\n")
    tab.get_by_role("button", name="Keep my words").click()
    expect(tab.locator("#body")).to_contain_text("My own last line.")
    reviewed.page.rooms.get(reviewed.case).desk.drop("f7")
    reviewed.go("letters")
    expect(tab.locator("#stale")).to_be_visible()
    expect(tab.locator("#body")).to_contain_text("My own last line.")
    tab.get_by_text("See what differs").click()
    expect(tab.locator("#differs")).to_contain_text("near the door in music")
    tab.get_by_role("button", name="Bring it into my words").click()
    expect(tab.locator("#stale")).to_be_hidden()
    expect(tab.locator("#body")).to_contain_text("My own last line.")
    expect(tab.locator("#body")).not_to_contain_text("door in music")
    reviewed.page.rooms.get(reviewed.case).desk.drop("f5")
    reviewed.go("letters")
    tab.get_by_role("button", name="Take the new draft").click()
    expect(tab.locator("#body")).not_to_contain_text("My own last line.")
    expect(tab.locator("#body")).not_to_contain_text("door in music")


def test_nothing_undecided_is_in_a_letter(chromium: Browser, own_home: Path) -> None:
    with served(own_home) as page:
        seen = Seen(chromium, page)
        page.rooms.get(seen.case).desk.keep("f4")
        tab = seen.go("letters")
        expect(tab.locator("main")).to_contain_text("4 findings are still open")
        expect(tab.locator("#body")).to_contain_text("lunch data")
        expect(tab.locator("#body")).not_to_contain_text("one-to-one aide")
        seen.context.close()


def test_a_promise_is_due_from_its_day(own_home: Path, chromium: Browser) -> None:
    from review.changes import Change

    with served(own_home) as page:
        seen = Seen(chromium, page)
        desk = page.rooms.get(seen.case).desk
        desk.mend("f4", Change(due_on=date(2026, 3, 20)))
        desk.mend("f5", Change(due_on=date(2026, 3, 25)))
        tab = seen.go("due")
        expect(tab.locator(".due.lapsed")).to_contain_text("3 days late")
        expect(tab.locator(".due.coming")).to_contain_text("2 days left")
        expect(tab.locator(".waiting")).to_contain_text("Following up on Milo Ruiz")
        seen.shot("due-late")
        seen.context.close()
