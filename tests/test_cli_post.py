"""`onrecord send` and `onrecord mail` on a real case, with a real mail server on this machine."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keyring
import pytest
from click.testing import Result
from mailserver import PASSWORD, Certificate, Postbox, mail_server, make_certificate
from test_send_mailbox import PlainFile, Ring
from typer.testing import CliRunner

from casefile.errors import CaseError, SendError
from casefile.records import Decision, Due, Finding, Findings, Notice, Said
from casefile.store import CaseStore
from cli.main import build
from cli.page_post import PagePost
from samples import sample, script_meeting, script_transcript

LOGIN = "nadine.harlow@example.org"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def box(certificate: Certificate, monkeypatch: pytest.MonkeyPatch, own_home: Path) -> Iterator[Postbox]:
    """A mail server that this computer trusts, set up as the parent's mailbox, the password in a keyring."""
    before = keyring.get_keyring()
    ring = Ring()
    keyring.set_keyring(ring)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    made = Postbox()
    with mail_server(made, implicit=False, context=certificate.server) as port:
        settings = f'address = "{LOGIN}"\nname = ""\nhost = "localhost"\nport = {port}\nsecurity = "starttls"\n'
        (own_home / "mail.toml").write_text(f'{settings}login = "{LOGIN}"\n', encoding="utf8")
        ring.set_password("On the Record", f"{LOGIN} at localhost", PASSWORD)
        yield made
    keyring.set_keyring(before)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The sample's case with its true findings, none of them reviewed yet."""
    folder, chosen = tmp_path / "case", sample("iep")
    with CaseStore.open(folder, create=True) as store:
        store.write_facts(chosen.read_facts())
        store.write_transcript(script_transcript(chosen))
        store.write_findings(true_findings())
    return folder


def true_findings() -> Findings:
    """The true findings of the sample that stand, as the finder would write them."""
    meeting, gold = script_meeting(sample("iep")), sample("iep").read_meeting()["gold"]
    made = tuple(_finding(g, meeting.turns) for g in gold if g["status"] == "active")
    return Findings(held_on=meeting.held_on, findings=made, participants=meeting.participants, plan="iep")


def _finding(g: dict[str, Any], turns: tuple[Any, ...]) -> Finding:
    said = tuple(Said(turn=t, speaker=turns[t].speaker, text=turns[t].text) for t in g["anchors"])
    day = datetime.fromisoformat(g["deadline_date"]).date() if g["deadline_date"] else None
    return Finding(
        id=g["id"],
        kind=g["type"].lower(),
        turns=tuple(g["turns"]),
        anchors=tuple(g["anchors"]),
        speaker=said[0].speaker,
        owner=g["owner"],
        action=g["action"],
        topic=g["topic"],
        quote=" ".join(s.text for s in said),
        said=said,
        due=Due(phrase=g["deadline_text"], candidates=(day,) if day else ()) if g["deadline_text"] else None,
        condition=g["condition"],
        links=tuple(g["links"]),
        notice=Notice(kind=g["notice"], about=g["about"]) if g.get("notice") else None,
    )


def keep_all(case: Path) -> None:
    with CaseStore.open(case) as store:
        at = datetime(2026, 11, 12, 18, 0, tzinfo=UTC)
        ids = [f.id for f in true_findings().findings]
        store.decide(*(Decision(id=None, decided_at=at, by="parent (test)", act="keep", finding_id=i) for i in ids))


def onrecord(*words: object, answers: str = "") -> Result:
    return CliRunner().invoke(build(), [str(w) for w in words], input=answers)


def trouble(result: Result) -> CaseError:
    assert isinstance(result.exception, CaseError), result.output
    return result.exception


