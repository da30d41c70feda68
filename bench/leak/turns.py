"""What takes turns, command after command in one shell: the terminal, how commands end, and relays that are cut."""
import os
import pty
import random
import re
import select
import shlex
import signal
import time

from leak import measure

BITS = 28


class Screen:
    """A terminal as obliging as terminals were: keeps a title, a clipboard and where the cursor is, and tells all of
    it to whoever asks."""

    TITLE = re.compile(rb"\x1b\][02];([^\x07\x1b]*)(?:\x07|\x1b\\)")
    CLIPBOARD = re.compile(rb"\x1b\]52;c;([^\x07\x1b]*)(?:\x07|\x1b\\)")
    MOVE = re.compile(rb"\x1b\[(\d+);(\d+)H")

    def __init__(self):
        self.title = b""
        self.clipboard = b""
        self.cursor = (b"1", b"1")
        self.shown = 0
        self.seen = b""

    def take(self, data):
        """What it answers."""
        self.seen += data
        for digit in re.findall(rb"leak-([01])(?![0-9])", re.sub(rb"\x1b\][^\x07\x1b]*", b"", data)):
            self.shown = digit[0]
        answer = b""
        for part in re.findall(rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;?]*[*$]?[A-Za-z]", data):
            if match := self.CLIPBOARD.fullmatch(part):
                if match[1] == b"?":
                    answer += b"\x1b]52;c;" + self.clipboard + b"\x07"
                else:
                    self.clipboard = match[1]
            elif match := self.TITLE.fullmatch(part):
                self.title = match[1]
            elif match := self.MOVE.fullmatch(part):
                self.cursor = match.groups()
            elif part == b"\x1b[21t":
                answer += b"\x1b]l" + self.title + b"\x1b\\"
            elif part.endswith(b"*y"):
                answer += b"\x1bP1!~%04X\x1b\\" % self.shown
            elif part == b"\x1b[6n":
                answer += b"\x1b[" + b";".join(self.cursor) + b"R"
        return answer


def on_terminal(place, command, work, seconds):
    """Runs a command on a terminal of its own; what it wrote there."""
    words = place.become(command)
    pid, master = pty.fork()
    if pid == 0:
        os.chdir(work)
        os.execvpe(words[0], words, place.environment(work))
    screen = Screen()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([master], [], [], 1)[0]:
            try:
                data = os.read(master, 65536)
            except OSError:
                break
            if not data:
                break
            answer = screen.take(data)
            if answer:
                os.write(master, answer)
    else:
        os.kill(pid, signal.SIGKILL)
    os.close(master)
    os.waitpid(pid, 0)
    return screen.seen.decode(errors="replace")


def terminal(place, ways, kind):
    """The ways of the terminal, one after another."""
    script = ""
    for way in ways:
        words = f"{way.row} {shlex.quote(way.name)}"
        script += (f"i=0; while [ $i -lt {BITS} ]; do leak-send turn send {words} $i; leak-receive turn receive {words} $i; "
                   f"i=$((i+1)); done; leak-send turn bits {words} 0; ")
    work = place.work("work")
    command = ["sh", "-c", script] if kind == "control" else place.session(kind, script)
    begin = time.monotonic()
    text = on_terminal(place, command, work, 600)
    slot = (time.monotonic() - begin) * 1000 / BITS / len(ways)
    text = re.sub(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;?]*[*$]?[A-Za-z]", "", text)
    results = {}
    for way in ways:
        name = re.escape(way.name)
        got = {int(i): (int(value), why) for i, value, why in re.findall(rf"TURN (\d+) (\d+) (\S+) {name}\r?$", text, re.M)}
        sent = re.search(rf"BITS ([01]+) {name}\r?$", text, re.M)
        if sent is None or len(got) != BITS or len(sent[1]) != BITS:
            raise RuntimeError(f"{way.name} on a terminal: what came back is not whole:\n{text[-3000:]}")
        whys = {why for _, why in got.values()} - {"-"}
        results[way.name] = measure.Measured(
            [int(bit) for bit in sent[1]], [got[i][0] for i in range(BITS)], False,
            f"receiver {sorted(whys)[0]}" if whys else "", slot)
    return results


# Row 34: the name of the way, what the command is told to do, and whether it is a number or a bit.
ENDS = {
    "exit status, the one bit": ("end", lambda bit: random.randrange(1, 256) if bit else 0),
    "exit status, the other bits": ("end", lambda bit: random.randrange(1, 128) * 2 + bit),
    "use of resources": ("burn", lambda bit: 60 * bit),
    "time of the end": ("wait", lambda bit: 150 * bit),
}


def ends(place, kind):
    """What the shell of the lobby learns of the commands of a side."""
    results = {}
    for name, (verb, number) in ENDS.items():
        sent = [random.randrange(2) for _ in range(BITS)]
        lines = " ".join(str(number(bit)) for bit in sent)
        script = (f"for n in {lines}; do times > before; a=$EPOCHREALTIME; leak-send {verb} $n; s=$?; "
                  "b=$EPOCHREALTIME; times > after; { read -r _; read -r u _; } < before; { read -r _; read -r v _; } < after; "
                  "echo END $s ${a/./} ${b/./} $u $v; done")
        command = ["bash", "-c", script] if kind == "control" else \
            place.session("lobby", f"exec bash -c {shlex.quote(script)}")
        begin = time.monotonic()
        output = place.run(command, place.work("work"), 300)
        slot = (time.monotonic() - begin) * 1000 / BITS
        found = [line.split() for line in output.splitlines() if line.startswith("END ")]
        if len(found) != BITS:
            raise RuntimeError(f"{name}: {len(found)} of {BITS} commands ended:\n{output[-2000:]}")
        if verb == "end":
            got = [int(int(words[1]) != 0) if "one" in name else int(words[1]) & 1 for words in found]
        elif verb == "wait":
            got = [int(words[3]) - int(words[2]) for words in found]
        else:
            got = [seconds(words[5]) - seconds(words[4]) for words in found]
        results[name] = measure.Measured(sent, got, verb != "end", "", slot)
    return results


# Row 68: the name of the way.
CUT = "end of a relay, cut because its writer learned something"


def cut(place, kind):
    """A cell learns what does not go with its reader, or does not, before it writes; a session each time, for it does not
    forget."""
    sent = [random.randrange(2) for _ in range(BITS)]
    got = []
    begin = time.monotonic()
    for bit in sent:
        word = f"learn {place.ports[0]}" if bit else "write 0"
        output = place.run(place.session(kind, f"leak-float {word} | leak-receive heard 0"), place.work("work"), 60)
        found = re.fullmatch(r"HEARD ([01])", output.strip())
        if not found:
            raise RuntimeError(f"{CUT}: {output[-2000:]} {place.errors[-2000:]}")
        got.append(int(found[1]))
    return {CUT: measure.Measured(sent, got, False, "", (time.monotonic() - begin) * 1000 / BITS)}


def seconds(text):
    """Of what the shell's times says."""
    minutes, rest = text.rstrip("s").split("m")
    return int(minutes) * 60 + float(rest)
