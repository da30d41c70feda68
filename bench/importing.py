#!/usr/bin/env python3
"""How fast and in how much memory `shellguard import` reads a large recording of strace.

    bench/importing.py [LINES [DIRECTORY]]

Writes a log like that of a scanner that starts tens of thousands of small programs (default 1,510,000 lines, some 250
MB), packs it with gzip, writes one that has the same lines twice and one twice as long to show that memory does not
grow with lines, and prints time and peak memory of each, and how many accesses are distinct, beside the budgets: 10 s
and 300 MB on two processors. bench/run has it too."""
import gzip
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GUARD = os.path.join(ROOT, "artifacts", "native", "shellguard")
LINES = 1_510_000
FILES = [f"/usr/share/package{i % 997}/directory{i % 97}/a-file-with-a-longer-name-{i}.conf" for i in range(20000)]
LIBRARIES = [f"/usr/lib/x86_64-linux-gnu/lib{i}.so.6.0.0" for i in range(60)]
PROGRAMS = ["date", "expr", "cut", "awk", "grep", "sed", "tr", "cat", "sort", "head"]
CWD = "AT_FDCWD</root/some/working/directory>"


def child(pid, main):
    """The lines of one small program, interleaved with those of the shell that starts it."""
    program, number = random.choice(PROGRAMS), random.randrange(3000)
    yield f"{main}  clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD <unfinished ...>"
    yield f"{pid} set_robust_list(0x7f5a00000a20, 24) = 0"
    yield f"{main}  <... clone resumed>, child_tidptr=0x7f5a00000a10) = {pid}"
    yield (f'{pid} execve("/usr/local/bin/{program}", ["{program}", "-c", "{number}"], 0x55d0c8 /* 30 vars */) '
           "= -1 ENOENT (No such file or directory)")
    yield f'{pid} execve("/usr/bin/{program}", ["{program}", "-c", "{number}"], 0x55d0c8 /* 30 vars */) = 0'
    for library in random.sample(LIBRARIES, 4):
        yield f'{pid} openat({CWD}, "{library}", O_RDONLY|O_CLOEXEC) = 3<{library}>'
        yield f'{pid} newfstatat(3<{library}>, "", {{st_mode=S_IFREG|0755, st_size=1922136, ...}}, AT_EMPTY_PATH) = 0'
        yield (f"{pid} mmap(0x7f5a00000000, 1396736, PROT_READ|PROT_EXEC, MAP_PRIVATE|MAP_FIXED|MAP_DENYWRITE, "
               f"3<{library}>, 0x26000) = 0x7f5a00000000")
        yield f"{pid} close(3<{library}>)            = 0"
    yield f"{pid} munmap(0x7f5a00200000, 24191) = 0"
    for _ in range(30):
        file = random.choice(FILES)
        if random.random() < .3:
            yield f'{pid} newfstatat({CWD}, "{file}", 0x7ffe11112222, 0) = -1 ENOENT (No such file or directory)'
        else:
            yield f'{pid} openat({CWD}, "{file}", O_RDONLY|O_CLOEXEC) = 3<{file}>'
    yield f"{pid} exit_group(0)                     = ?"
    yield f"{pid} +++ exited with 0 +++"
    yield f"{main}  --- SIGCHLD {{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid={pid}, si_uid=0, si_status=0}} ---"


def write(path, lines):
    random.seed(1)
    main, pid, written = 1000, 20000, 2
    with open(path, "w") as log:
        log.write(f'{main}  execve("/usr/sbin/scan", ["scan"], 0x7ffe /* 20 vars */) = 0\n')
        while written < lines:
            pid = pid + 1 if pid < 32767 else 20001
            rows = list(child(pid, main))
            log.write("\n".join(rows) + "\n")
            written += len(rows)
        log.write(f"{main}  exit_group(0) = ?\n{main}  +++ exited with 0 +++\n")


def measure(guard, path):
    start = time.monotonic()
    process = subprocess.Popen([guard, "import", path], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"import ended with {os.waitstatus_to_exitcode(status)}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def distinct(guard, path):
    """How many accesses are left when those that are the same are put together; by a run that is not measured."""
    with subprocess.Popen([guard, "import", "--json", path], stdout=subprocess.PIPE) as process:
        return sum(b'"target":' in line for line in process.stdout)


def row(guard, name, lines, path):
    """Prints the line of one input and returns whether it is within the budgets of time and of memory."""
    seconds, processor, memory = measure(guard, path)
    print(f"| {name} | {lines:,} | {distinct(guard, path):,} | {os.path.getsize(path) / 1e6:.0f} | {seconds:.1f} "
          f"| {processor:.1f} | {memory:.0f} |", flush=True)
    return seconds <= 10, memory <= 300


def run(guard, place, lines=LINES):
    print("\n## Import\n\nA log like that of a scanner that starts tens of thousands of small programs, the same packed with "
          "gzip, the same lines twice, and a log twice as long.\n")
    print("| input | lines | distinct accesses | MB | s | s of processor | peak MB |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=place) as directory:
        path, packed, twice = (os.path.join(directory, name) for name in ("log", "log.gz", "twice"))
        write(path, lines)
        plain = row(guard, "plain", lines, path)
        with open(path, "rb") as log, gzip.open(packed, "wb", compresslevel=6) as file:
            shutil.copyfileobj(log, file, 1 << 20)
        gz = row(guard, "gzip", lines, packed)
        with open(twice, "wb") as file:
            for _ in range(2):
                with open(path, "rb") as log:
                    shutil.copyfileobj(log, file, 1 << 20)
        _, same = row(guard, "plain, the same lines twice", 2 * lines, twice)
        os.remove(twice)
        write(path, 2 * lines)
        _, small = row(guard, "plain, twice as long", 2 * lines, path)
    print(f"\n- a log of {lines / 1e6:.1f} million lines: at most 10 s and 300 MB; **{'held' if all(plain + gz) else 'missed'}**; load "
          f"{os.getloadavg()[0]:.1f} behind the last")
    print(f"- memory grows with what is distinct and not with lines: 300 MB hold twice as many; **{'held' if same and small else 'missed'}**")


if __name__ == "__main__":
    run(GUARD, sys.argv[2] if len(sys.argv) > 2 else None, int(sys.argv[1]) if len(sys.argv) > 1 else LINES)