def test_a_letter_is_shown_word_for_word_sent_on_yes_and_not_again(case: Path, box: Postbox) -> None:
    keep_all(case)
    first = onrecord("send", case, "--letter", "followup", answers="y\n")
    assert first.exit_code == 0, first.output
    assert re.match(r"followup sent 20\d\d-\d\d-\d\d \d\d:\d\d <[^>]+@example.org>\n$", first.stdout)
    [(sender, recipients, raw)] = box.taken
    assert sender == LOGIN
    assert "gordon.pell@ssd.example.test" in recipients
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    text = message.get_body(("plain",)).get_content().replace("\r\n", "\n").strip()  # type: ignore[union-attr]
    assert text in first.stderr
    assert str(message["Subject"]) in first.stderr
    for address in recipients:
        assert f"<{address}>" in first.stderr
    second = onrecord("send", case, "--letter", "followup", answers="y\n")
    assert second.exit_code == 0
    assert "followup: sent 20" in second.stderr
    assert len(box.taken) == 1


@pytest.mark.parametrize("answers", ["n\n", "\n", "", "yellow\n"])
def test_anything_but_yes_sends_nothing(answers: str, case: Path, box: Postbox) -> None:
    keep_all(case)
    assert onrecord("send", case, "--letter", "followup", answers=answers).exit_code == 0
    assert box.hellos == []
    with CaseStore.open(case) as store:
        assert store.approvals() == ()
        assert store.sent() == ()


def test_nothing_reviewed_nothing_sent(case: Path, box: Postbox) -> None:
    for words in ((), ("--yes",), ("--eml",)):
        told = trouble(onrecord("send", case, *words, answers="y\n" * 9))
        assert told.what == "Nothing in this case was reviewed yet."
    assert box.hellos == []


def test_each_refusal_has_its_notice_and_all_letters_go_when_all_are_approved(case: Path, box: Postbox) -> None:
    keep_all(case)
    result = onrecord("send", case, answers="y\n" * 20)
    assert result.exit_code == 0, result.output
    subjects = [str(email.message_from_bytes(raw, policy=email.policy.SMTP)["Subject"]) for *_, raw in box.taken]
    assert len(subjects) >= 4  # the follow-up, two notices, one softer request
    with CaseStore.open(case) as store:
        assert len(store.sent()) == len(subjects)
        assert {s.outcome for s in store.sent()} == {"sent"}


def test_yes_sends_only_what_was_approved_as_it_stands(case: Path, box: Postbox) -> None:
    keep_all(case)
    told = trouble(onrecord("send", case, "--letter", "followup", "--yes"))
    assert "was not approved as it now stands" in told.what
    box.answer = "451 4.3.0 try again later"
    assert "451" in trouble(onrecord("send", case, "--letter", "followup", answers="y\n")).what
    box.answer = "250 ok"
    assert onrecord("send", case, "--letter", "followup", "--yes").exit_code == 0
    assert len(box.taken) == 1


def test_a_sending_in_doubt_waits_for_the_parent(case: Path, box: Postbox) -> None:
    keep_all(case)
    box.drop = "after"
    trouble(onrecord("send", case, "--letter", "followup", answers="y\n"))
    box.drop = ""
    told = onrecord("send", case, "--letter", "followup", answers="y\n")
    assert told.exit_code == 0
    assert "nobody knows whether it went out" in told.stderr
    assert len(box.taken) == 1
    assert onrecord("send", case, "--letter", "followup", "--again", answers="y\n").exit_code == 0
    assert len(box.taken) == 2


def test_one_letter_that_fails_does_not_hold_back_the_others(case: Path, box: Postbox) -> None:
    keep_all(case)
    box.refuse = "alan.brockway@larkmoor.example.test"
    result = onrecord("send", case, answers="y\n" * 20)
    assert "refused the address alan.brockway" in trouble(result).what
    refused = [x for x in result.stderr.splitlines() if "refused the address alan.brockway" in x]
    with CaseStore.open(case) as store:
        outcomes = [s.outcome for s in store.sent()]
    assert len(outcomes) >= 4  # each had its turn
    assert outcomes.count("failed") == len(refused) >= 1


def test_drafts_for_the_mail_program_send_nothing(case: Path, box: Postbox) -> None:
    keep_all(case)
    result = onrecord("send", case, "--eml")
    assert result.exit_code == 0, result.output
    paths = [Path(line) for line in result.stdout.splitlines()]
    assert len(paths) >= 4
    for path in paths:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.SMTP)
        assert message["X-Unsent"] == "1"
        assert str(message["From"]) == f"Nadine Harlow <{LOGIN}>"
    assert box.hellos == []


