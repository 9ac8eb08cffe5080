"""`onrecord mail`: the mailbox that letters go out from, and its password."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casefile.errors import SendError
from cli import say, settings

if TYPE_CHECKING:
    from send.mailbox import Mailbox


def mailbox_path() -> Path:
    """Return where the mailbox's settings lie."""
    return settings.load().home / "mail.toml"


def may_reach(mailbox: Mailbox) -> None:
    """Raise SendError where ONRECORD_OFFLINE forbids the network and the mail server is not this computer."""
    from send.mailbox import is_this_machine

    if settings.load().offline and not is_this_machine(mailbox.host):
        raise SendError(
            "The network is turned off for this program (ONRECORD_OFFLINE).",
            next_step="Unset it, or write drafts for your mail program: `onrecord send --eml`.",
        )


def password_of(mailbox: Mailbox) -> str:
    """The password from the keyring, or from the person; never from a file or the environment."""
    from send.secrets import read_password

    known = read_password(mailbox)
    return known if known else ask_secret(f"Password for {mailbox.login}: ")


def ask(question: str) -> str:
    import sys

    print(question, end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline()
    if not answer:
        print(file=sys.stderr)
    return answer


def ask_secret(question: str) -> str:
    import getpass
    import sys

    if not sys.stdin.isatty():
        raise SendError(
            "The mailbox's password is not in this computer's keyring, and nobody is here to ask.",
            next_step="Run the command in a terminal, or keep the password: `onrecord mail`.",
        )
    return getpass.getpass(question, stream=sys.stderr)


def mail(
    address: Annotated[str, typer.Option(help="Your mail address.")] = "",
    name: Annotated[str, typer.Option(help="Your name as recipients see it.")] = "",
    host: Annotated[str, typer.Option(help="The mail server (SMTP); known ones are filled in.")] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Its port: 465 for tls, 587 for starttls.")] = 0,
    security: Annotated[str, typer.Option(help="tls, starttls, or none (this computer alone).")] = "",
    login: Annotated[str | None, typer.Option(help="The login, where it is not the address; empty for none.")] = None,
    show: Annotated[bool, typer.Option("--show", help="Only show the mailbox that is set up.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Take the mailbox and its password away.")] = False,
    test: Annotated[bool, typer.Option("--test/--no-test", help="Log in once to try it; sends nothing.")] = True,
) -> None:
    """Set up the mailbox that letters go out from, and try it without sending anything.

    The password goes into this computer's keyring; where there is none, you are asked for it each time.

    Example: onrecord mail --address dana.ruiz@gmail.com
    """
    from send.mailbox import checked, read_mailbox, write_mailbox

    known = read_mailbox(mailbox_path())
    if show or forget:
        _show(known) if show else _forget(known)
        return
    address = address or (known.address if known else "") or ask("Your mail address: ").strip()
    made = _filled(known, address, name=name, host=host, port=port, security=security, login=login)
    write_mailbox(mailbox_path(), checked(made))
    say.note(f"Letters go out as {made.address} through {made.host}, port {made.port}, {made.security}.")
    password = _new_password(made) if made.login else None
    if test:
        may_reach(made)
        from send.smtp import try_login

        say.result(try_login(made, password))


def _filled(
    known: Mailbox | None, address: str, *, name: str, host: str, port: int, security: str, login: str | None
) -> Mailbox:
    """The mailbox as told, what was not told filled in from before or from the provider; says the provider's help."""
    from casefile.wire import from_plain
    from send.mailbox import Mailbox
    from send.providers import provider_of

    provider = provider_of(address)
    before = known if known and known.address == address else None
    if provider:
        say.note(f"{provider.name}: {provider.help}")
        if not provider.works and not host:
            raise SendError(
                f"{provider.name} lets no other program send.",
                next_step="Use `onrecord send --eml`, or copy it.",
            )
    base = before or provider
    host = host or (base.host if base else "") or ask("Mail server (SMTP): ").strip()
    security = security or (base.security if base else "") or ("starttls" if port == 587 else "tls")
    port = port or (base.port if base else 0) or (587 if security == "starttls" else 465)
    plain = {
        "address": address,
        "name": name or (before.name if before else ""),
        "host": host,
        "port": port,
        "security": security,
        "login": login if login is not None else (before.login if before else address),
    }
    return from_plain(plain, Mailbox, what="The mailbox")


def _new_password(mailbox: Mailbox) -> str:
    """The password, asked for where the keyring has none, and kept there where it can be."""
    from send.secrets import can_keep, keep_password, read_password

    known = read_password(mailbox)
    typed = ask_secret(f"Password for {mailbox.login}{' (Enter: as before)' if known else ''}: ") if _at_desk() else ""
    if not typed:
        if known:
            return known
        raise SendError("No password was given.", next_step="Run `onrecord mail` in a terminal and enter it.")
    if can_keep():
        keep_password(mailbox, typed)
        say.note("The password is in this computer's keyring.")
    else:
        say.note("This computer has no keyring: you are asked for the password each time. It is written nowhere.")
    return typed


def _at_desk() -> bool:
    import sys

    return sys.stdin.isatty()


def _show(known: Mailbox | None) -> None:
    from send.secrets import read_password

    if known is None:
        say.note("No mailbox is set up.")
        return
    kept = "in the keyring" if read_password(known) else "asked for each time"
    say.result(f"{known.address} through {known.host}, port {known.port}, {known.security}; password {kept}")


def _forget(known: Mailbox | None) -> None:
    from send.secrets import forget_password

    if known is not None:
        forget_password(known)
        mailbox_path().unlink(missing_ok=True)
    say.note("No mailbox is set up any more.")
