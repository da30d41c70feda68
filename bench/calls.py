"""Single system calls in their surroundings."""
import os
import socket
import statistics
import subprocess
import threading

from measure import budget, figure, in_turn, output, quotient, ratio, section, table
from overlay import overlay
from startup import BWRAP

LABELS = {
    "getppid": "getppid, which does nothing",
    "stat_base": "stat, read-only base",
    "open_close_base": "open for reading and close, read-only base",
    "pread_base": "pread of 4 KiB, read-only base",
    "stat_own": "stat, own file",
    "open_close_read": "open for reading and close, own file",
    "open_close_write": "open for writing and close, own file",
    "pwrite": "pwrite of 4 KiB, own file",
    "fork_exec_wait": "vfork, execve of `true`, wait",
    "connect": "TCP connect to a listener on the host",
    "connect_inside": "TCP connect to a listener beside it",
}


def listener():
    """A host's port that takes and closes connections."""
    server = socket.create_server(("127.0.0.1", 0), backlog=4096)

    def serve():
        while True:
            try:
                server.accept()[0].close()
            except OSError:
                return
    threading.Thread(target=serve, daemon=True).start()
    return server, server.getsockname()[1]


def run(guard, directory, rounds):
    section(f"System calls in nanoseconds, median of {rounds} runs in turn of 200 batches each")
    micro, floor = (os.path.join(directory, name) for name in ("micro", "floor"))
    here = os.path.dirname(os.path.abspath(__file__))
    for program in (micro, floor):
        subprocess.run(["gcc", "-O2", "-pthread", "-o", program, f"{here}/{os.path.basename(program)}.c"], check=True)
    server, port = listener()
    own = os.path.join(directory, "own")
    os.mkdir(own)
    with overlay(own, directory) as merged:
        def sampler(wrapper, place):
            command = [*wrapper, micro, "/usr/bin/env", f"{place}/file", str(port)]
            return lambda: {name: int(value) for name, value in
                            (line.split() for line in output(command, own).splitlines())}
        samplers = {
            "native": sampler([], own),
            "a filter that allows all": sampler([floor, "filter"], own),
            "writes told from reads": sampler([floor, "writes"], own),
            "bwrap": sampler([*BWRAP, "--share-net", "--bind", own, own], own),
            "plain overlay": sampler([], merged) if merged else lambda: {},
            "shellguard": sampler([guard, "run", "--net", f"127.0.0.1:{port}", "--"], own),
        }
        results = in_turn(samplers, rounds)
    server.close()

    def value(name, call):
        runs = results[name]
        if isinstance(runs, str):
            return runs
        found = [one[call] for one in runs if call in one]
        return statistics.median(found) if found else "not measured"
    rows = []
    for call, label in LABELS.items():
        base = "plain overlay" if call in ("stat_own", "open_close_read", "open_close_write", "pwrite") else "native"
        ours = value("shellguard", call)
        rows.append([label, *(figure(value(name, call), 0) for name in samplers),
                     ratio(ours, value("native", call)), ratio(ours, value(base, call))])
    table(["call", *samplers, "shellguard x native", "x native, or x overlay for own files"], rows)
    print("`getppid` under a filter of one instruction that allows everything shows what the kernel takes for having "
          "any filter at all. Under *writes told from reads* a filter of six instructions looks at the flags of an open, and a "
          "Landlock domain allows to write everywhere: the least with which writes can be held.\n")
    for call in ("getppid", "stat_base", "open_close_base", "pread_base"):
        budget(f"{LABELS[call]}, as a multiple of native",
               quotient(value("shellguard", call), value("native", call)), 1.05, "")
    ours, native = value("shellguard", "connect"), value("native", "connect")
    budget("a granted TCP connect, more than native",
           None if isinstance(ours, str) or isinstance(native, str) else (ours - native) / 1000, 100, " µs")
