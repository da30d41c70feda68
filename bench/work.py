"""Whole programs: timed within their surroundings, so that a session's start does not count."""
import os
import statistics
import subprocess

from measure import budget, figure, in_turn, inside, quotient, ratio, section, table
from overlay import overlay

FILES = 50_000
SOURCES = 40


def make_project(path):
    """A C program in 40 files."""
    os.mkdir(path)
    for i in range(SOURCES):
        with open(f"{path}/part{i}.c", "w") as file:
            file.write("#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <sys/socket.h>\n")
            for k in range(40):
                file.write(f"int part{i}_{k}(int x) {{ char b[64]; snprintf(b, sizeof b, \"%d\", x + {k}); "
                           f"return (int)strlen(b) + atoi(b) * {k}; }}\n")
    with open(f"{path}/main.c", "w") as file:
        file.writelines(f"int part{i}_0(int);\n" for i in range(SOURCES))
        file.write("int main(void) { return " + " + ".join(f"part{i}_0({i})" for i in range(SOURCES)) + " == 0; }\n")
    with open(f"{path}/Makefile", "w") as file:
        objects = " ".join(["main.o", *(f"part{i}.o" for i in range(SOURCES))])
        file.write(f"CFLAGS = -O1\nprogram: {objects}\n\t$(CC) -o $@ $^\nclean:\n\trm -f program *.o\n")


def make_repository(path):
    """50,000 small files in 500 directories, committed."""
    for i in range(FILES // 100):
        os.makedirs(f"{path}/d{i}")
        for k in range(100):
            with open(f"{path}/d{i}/f{k}", "w") as file:
                file.write(f"file {i} {k}\n" * 4)
    for command in (["init", "-q"], ["add", "-A"],
                    ["-c", "user.name=bench", "-c", "user.email=bench@example.org", "commit", "-qm", "files"]):
        subprocess.run(["git", *command], cwd=path, check=True)


def run(guard, directory, rounds):
    section(f"Work in a directory in milliseconds, median of {rounds} runs in turn")
    project, repository = os.path.join(directory, "project"), os.path.join(directory, "repository")
    make_project(project)
    make_repository(repository)
    works = {
        "C build, 41 files, make -j2": (project, "make -s clean && make -s -j2", 1),
        "git status, 50,000 files": (repository, "git status --porcelain", 5),
        "tar of 50,000 files": (repository, "tar cf - . | wc -c", 1),
        "tar unpacking 5,000 files": (
            repository, "rm -rf copy && mkdir copy && tar cf - d1? d2? d3? d4? d5? | tar xf - -C copy && rm -rf copy", 1),
    }
    rows, verdicts = [], []
    for label, (place, script, times) in works.items():
        found = surroundings(guard, directory, place, script, times, rounds)
        native, plain, cow, direct = found.values()
        rows.append([label, *(figure(value) for value in found.values()), ratio(cow, plain), ratio(direct, native)])
        verdicts += [(f"{label}, copy-on-write, as a multiple of a plain overlay", cow, plain),
                     (f"{label}, direct path, as a multiple of native", direct, native)]
    base = "tar cf - /usr/include /usr/share/doc 2>/dev/null | wc -c"
    native, ours = medians_of({
        "native": lambda: inside([], directory, base, 3),
        "shellguard": lambda: inside([guard, "run", "--"], directory, base, 3)}, rounds).values()
    table(["", "native", "plain overlay", "copy-on-write in the cell", "direct path in the cell",
           "copy-on-write x overlay", "direct x native"], rows)
    print(f"tar of /usr/include and /usr/share/doc on the read-only base: native {figure(native)}, in the cell "
          f"{figure(ours)}, x native {ratio(ours, native)}\n")
    for label, ours_, other in verdicts:
        budget(label, quotient(ours_, other), 1.03, "")
    budget("tar on the read-only base, as a multiple of native", quotient(ours, native), 1.03, "")


def surroundings(guard, directory, place, script, times, rounds):
    with overlay(place, directory) as merged:
        def refuse():
            raise RuntimeError("no overlay could be mounted")
        return medians_of({
            "native": lambda: inside([], place, script, times),
            "plain overlay": (lambda: inside([], merged, script, times)) if merged else refuse,
            "copy-on-write": lambda: inside([guard, "run", "--"], place, script, times),
            "direct": lambda: inside([guard, "run", "--direct", place, "--"], place, script, times),
        }, rounds)


def medians_of(samplers, rounds):
    return {name: value if isinstance(value, str) else statistics.median(value)
            for name, value in in_turn(samplers, rounds).items()}
