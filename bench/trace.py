#!/usr/bin/env python3
"""What tracing costs: each workload plain, under `strace -f --seccomp-bpf` with the same calls, and under `shellguard trace`.

    bench/trace.py [ROUNDS]

Prints a table of medians of whole runs and ratios to the plain one. bench/run has it too."""
import os
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GUARD = os.path.join(ROOT, "artifacts", "native", "shellguard")
CALLS = ("%file,%process,%network,%creds,mmap,fchmod,fchown,ftruncate,fallocate,fsetxattr,memfd_create,kill,tgkill,"
         "ptrace,bpf,io_uring_setup,mount,prctl,seccomp")

WORK = {
    "dd, 400,000 calls, none traced": ["dd", "if=/dev/zero", "of=/dev/null", "bs=1", "count=200000"],
    "300 forks with execve": ["bash", "-c", "for i in $(seq 300); do /bin/cat /etc/hostname; done"],
    "find, a call for each file": ["find", "/usr/share/doc", "-newer", "/etc/hostname"],
    "git status": ["git", "-C", ROOT, "status", "--short"],
    "gcc, one file": ["gcc", "-O1", "-o", "{}/out", os.path.join(ROOT, "bench", "micro.c")],
    "python, many modules": ["python3", "-c", "import json, ssl, http.client, xml.dom.minidom, sqlite3"],
}


def once(command):
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def run(guard, rounds):
    print("\n## Tracing\n\nBeside `strace -f --seccomp-bpf -yy` of the same calls; whole runs, medians, x native. "
          "Aims: never slower than strace, 2 x where no traced call is made, 3 x on fork storms.\n")
    print("| | native, ms | strace | `shellguard trace` |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir="/var/tmp") as directory:
        for name, words in WORK.items():
            words = [word.format(directory) if "{}/" in word else word for word in words]
            times = [[], [], []]
            for number in range(rounds):
                audit = f"{directory}/{number}.audit"
                times[0].append(once(words))
                times[1].append(once(["strace", "-f", "--seccomp-bpf", "-yy", "-s", "65535", "-e", f"trace={CALLS}",
                                      "-o", f"{directory}/strace", *words]))
                times[2].append(once([guard, "trace", "-q", "-o", audit, "--", *words]))
                os.remove(audit)
                os.remove(audit + ".strace.gz")
            native, strace, own = (statistics.median(each) for each in times)
            print(f"| {name} | {native * 1000:.0f} | {strace / native:.2f} | {own / native:.2f} |")


if __name__ == "__main__":
    run(GUARD, int(sys.argv[1]) if len(sys.argv) > 1 else 5)
