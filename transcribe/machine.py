"""What this computer has: real cores and free memory, without a library for it."""

from __future__ import annotations

import ctypes
import os
import platform
import re
from pathlib import Path


def cores() -> int:
    """Return how many real cores may be used; two threads of one core count once where that can be told."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    real = _real_cores()
    return max(1, min(usable, real) if real else usable)


def _real_cores() -> int | None:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        text = cpuinfo.read_text("utf8", "replace")
        pairs = set(re.findall(r"physical id\s*:\s*(\d+).*?core id\s*:\s*(\d+)", text, re.DOTALL))
        return len(pairs) or None
    if platform.system() == "Windows" and platform.machine() in ("AMD64", "x86"):
        logical = os.cpu_count() or 1
        return logical // 2 if logical >= 4 else logical
    return None


def free_memory_mb() -> int:
    """Return the memory programs may still take, in megabytes; 4000 where it cannot be told."""
    meminfo = Path("/proc/meminfo")
    if meminfo.exists():
        found = re.search(r"MemAvailable:\s*(\d+) kB", meminfo.read_text("utf8", "replace"))
        return int(found[1]) // 1024 if found else 4000
    if platform.system() == "Windows":
        return _windows_free_mb()
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2 // 2**20  # macOS tells only all of it
    except (ValueError, OSError, AttributeError):
        return 4000


def _windows_free_mb() -> int:
    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("total", "free", "page", "page_free", "virtual", "virtual_free")),
            ("extended", ctypes.c_ulonglong),
        )

    status = Status()
    status.length = ctypes.sizeof(Status)
    windll = getattr(ctypes, "windll", None)
    if windll is None or not windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return 4000
    return int(status.free) // 2**20
