#!/usr/bin/env python3
"""The leak suite: for each channel between processes a sender and a receiver in two cells that must not meet.

    bench/leaks.py --write          measures all of them, as root and as an ordinary user, and writes docs/leaks.md
    bench/leaks.py --short          the channels that must be closed, with few bits; the tests run this

Options: --as root|user, --pair sides|lobby (who receives: another side, or the lobby), --only TEXT (ways with that in
their names), --bits N, --slot MILLISECONDS, --no-control. As root; the ordinary user is LEAK_USER, or shellguard-test.

Every way is also tried where nothing is between the two: outside of a cell, or within one where it needs one. A way that
does not get through there proves nothing, and is said to have no control. The status is 1 where a closed channel got
through twice, and where a closed one has no control at all."""
import argparse
import os
import shlex
import subprocess
import sys
import time

sys.dont_write_bytecode = True

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GUARD = os.path.join(ROOT, "artifacts", "native", "shellguard")

from leak import measure, report, rows, turns, world

ALONE, ROOT_ONLY, VALUE, CELL, SLOW, TERMINAL = 1, 2, 4, 32, 64, 128


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
    found = {"SENT": {}, "GOT": {}}
    for line in output.splitlines():
        words = line.split(" ", 4)
        if words[0] in found and len(words) == 5:
            found[words[0]][words[4]] = ([int(value) for value in words[2].split(",")], words[3])
    measured = {}
    for way in ways:
        if way.name not in found["SENT"] or way.name not in found["GOT"]:
            continue
        sent, sender = found["SENT"][way.name]
        got, receiver = found["GOT"][way.name]
        why = " ".join(f"{end} {text}" for end, text in (("sender", sender), ("receiver", receiver)) if text != "-")
        if "late" in why:
            continue
        measured[way.name] = measure.Measured(sent, got, way.flags & VALUE, why, milliseconds)
    return measured


def length(ways, options, control):
    """Seconds that the ways take, one group together and the others in turn."""
    one = options.bits * options.slot / 1000
    slow = 24 * options.slot * 12 / 1000 if control and any(way.flags & SLOW for way in ways) else 0
    return max(one, slow) + sum(one + 0.2 for way in ways if way.flags & ALONE) + 1


def attempt(place, ways, options, kind, work):
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
            command = place.session(kind, f"leak-send {text} & leak-receive {text}; wait")
        output = place.run(command, work, patience / 1000 + length(ways, options, control) * 2 + 60)
        if "LATE" not in output.split():
            return parse(output, ways, options.slot)
    raise RuntimeError("the machine is too busy: the two ends were never ready in time")


def missing(ways, results):
    return [way for way in ways if way.name not in results]


def tried(place, ways, options, kind):
    """Several attempts where something was late; a closed way that got through is tried once more."""
    work = place.work("work")
    results = attempt(place, ways, options, kind, work)
    for _ in range(3):
        if missing(ways, results):
            results.update(attempt(place, missing(ways, results), options, kind, place.work("work")))
    suspects = [way for way in ways if way.closed and results[way.name].heard] if kind in world.PAIRS else \
        [way for way in ways if not results[way.name].heard]
    again = attempt(place, suspects, options, kind, place.work("work"))
    for way in suspects:
        if way.name in again and again[way.name].heard != (kind in world.PAIRS):
            results[way.name] = again[way.name]
    return results


def control(place, ways, options):
    own = [way for way in ways if not way.flags & CELL]
    outside = tried(place, own, options, "control") if own else {}
    inside = [way for way in ways if way.flags & CELL]
    if inside:
        outside.update(tried(place, inside, options, "cell"))
    return outside


def identities(options):
    if os.geteuid() != 0:
        return [("user", None)]
    user = os.environ.get("LEAK_USER", "shellguard-test")
    return [pair for pair in (("root", None), ("user", user)) if options.identity in (None, pair[0])]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--as", dest="identity", choices=["root", "user"])
    parser.add_argument("--pair", choices=list(world.PAIRS))
    parser.add_argument("--only")
    parser.add_argument("--bits", type=int)
    parser.add_argument("--slot", type=int)
    parser.add_argument("--no-control", action="store_true")
    options = parser.parse_args()
    options.bits = options.bits or (40 if options.short else 96)
    options.slot = options.slot or (25 if options.short else 40)
    if not os.access(GUARD, os.X_OK):
        subprocess.run([os.path.join(ROOT, "build", "native")], check=True)
    place = os.environ.get("BENCH_DIR", "/srv" if os.geteuid() == 0 else os.path.expanduser("~"))
    begin = time.monotonic()
    results = report.Results(options)
    for identity, user in identities(options):
        with world.World(GUARD, user, place) as made:
            ways = [way for way in listed(made) if not options.only or options.only in way.name]
            straight = [way for way in ways if not way.flags & TERMINAL and (not options.short or way.closed)]
            results.ways = ways
            if not options.no_control:
                results.add(identity, "control", control(made, [way for way in straight if not (
                    options.short and way.flags & SLOW)], options))
            for pair in [options.pair] if options.pair else ["lobby"] if options.short else list(world.PAIRS):
                results.add(identity, pair, tried(made, straight, options, pair))
            results.add_turns(identity, turns.all_of(made, ways, options))
    text = results.page() if options.write else results.summary()
    if options.write:
        with open(os.path.join(ROOT, "docs", "leaks.md"), "w") as page:
            page.write(text)
    else:
        print(text)
    print(f"leaks: {time.monotonic() - begin:.0f} s", file=sys.stderr)
    return 1 if results.wrong() else 0


if __name__ == "__main__":
    sys.exit(main())
