#!/usr/bin/env python3
"""What walls cost, side by side in one run, as Markdown on standard output.

    bench/walls.py

It is a part of bench/run, and needs what that needs, and dotnet for the flow model alone. RUNS and BENCH_DIR are those of
bench/run."""
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True

from footprint import memory
from measure import budget, figure, in_turn, inside, output, quotient, ratio, section, table
from overlay import overlay
from work import make_project, medians_of

HERE = os.path.dirname(os.path.abspath(__file__))
MANY = 200
CALLS = {
    "stat_base": "stat, read-only base",
    "open_close_base": "open for reading and close, read-only base",
    "pread_base": "pread of 4 KiB, read-only base",
    "stat_own": "stat, own file",
    "open_close_read": "open for reading and close, own file",
    "open_close_write": "open for writing and close, own file",
    "pwrite": "pwrite of 4 KiB, own file",
    "fork_exec_wait": "vfork, execve of `true`, wait",
}

# Run by python3 in a lobby: what it times is a command there, from the fork to the exit status.
CLOCK = """
import subprocess, sys, time
def once(command):
    start = time.perf_counter()
    status = subprocess.run(['sh', '-c', command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL).returncode
    return status, (time.perf_counter() - start) * 1000
def median(command, times, expected=0, pause=0):
    samples = []
    for turn in range(times + 1):
        time.sleep(pause)
        status, elapsed = once(command.format(turn + 100))
        if status != expected:
            sys.exit(f'{command}: status {status}')
        samples.append(elapsed)
    return sorted(samples[1:])[times // 2]
"""

# CLOCK_REALTIME is the one clock that no time namespace shifts, time_namespaces(7).
SENDER = "import os,struct,sys,time\nfor i in range(int(sys.argv[1])):\n time.sleep(0.002)\n os.write(1,struct.pack('=q',time.time_ns()))\n"
RECEIVER = ("import os,struct\nr=[]\nwhile True:\n b=os.read(0,8)\n"
            " if len(b)<8: break\n import time\n r.append(time.time_ns()-struct.unpack('=q',b)[0])\n"
            "r.sort(); print(r[len(r)//2])\n")
DRAIN = ("import os,time\nn=len(os.read(0,1<<20)); s=time.perf_counter()\nwhile True:\n k=len(os.read(0,1<<20))\n if k==0: break\n n+=k\n"
         "print(n/(time.perf_counter()-s)/1e6)\n")


def policy(path):
    tags = "".join(f'"s{number}" = "source {number}"\n' for number in range(MANY))
    cells = "".join(f'[cell.c{number}]\nlabel = ["s{number}"]\n' for number in range(MANY))
    with open(path, "w") as file:
        file.write(f"""
extends = "default"
[tags]
"out" = "anybody outside"
{tags}
[[resource]]
name = "outside"
net = ["127.0.0.1:9"]
sink = ["out"]
[[conflict]]
name = "data"
at_most = 1
of = ["s0", "out"]
[cell.net]
commands = ["nl"]
net = ["127.0.0.1:9"]
[cell.both]
label = ["s0", "s1"]
{cells}""")
    return path


