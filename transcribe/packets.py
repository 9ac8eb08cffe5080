"""The packets of a recording one after the other, over damage at which FFmpeg would stop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from transcribe.bare import bare_frames, has_bare_frames

STUCK = 200  # errors without a packet between them: the reader no longer moves
ENDS = 3000  # samples in a row that lie beyond the end of the file: it was cut off


def read_packets(recording: Path, container: Any, stream: Any) -> Iterator[tuple[Any, bool, int]]:
    """Yield (packet, whether the reader stumbled before it, its byte position or -1) to the end of the file."""
    if has_bare_frames(container.format.name):
        yield from _bare(recording)
    else:
        yield from _demuxed(container, stream)


def _bare(recording: Path) -> Iterator[tuple[Any, bool, int]]:
    import av

    for pos, frame in bare_frames(recording):
        yield av.Packet(frame), False, pos


def _demuxed(container: Any, stream: Any) -> Iterator[tuple[Any, bool, int]]:
    import av

    indexed = stream.frames if "mp4" in container.format.name else 0  # an index goes on behind a damaged entry
    stumbled, stuck, ends, seen = False, 0, 0, 0
    while True:
        try:
            for packet in container.demux(stream):
                if packet.size == 0:
                    continue
                pos = -1 if packet.pos is None else packet.pos
                yield packet, stumbled, pos
                stumbled, stuck, ends, seen = False, 0, 0, seen + 1
        except EOFError:
            pass
        except av.error.FFmpegError:
            stumbled, stuck, seen = True, stuck + 1, seen + 1
            if stuck > STUCK:
                return
            continue
        ends, seen = ends + 1, seen + 1
        stumbled = True
        if seen >= indexed or ends > ENDS:
            return
