#!/usr/bin/env python3
"""The leak suite: for each channel between processes a sender and a receiver in two cells that must not meet.

    bench/leaks.py --write docs/leaks.md   measures all of them, as root and as an ordinary user, and writes the page
    bench/leaks.py --short                 what must be closed, with few bits; the tests run this

Every way is also tried where nothing is between the two: outside of a cell, or within one where it needs one. A way that
does not get through there proves nothing, and is said to have no control. The status is 1 where a closed way got through,
twice in a row. Start it as root; the ordinary user is LEAK_USER, or shellguard-test. As an ordinary user it tries that
user only. The machine should have little else to do: what is late counts as not received."""
import argparse
import os
import re
import shlex
import subprocess
import sys
import time

sys.dont_write_bytecode = True

from leak import measure, report, rows, turns, world

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GUARD = os.environ.get("SHELLGUARD_BINARY") or os.path.join(ROOT, "artifacts", "native", "shellguard")

# SENT or GOT, the row, the values, what went wrong, the name.
REPORT = re.compile(r"^(SENT|GOT) \d+ ((?:-?\d+,)*-?\d+) (\S+) (.+)$", re.MULTILINE)

# As in leak.h.
ALONE, VALUE, CELL, SLOW, TERMINAL = 1, 4, 32, 64, 128

MAILBOX = "an opaque endpoint of both"


class Way:
    def __init__(self, line):
        row, flags, self.name = line.split("\t")
        self.row = int(row)
        self.flags = int(flags)

    @property
    def closed(self):
        return rows.ROWS[self.row].closed(self.name)


def listed(place):
    lines = subprocess.run([f"{place.directory}/bin/leak", "list"], capture_output=True, text=True, check=True).stdout
    return [Way(line) for line in lines.splitlines()]


def parse(output, ways, milliseconds):
    """What cannot be read was torn where two relays wrote to one pipe, more than it takes at once: not said at all."""
    found = {"SENT": {}, "GOT": {}}
    for end, values, text, name in REPORT.findall(output):
        found[end][name] = ([int(value) for value in values.split(",")], text)
    results = {}
    for way in ways:
        if way.name not in found["SENT"] or way.name not in found["GOT"]:
            continue
        sent, sender = found["SENT"][way.name]
        got, receiver = found["GOT"][way.name]
        if len(sent) != len(got):
            continue
        why = ", ".join(f"{end} {text}" for end, text in (("sender", sender), ("receiver", receiver)) if text != "-")
        if "late" not in why:
            results[way.name] = measure.Measured(sent, got, way.flags & VALUE, why, milliseconds)
    return results


def length(ways, options, control):
    """Seconds that the ways take, one group together and the others in turn."""
    one = options.bits * options.slot / 1000
    slow = 24 * options.slot * 12 / 1000 if control and any(way.flags & SLOW for way in ways) else 0
    return max(one, slow) + sum(one + 0.2 for way in ways if way.flags & ALONE) + 1


def attempt(place, ways, options, kind, shared=False):
    """One run of some ways; kind is a pair, control or cell."""
    if not ways:
        return {}
    control = kind in ("control", "cell")
    for patience in (2500, 8000, 20000):
        arguments = [str(int(time.time() * 1000) + patience), str(options.slot), str(options.bits), place.directory,
                     *map(str, place.ports), "control" if control else "cells", *(way.name for way in ways)]
        text = shlex.join(arguments)
        if kind == "control":
            command = [f"{place.directory}/bin/leak", "both", *arguments]
        elif kind == "cell":
            command = place.session("sides", f"leak-send both {text}")
        else:
            command = place.session(kind, f"leak-send {text} & leak-receive {text}; wait", shared)
        work = place.work("work")
        output = place.run(command, work, patience / 1000 + length(ways, options, control) * 2 + 60, shared)
        if "LATE" not in output.split():
            return parse(output, ways, options.slot)
    raise RuntimeError("the machine is too busy: the two ends were never ready in time")