def work(guard, rules, directory, rounds):
    section(f"Walls: calls and a C build in nanoseconds and milliseconds, median of {rounds} runs in turn")
    micro = os.path.join(directory, "micro-walls")
    subprocess.run(["gcc", "-O2", "-pthread", "-o", micro, f"{HERE}/micro.c"], check=True)
    own, project = os.path.join(directory, "own-walls"), os.path.join(directory, "project-walls")
    os.mkdir(own)
    make_project(project)
    places = {"native": [], "unlabelled cell": [guard, "run", "--"],
              "walled cell": [guard, "run", "--policy", rules, "--in", "c0", "--"]}

    def calls(wrapper, place):
        def sample():
            lines = (line.split() for line in output([*wrapper, micro, "/usr/bin/env", f"{place}/file"], own).splitlines())
            return {name: int(value) for name, value in lines}
        return sample
    with overlay(own, directory) as merged, overlay(project, directory) as project_merged:
        samplers = {name: calls(wrapper, own) for name, wrapper in places.items()}
        samplers["plain overlay"] = calls([], merged) if merged else dict
        found = in_turn(samplers, rounds)
        script = "make -s clean && make -s -j2"
        builders = {name: (lambda wrapper=wrapper: inside(wrapper, project, script, 1)) for name, wrapper in places.items()}
        builders["plain overlay"] = (lambda: inside([], project_merged, script, 1)) if project_merged else None
        builds = medians_of({name: builder for name, builder in builders.items() if builder}, rounds)

    def value(name, call):
        runs = found[name]
        if isinstance(runs, str):
            return runs
        values = [one[call] for one in runs if call in one]
        return statistics.median(values) if values else "not measured"
    rows = []
    for call, label in CALLS.items():
        values = {name: value(name, call) for name in samplers}
        rows.append([label, *(figure(one, 0) for one in values.values()), ratio(values["walled cell"], values["native"]),
                     ratio(values["walled cell"], values["unlabelled cell"])])
    values = {name: builds.get(name, "not measured") for name in samplers}
    rows.append(["C build, 41 files, make -j2, ms", *(figure(one, 0) for one in values.values()),
                 ratio(values["walled cell"], values["native"]), ratio(values["walled cell"], values["unlabelled cell"])])
    table(["", *samplers, "walled x native", "walled x unlabelled"], rows)
    for call in ("open_close_base", "stat_base"):
        budget(f"{CALLS[call]}, walled, as a multiple of native",
               quotient(value("walled cell", call), value("native", call)), 1.05, "")
    budget("open for reading and close, own file, walled, as a multiple of a plain overlay",
           quotient(value("walled cell", "open_close_read"), value("plain overlay", "open_close_read")), 1.05, "")
    budget("C build, walled, as a multiple of native", quotient(values["walled cell"], values["native"]), 1.05, "")
    budget("C build, walled, as a multiple of the unlabelled cell",
           quotient(values["walled cell"], values["unlabelled cell"]), 1.02, "")
    for call in ("open_close_base", "open_close_read", "open_close_write", "fork_exec_wait"):
        budget(f"{CALLS[call]}, walled, as a multiple of the unlabelled cell",
               quotient(value("walled cell", call), value("unlabelled cell", call)), 1.02, "")


def commands(guard, rules, directory, rounds):
    section(f"Walls: a command in milliseconds, from fork to exit status, median of {rounds}")
    script = CLOCK + f"""
here = median('/usr/bin/nl /dev/null', {rounds})
stub = median('nl /dev/null', {rounds})
first = median('shellguard run --in c{{}} -- true', {rounds})
again = median('shellguard run --in c0 -- true', {rounds})
rested = median('nl /dev/null', {rounds}, pause=0.1)
pool = median('shellguard run --in c0 -- true', {rounds}, pause=0.1)
once("shellguard run --in c1 -- sh -c 'sleep 3600 > /dev/null 2>&1 &'")
there = median('shellguard run --in c1 -- true', {rounds})
refused = median('shellguard run --in c0 -- true | nl', {rounds}, 126)
print(here, stub, there, first, again, rested, pool, refused)
"""
    # The lobby holds the internet, so that a pipe to it is refused.
    here, stub, there, first, again, rested, pool, refused = map(float, output(
        [guard, "run", "--policy", rules, "--", "python3", "-c", script], directory).split())
    table(["", "ms"], [
        ["a program of the lobby, without a question", figure(here)],
        ["the same as a command, which asks where it runs: here", figure(stub)],
        ["a command of a side whose cell is there", figure(there)],
        ["the first command of a side, whose layers and cell are made for it", figure(first)],
        ["a command of a side whose cell ended just now", figure(again)],
        ["a command of the lobby, 0.1 s after the last", figure(rested)],
        ["a command of a side, 0.1 s after the last: its cell was made meanwhile", figure(pool)],
        ["a pipeline that is refused with its path", figure(refused)]])
    budget("creating a cell, cold, with its layers, more than a command of the lobby", first - stub, 10, " ms")
    budget("a cell from the pool, more than a command of the lobby", pool - rested, 3, " ms")
    budget("a cell that is there already, more than a command of the lobby", there - stub, 3, " ms")
    budget("a refusal, decided, explained and written down", refused, 10, " ms")


