"""How fast the page is, measured in a real Chromium: `python benchmarks/page.py`.

A meeting of three hours, 2,000 lines and 200 findings with three hours of sound as m4a and as the WAV that odd formats
become: first view, keys, search, and the time from a press to sound at twelve places far apart.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

HOURS = 3
PLACES = (0.5, 0.02, 0.93, 0.31, 0.77, 0.11, 0.64, 0.99, 0.25, 0.86, 0.05, 0.58)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as scratch:
        home = Path(scratch)
        os.environ["ONRECORD_HOME"], os.environ["ONRECORD_OFFLINE"] = scratch, "1"
        sound = write_long_m4a(home / "long.m4a")
        print(f"{platform.machine()}, {os.cpu_count()} processors; sound {sound.stat().st_size / 1e6:.0f} MB")
        measure(home, sound)


def write_long_m4a(target: Path) -> Path:
    """Write three hours of a changing tone as AAC in m4a; returns `target`."""
    import av
    import numpy as np

    rate, frame = 16000, 1024
    with av.open(str(target), "w") as container:
        stream = container.add_stream("aac", rate=rate, layout="mono")
        for start in range(0, HOURS * 3600 * rate, frame):
            at = (np.arange(start, start + frame) / rate).astype(np.float32)
            wave = 0.2 * np.sin(2 * np.pi * (150 + start // (rate * 60)) * at).astype(np.float32)
            made = av.AudioFrame.from_ndarray(wave[None, :], format="fltp", layout="mono")
            made.sample_rate, made.pts = rate, start
            container.mux(stream.encode(made))
        container.mux(stream.encode(None))
    return target


def measure(home: Path, sound: Path) -> None:
    """Open the big case in a browser and time it."""
    import review_meeting as meeting
    from playwright.sync_api import sync_playwright
    from review_page import CHROMIUM_ARGS, browser_path, served
    from test_review_page import Seen, answer_ms, typed_ms

    folder = home / "cases" / "meeting"
    folder.parent.mkdir(parents=True)
    with meeting.make_big_case(folder) as store:
        store.add_recording(sound)
    with sync_playwright() as playwright, served(home) as page:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=CHROMIUM_ARGS)
        seen = Seen(browser, page)
        began = time.perf_counter()
        seen.go("review")
        print(f"first view of the program's first start: {(time.perf_counter() - began) * 1000:.0f} ms")
        views = []
        for _ in range(5):
            tab = seen.go("review")
            views.append(tab.evaluate("performance.getEntriesByName('ready')[0].startTime"))
        tell("first view", views)
        tab = seen.tab
        tell("keys j k y x u", [answer_ms(tab, key) for key in "jjkjyxuujykju" * 3])
        tab.keyboard.press("/")
        tell("one letter of a search, slowest of a word", [typed_ms(tab, "number 12")])
        tell("m4a: from press to sound at the place", [seek_ms(tab, p * HOURS * 3600) for p in PLACES])
        began = time.perf_counter()
        tab.evaluate("fetch(document.querySelector('audio').src + '?as=wav', {headers: {range: 'bytes=0-1'}})")
        print(f"making the WAV, once: {time.perf_counter() - began:.1f} s")
        tab.evaluate("(a => { a.src = a.src.split('?')[0] + '?as=wav'; a.load(); })(document.querySelector('audio'))")
        tab.wait_for_timeout(1000)
        tell("wav: from press to sound at the place", [seek_ms(tab, p * HOURS * 3600) for p in PLACES])
        seen.context.close()
        browser.close()


def seek_ms(tab: object, seconds: float) -> float:
    """Return the time from asking for a second until sound from there is playing."""
    took: float = tab.evaluate(  # type: ignore[attr-defined]
        """async (to) => {
          const audio = document.querySelector('audio');
          audio.pause();
          const at = performance.now();
          audio.currentTime = to;
          const heard = new Promise((done) => audio.addEventListener('playing', () => done(), {once: true}));
          await audio.play();
          await heard;
          if (Math.abs(audio.currentTime - to) > 1) throw new Error(`at ${audio.currentTime}, not ${to}`);
          return performance.now() - at;
        }""",
        min(seconds, HOURS * 3600 - 5),
    )
    return took


def tell(what: str, times: list[float]) -> None:
    """Print the median and the slowest of some times in milliseconds."""
    print(f"{what}: median {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms ({len(times)} times)")


if __name__ == "__main__":
    main()