def tried(place, ways, options, kind):
    """Again where something was late, and once more where it is not as it should be."""
    results = {}
    for _ in range(4):
        results.update(attempt(place, [way for way in ways if way.name not in results], options, kind))
    control = kind not in world.PAIRS
    doubtful = [way for way in ways if way.name in results and results[way.name].heard != control
                and (control or way.closed)]
    again = attempt(place, doubtful, options, kind)
    for way in doubtful:
        if way.name in again and again[way.name].heard == control:
            results[way.name] = again[way.name]
    return results


def controls(place, ways, options):
    results = tried(place, [way for way in ways if not way.flags & CELL], options, "control")
    results.update(tried(place, [way for way in ways if way.flags & CELL], options, "cell"))
    return results


def joined(place, ways, options, pair):
    """Both are granted an endpoint that is not called opaque: it joins them, and one of them must not run."""
    way = [way for way in ways if way.name == MAILBOX]
    results = attempt(place, way, options, pair, shared=True)
    if not results and "clients" not in place.errors:
        raise RuntimeError(f"an endpoint that joins two sides: neither refused nor tried: {place.errors}")
    return results.get(MAILBOX, report.REFUSED)


def measured(place, identity, options, results):
    results.ways = listed(place)
    ways = [way for way in results.ways if not options.only or options.only in way.name]
    straight = [way for way in ways if not way.flags & TERMINAL and (way.closed or not options.short)]
    terminal = [way for way in ways if way.flags & TERMINAL]
    if options.part in (None, "control"):
        own = [way for way in straight if not options.short or not way.flags & (SLOW | ALONE)]
        results.add(identity, "control", controls(place, own, options))
        if terminal and not options.short:
            results.add(identity, "control", turns.terminal(place, terminal, "control"))
        if not options.only and not options.short:
            results.add(identity, "control", turns.ends(place, "control"))
    for pair in world.PAIRS:
        if options.part not in (None, pair) or (options.short and pair != "lobby"):
            continue
        results.add(identity, pair, tried(place, straight, options, pair))
        if terminal:
            results.add(identity, pair, turns.terminal(place, terminal, pair))
        if not options.only:
            results.add(identity, pair, {report.JOINED: joined(place, ways, options, pair)})
            if pair == "lobby":
                results.add(identity, pair, turns.ends(place, pair))
            elif not options.short:
                results.add(identity, pair, turns.cut(place, pair))


def identities(options):
    if os.geteuid() != 0:
        return [("user", None)]
    user = os.environ.get("LEAK_USER", "shellguard-test")
    return [both for both in (("root", None), ("user", user)) if options.identity in (None, both[0])]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", metavar="FILE", help="where the page goes")
    parser.add_argument("--keep", metavar="FILE", help="goes on from what is in it, and adds to it")
    parser.add_argument("--part", choices=["control", "sides", "lobby"], help="only that; with --keep for the rest")
    parser.add_argument("--short", action="store_true", help="what must be closed, with few bits")
    parser.add_argument("--as", dest="identity", choices=["root", "user"], help="one of the two only")
    parser.add_argument("--only", metavar="TEXT", help="ways with that in their names")
    parser.add_argument("--bits", type=int, help="for each way, at most 512")
    parser.add_argument("--slot", type=int, metavar="MILLISECONDS", help="for each bit")
    options = parser.parse_args()
    options.bits = options.bits or (40 if options.short else 48)
    options.slot = options.slot or (20 if options.short else 40)
    if not os.access(GUARD, os.X_OK):
        subprocess.run([os.path.join(ROOT, "build", "native")], check=True)
    place = os.environ.get("BENCH_DIR", "/srv" if os.geteuid() == 0 else os.path.expanduser("~"))
    begin = time.monotonic()
    results = report.Results(options)
    results.load()
    for identity, user in identities(options):
        with world.World(GUARD, user, place) as made:
            measured(made, identity, options, results)
    if options.write:
        with open(options.write, "w") as page:
            page.write(results.page())
    print(results.summary())
    print(f"leaks: {time.monotonic() - begin:.0f} s", file=sys.stderr)
    return 1 if results.wrong() else 0


if __name__ == "__main__":
    sys.exit(main())
