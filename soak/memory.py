"""Does a process grow? Samples of /proc, and a slope that a single step of an allocator does not move."""

import os
import statistics

#: Growth that is none: arenas, caches and stacks that fill up in the first minutes, page tables, a page touched late.
ALLOWED_BYTES = 2 << 20
#: Beyond that, so much a call. The smallest thing that can be lost, an error or a message, is some hundred bytes.
ALLOWED_PER_CALL = 64
WARM_UP = 0.2


def sample(pid):
    """(resident bytes, descriptors, threads), or None when it has ended."""
    try:
        with open(f"/proc/{pid}/status") as file:
            fields = dict(line.split(":", 1) for line in file if ":" in line)
        return int(fields["VmRSS"].split()[0]) * 1024, len(os.listdir(f"/proc/{pid}/fd")), int(fields["Threads"])
    except (OSError, KeyError):
        return None


def slope(points):
    """Theil and Sen: the median of the slopes between all pairs, bytes a second."""
    step = max(1, len(points) // 150)
    points = points[::step]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for at, a in enumerate(points) for b in points[at + 1:] if b[0] > a[0]]
    return statistics.median(slopes) if slopes else 0.0


def judge(samples, calls):
    """`samples`: (seconds, resident, descriptors, threads) of one process's life; `calls` it made in all of it."""
    first, last = samples[0][0], samples[-1][0]
    after = [one for one in samples if one[0] >= first + (last - first) * WARM_UP]
    duration = max(after[-1][0] - after[0][0], 1e-9)
    per_second = slope([(at, resident) for at, resident, _, _ in after])
    made = max(1.0, calls * duration / max(last - first, 1e-9))
    grown = per_second * duration
    return {
        "rss_start": after[0][1], "rss_end": after[-1][1], "rss_max": max(one[1] for one in samples),
        "kib_per_min": round(per_second * 60 / 1024, 1), "bytes_per_call": round(grown / made, 1), "calls": calls,
        "fds": [samples[0][2], max(one[2] for one in samples), samples[-1][2]],
        "threads": [samples[0][3], max(one[3] for one in samples), samples[-1][3]],
        "grows": grown > ALLOWED_BYTES and grown > ALLOWED_PER_CALL * made,
    }
