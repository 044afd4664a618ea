"""Runs one program and tells what it cost: LIMIT_SECONDS PROGRAM ARGUMENT ...

Answers on file descriptor 3 with a line of JSON: wall and processor seconds (with all descendants that were waited for),
the peak memory of the largest single process in KiB (never below this interpreter's own, about 10 MiB), and how it
ended. What it started and left in its process group is ended with it.
"""
import json
import os
import signal
import sys
import time

limit, argv = float(sys.argv[1]), sys.argv[2:]
started = time.perf_counter()
pid = os.posix_spawnp(argv[0], argv, os.environ, setpgroup=0)
late = False


def end_group(*_):
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def too_late(*_):
    global late
    late = True
    end_group()


signal.signal(signal.SIGALRM, too_late)
for stop in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(stop, too_late)
signal.setitimer(signal.ITIMER_REAL, limit)
_, status, usage = os.wait4(pid, 0)
wall = time.perf_counter() - started
signal.setitimer(signal.ITIMER_REAL, 0)
end_group()
report = {
    "wall": wall,
    "cpu": usage.ru_utime + usage.ru_stime,
    "peakKiB": usage.ru_maxrss,
    "code": os.waitstatus_to_exitcode(status),
    "late": late,
}
with os.fdopen(3, "w") as answer:
    json.dump(report, answer)