def test_a_wrong_letter_or_no_mailbox_is_told(case: Path, own_home: Path) -> None:
    keep_all(case)
    assert "No mailbox is set up" in trouble(onrecord("send", case)).what
    assert "no letter followupp" in trouble(onrecord("send", case, "--letter", "followupp")).what


def test_offline_means_offline(case: Path, own_home: Path) -> None:
    keep_all(case)
    told = onrecord("mail", "--address", "nadine.invented@gmail.com", "--no-test")
    assert "No password was given" in trouble(told).what
    assert "ONRECORD_OFFLINE" in trouble(onrecord("send", case, answers="y\n")).what


# --- the mailbox -----------------------------------------------------------------------------


def test_a_known_address_fills_in_the_rest_and_tells_what_to_do(box: Postbox, own_home: Path) -> None:
    result = onrecord("mail", "--address", "nadine.invented@gmail.com", "--no-test")
    assert "apppasswords" in result.stderr
    written = (own_home / "mail.toml").read_text(encoding="utf8")
    assert 'host = "smtp.gmail.com"' in written
    assert "port = 465" in written


def test_a_provider_that_refuses_passwords_is_told_before_asking(own_home: Path) -> None:
    result = onrecord("mail", "--address", "nadine.invented@hotmail.com")
    assert "lets no other program send" in trouble(result).what
    assert not (own_home / "mail.toml").exists()


def test_the_mailbox_is_tried_shown_and_forgotten(box: Postbox, own_home: Path) -> None:
    tried = onrecord("mail")
    assert tried.exit_code == 0, tried.output
    assert tried.stdout == "localhost took the login; nothing was sent.\n"
    assert box.taken == []
    shown = onrecord("mail", "--show")
    assert "password in the keyring" in shown.stdout
    assert PASSWORD not in shown.output
    onrecord("mail", "--forget")
    assert not (own_home / "mail.toml").exists()
    assert keyring.get_password("On the Record", f"{LOGIN} at localhost") is None


# --- as the page calls it --------------------------------------------------------------------


def letter_of(case: Path) -> Any:
    from cli.post import ready_letters

    with CaseStore.open(case) as store:
        return ready_letters(store)[0]


def test_the_page_sends_the_letter_it_showed(case: Path, box: Postbox) -> None:
    keep_all(case)
    post = PagePost()
    assert "took the login" in post.test()
    with CaseStore.open(case) as store:
        sent = post.send(store, letter_of(case))
        assert sent.outcome == "sent"
        assert [a.by for a in store.approvals()] == ["parent (page)"]
        with pytest.raises(SendError, match="sent already"):
            post.send(store, letter_of(case))
    assert len(box.taken) == 1


def test_the_page_keeps_a_password_in_memory_where_there_is_no_keyring(box: Postbox, own_home: Path) -> None:
    post = PagePost()
    known = post.mailbox()
    assert known is not None
    assert known.has_password
    keyring.set_keyring(PlainFile())
    assert not PagePost().mailbox().has_password  # type: ignore[union-attr]
    post.save(known, PASSWORD)
    assert post.mailbox().has_password  # type: ignore[union-attr]
    assert "took the login" in post.test()
    assert not PagePost().mailbox().has_password  # type: ignore[union-attr]
    assert all(PASSWORD.encode() not in p.read_bytes() for p in own_home.rglob("*") if p.is_file())


def test_the_page_suggests_what_is_usual(own_home: Path) -> None:
    post = PagePost()
    assert post.mailbox() is None
    usual = post.suggest("a@yahoo.com")
    assert (usual.host, usual.port, usual.security) == ("smtp.mail.yahoo.com", 465, "tls")
    assert post.suggest("a@hotmail.com").host == ""
    assert post.provider("a@hotmail.com").works is False  # type: ignore[union-attr]
    assert post.provider("a@school.example.test") is None
    with pytest.raises(SendError, match="No mailbox is set up"):
        post.test()
