"""What the suite found, as lines for a terminal and as docs/leaks.md."""
import json
import os
import platform
import time

from leak import measure, rows, turns, world

JOINED = "an endpoint of both that is not opaque"
REFUSED = "refused"

HEAD = """# Leaks

Two cells that a wall separates have 68 kinds of channels between them on Linux. For each of them a sender in the one tries
to get random bits to a receiver in the other, in a real session; this page is what came of it. It is written by

```text
bench/leaks.py --write docs/leaks.md
```

and `bench/leaks.py --short`, which the tests run, tries all that must be closed.

- **closed**: must not get through. **tracked**: neither, for it is an edge, which the [flow model](flow-model.md) refuses
  here. **residual**: gets through, or may; the rate says how fast. **not tried**: the reason is there.
- A way is given as *hits of bits*: half of the bits is what guessing gives. It counts as getting through where chance alone
  would do as well, or as badly, less than once in a million times; a closed way that does is tried a second time.
- *bit/s* is the capacity of what was measured (a binary symmetric channel) at one bit every {slot} ms, or every two
  commands where commands take turns. It shows that a way gets through; a sender with shorter slots gets more through it, and
  more again where what is seen is a number (10, 11), which has more than one bit.
- *control*: the same sender and receiver with nothing between them, outside of any cell (within one where there is nothing
  like it outside). What has no control here proves less, and says so: some need root outside, and some must not be root.
- *side*: from one labelled cell to another. *lobby*: from a labelled cell to the lobby, which may have the internet.
- What the two ends were told by the kernel stands behind it: it is what held the way.

What is admitted, in short: time and load (9, 13, 64 to 67), pages of the base that others have mapped (9), free space (10),
numbers that the kernel counts up for all: inodes, sessions, eventfds, renames (11), what the user has in all cells (40),
ports of connections (48), what an endpoint tells that was called `opaque` (51, 53), the bit of success and the time when a
command ends (34), people (57). The two ends must both be hostile and work together for any of these: a program that merely
handles data sends nothing.

"""


class Results:
    def __init__(self, options):
        self.options = options
        self.ways = []
        self.found = {}

    def add(self, identity, kind, results):
        self.found.setdefault((identity, kind), {}).update(results)
        if self.options.keep:
            with open(self.options.keep, "w") as file:
                json.dump([[*key, {name: getattr(one, "__dict__", one) for name, one in found.items()}]
                           for key, found in self.found.items()], file)

    def load(self):
        """What an earlier run kept."""
        if self.options.keep and os.path.exists(self.options.keep):
            with open(self.options.keep) as file:
                for identity, kind, found in json.load(file):
                    self.found[identity, kind] = {
                        name: one if isinstance(one, str) else measure.Measured.of(one) for name, one in found.items()}

    def _names(self, row):
        names = [way.name for way in self.ways if way.row == row]
        if row == 34:
            names += [name for name in turns.ENDS if any(name in found for found in self.found.values())]
        if row == 68 and any(turns.CUT in found for found in self.found.values()):
            names.append(turns.CUT)
        if row == 50 and any(JOINED in found for found in self.found.values()):
            names.append(JOINED)
        return names

    def _open(self, row, name):
        """Who got through although the way is closed."""
        return [] if not row.closed(name) else [
            f"{identity}, {kind}" for (identity, kind), found in self.found.items()
            if kind in world.PAIRS and isinstance(found.get(name), measure.Measured) and found[name].heard]

    def wrong(self):
        return [(row.number, name) for row in rows.ROWS.values() for name in self._names(row.number) if self._open(row, name)]

    def _controlled(self, name):
        return any(kind == "control" and name in found and found[name].heard for (_, kind), found in self.found.items())

    def summary(self):
        lines = []
        for row in rows.ROWS.values():
            for name in self._names(row.number):
                cells = "  ".join(
                    f"{identity} {kind}: {found[name]}" for (identity, kind), found in self.found.items() if name in found)
                verdict = "LEAKS" if self._open(row, name) else "closed" if row.closed(name) else "admitted"
                if cells:
                    lines.append(f"{row.number:2} {verdict:8} {name:55} {cells}  {self._why(name)}".rstrip())
        wrong = self.wrong()
        tried = {way.row for way in self.ways}
        lines.append(f"{len(lines)} ways of {len(tried)} rows; {len(wrong)} leak{'' if len(wrong) == 1 else 's'}")
        return "\n".join(lines)

    def _why(self, name):
        whys = []
        for (_, kind), found in self.found.items():
            why = getattr(found.get(name), "why", "")
            if kind in world.PAIRS and why and why not in whys:
                whys.append(why)
        return "; ".join(whys)

    def page(self):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        lines = [HEAD.format(slot=self.options.slot)]
        lines.append(
            f"Measured on {time.strftime('%Y-%m-%d', time.gmtime())}, {self.options.bits} bits each: Linux {platform.release()}, "
            f"{os.cpu_count()} processors, {memory:.0f} GiB, load {os.getloadavg()[0]:.0f}. At such a load ways that depend on time "
            "are lost in the noise: a row that is residual is not closed because nothing was heard.\n" if os.getloadavg()[0] > 2 else
            f"Measured on {time.strftime('%Y-%m-%d', time.gmtime())}, {self.options.bits} bits each: Linux {platform.release()}, "
            f"{os.cpu_count()} processors, {memory:.0f} GiB.\n")
        lines.append("## Rows\n\n| row | channel | grade | what holds it |\n| -: | - | - | - |")
        for row in rows.ROWS.values():
            lines.append(f"| {row.number} | {row.channel} | {self._grade(row)} | {row.held} |")
        admitted = [(row.number, name, why) for row in rows.ROWS.values() for name, why in row.admitted.items()]
        lines.append("\n## Admitted in rows that are closed otherwise\n\n| row | way | why |\n| -: | - | - |")
        lines += [f"| {number} | {name} | {why} |" for number, name, why in admitted]
        columns = [(identity, pair) for identity in ("root", "user") for pair in world.PAIRS]
        names = {"sides": "side", "lobby": "lobby"}
        lines.append("\n## Ways\n\n| row | way | control | "
                     + " | ".join(f"{identity}, {names[pair]}" for identity, pair in columns) + " | what the ends were told |")
        lines.append("| -: | - | - |" + " - |" * (len(columns) + 1))
        for row in rows.ROWS.values():
            for name in self._names(row.number):
                cells = " | ".join(str(self.found.get(column, {}).get(name, "")) for column in columns)
                lines.append(f"| {row.number} | {name} | {self._control(name)} | {cells} | {self._why(name)} |")
        wrong = self.wrong()
        if wrong:
            lines.append("\n**Open, and not admitted above:** " + "; ".join(f"row {number}, {name}" for number, name in wrong) + ".")
        return "\n".join(lines) + "\n"

    @staticmethod
    def _grade(row):
        return f"{row.grade}, partly residual" if row.admitted else row.grade

    def _control(self, name):
        if name == JOINED:
            return "as row 51"
        who = [identity for (identity, kind), found in self.found.items()
               if kind == "control" and name in found and found[name].heard]
        tried = any(kind == "control" and name in found for (_, kind), found in self.found.items())
        return " and ".join(who) if who else "none" if tried else "not tried"