def relays(guard, rules, directory, rounds):
    section(f"Walls: a relay beside a pipe, median of {rounds} runs in turn")
    words = {name: shlex.quote(text) for name, text in (("sender", SENDER), ("receiver", RECEIVER), ("drain", DRAIN))}
    low, high = "shellguard run --in c0 -- ", "shellguard run --in both -- "

    def lobby(script):
        return [guard, "run", "--policy", rules, "--", "sh", "-c", script]

    def samplers(writer, reader):
        def sample(command):
            return lambda: float(output(command, directory))
        return {"native pipe": sample(["sh", "-c", f"{writer} | {reader}"]),
                "pipe within a cell": sample(lobby(f"{low}{writer} | {low}{reader}")),
                "relay between cells": sample(lobby(f"{low}{writer} | {high}{reader}"))}
    delay = medians_of(samplers(f"python3 -c {words['sender']} 500", f"python3 -c {words['receiver']}"), rounds)
    speed = medians_of(samplers("head -c 4G /dev/zero", f"python3 -c {words['drain']}"), rounds)
    direct = "pipe within a cell"
    rows = [[name, figure(delay[name] if isinstance(delay[name], str) else delay[name] / 1000),
             ratio(delay[name], delay[direct]), figure(speed[name], 0), ratio(speed[name], speed[direct])] for name in delay]
    table(["", "8 bytes, µs", "x pipe within a cell", "MB/s", "x pipe within a cell"], rows)
    budget("latency of a relay, as a multiple of a pipe", quotient(delay["relay between cells"], delay[direct]), 3, "")
    share = quotient(speed[direct], speed["relay between cells"])
    budget("time that a relay takes for its bytes, as a multiple of a pipe's (60 % of its bandwidth is 1.67)", share, 1.67, "")


def many(guard, rules, directory):
    section(f"Walls: {MANY} cells in one session")
    script = (f"echo begun; read go; i=0; while [ $i -lt {MANY} ]; do "
              f"shellguard run --in c$i -- sh -c 'sleep 3600 > /dev/null 2>&1 &' || exit 1; i=$((i+1)); done; echo done; read go")
    session = subprocess.Popen([guard, "run", "--policy", rules, "--", "sh", "-c", script], cwd=directory, text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def hear(word):
        if session.stdout.readline().strip() != word:
            raise RuntimeError(f"the session did not say {word}")
    try:
        hear("begun")
        time.sleep(1)
        before = memory(session.pid)
        start = time.monotonic()
        session.stdin.write("go\n")
        session.stdin.flush()
        hear("done")
        elapsed = time.monotonic() - start
        time.sleep(1)
        after = memory(session.pid)
        threads = len(os.listdir(f"/proc/{session.pid}/task"))
        descriptors = len(os.listdir(f"/proc/{session.pid}/fd"))
    finally:
        session.terminate()
        session.wait()
    each = (after[0] - before[0]) / 1024 / MANY
    table(["", "resident MiB", "proportional MiB"], [
        ["supervisor without a side", f"{before[0] / 1024:.1f}", f"{before[1] / 1024:.1f}"],
        [f"supervisor of {MANY} cells", f"{after[0] / 1024:.1f}", f"{after[1] / 1024:.1f}"]])
    print(f"{threads} threads, {descriptors} descriptors; all cells were made in {elapsed:.1f} s.\n")
    budget("state of the supervisor for a cell", each, 1, " MB")


def model():
    section("Walls: the flow model alone, a session of four cells and one of 200 in a row")
    done = subprocess.run(["dotnet", "run", "-c", "Release", "-p:RunAnalyzers=false", f"{HERE}/flow/judge.cs"],
                          capture_output=True, text=True, check=True)
    found = {name: int(value) / 1000 for name, value in (line.split() for line in done.stdout.splitlines())}
    labels = {"known": "to get what is known already", "edge": "an edge that is allowed",
              "refused": "an edge that is refused, with its path", "explained": "its explanation in words"}
    table(["", "4 cells, µs", "200 cells, µs"],
          [[label, *(f"{found[f'{size}-{name}']:.1f}" for size in ("small", "large"))] for name, label in labels.items()])
    for name in ("known", "edge", "refused"):
        budget(f"label check, {labels[name]}", found[f"small-{name}"], 5, " µs")
    budget("explanation, 200 cells", (found["large-refused"] + found["large-explained"]) / 1000, 10, " ms")


def run(guard, directory, rounds, few):
    rules = policy(os.path.join(directory, "walls.toml"))
    work(guard, rules, directory, few)
    commands(guard, rules, directory, rounds)
    relays(guard, rules, directory, few)
    many(guard, rules, directory)
    model()


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)
    with tempfile.TemporaryDirectory(
            prefix="shellguard-bench.", dir=os.environ.get("BENCH_DIR", os.path.expanduser("~"))) as place:
        count = int(os.environ.get("RUNS", "30"))
        run(os.path.join(os.path.dirname(HERE), "artifacts", "native", "shellguard"), place, count, max(3, count // 6))
