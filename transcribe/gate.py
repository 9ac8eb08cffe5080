"""Pause, go on, or stop a hearing from another window or thread."""

from __future__ import annotations

import threading


class Gate:
    """Asked by the hearing after every few chunks; what was heard until then is in the journal."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()
        self._stopped = threading.Event()

    def pause(self) -> None:
        """Let the hearing wait when it next asks."""
        self._open.clear()

    def go_on(self) -> None:
        """Let a waiting hearing go on."""
        self._open.set()

    def stop(self) -> None:
        """End the hearing when it next asks; the rest of the recording is then "not reached"."""
        self._stopped.set()
        self._open.set()

    @property
    def paused(self) -> bool:
        """Tell whether the hearing waits or will wait."""
        return not self._open.is_set()

    def may_go_on(self) -> bool:
        """Wait while paused; return False once stopped."""
        self._open.wait()
        return not self._stopped.is_set()
