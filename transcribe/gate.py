"""Pause, go on, or stop a hearing from another window or thread."""

from __future__ import annotations

import threading


class Gate:
    """Looked at by the hearing before every chunk and within it; what was heard until then is in the journal."""

    def __init__(self) -> None:
        self._open = threading.Event()
        self._open.set()
        self._stopped = threading.Event()

    def pause(self) -> None:
        """Let the hearing wait when it next looks."""
        self._open.clear()

    def go_on(self) -> None:
        """Let a waiting hearing go on."""
        self._open.set()

    def stop(self) -> None:
        """End the hearing when it next looks; the rest of the recording is then "not reached"."""
        self._stopped.set()
        self._open.set()

    @property
    def paused(self) -> bool:
        """Tell whether the hearing waits or will wait."""
        return not self._open.is_set()

    @property
    def stopped(self) -> bool:
        """Tell whether the hearing is to end."""
        return self._stopped.is_set()
