#!/usr/bin/env python3
"""What tracing costs: each workload plain, under `strace -f --seccomp-bpf` with the same calls, under `shellguard trace` with
both back ends, and while execsnoop, opensnoop and statsnoop of libbpf-tools watch the machine.

    bench/trace.py [ROUNDS]

Prints a table of medians of whole runs and ratios to the plain one. bench/run has it too."""
import os
import shutil
import signal
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
    "lynis, the checks of authentication": ["sh", os.path.join(ROOT, "examples", "scanner", "lynis-checks"), "authentication"],
    "python, many modules": ["python3", "-c", "import json, ssl, http.client, xml.dom.minidom, sqlite3"],
}


def once(command):
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def watch():
    """Tools of libbpf-tools that see a part of the same calls, of all processes; empty where they are not installed."""
    tools = [tool for tool in ("execsnoop", "opensnoop", "statsnoop") if shutil.which(tool)]
    watchers = [subprocess.Popen([tool], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for tool in tools]
    time.sleep(2 if watchers else 0)
    return [watcher for watcher in watchers if watcher.poll() is None]


def run(guard, rounds):
    print("\n## Tracing\n\nBeside `strace -f --seccomp-bpf -yy` of the same calls; whole runs, medians, x native. The last column "
          "is the same run while execsnoop, opensnoop and statsnoop of libbpf-tools watch the whole machine (- where they do "
          "not run). Behind eBPF's stands the run without the time that loading the programs takes. "
          "Aims: never slower than strace, 2 x where no traced call is made, 3 x on fork storms and lynis.\n")
    print("| | native, ms | strace | ptrace | eBPF | libbpf-tools |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir="/var/tmp") as directory:
        def traced(backend, number, words):
            audit = f"{directory}/{number}.audit"
            taken = once([guard, "trace", "-q", "--backend", backend, "-o", audit, "--", *words])
            os.remove(audit)
            os.remove(audit + ".strace.gz")
            return taken

        start = statistics.median(traced("ebpf", number, ["true"]) for number in range(rounds))
        for name, words in WORK.items():
            words = [word.format(directory) if "{}/" in word else word for word in words]
            times = [[], [], [], [], []]
            for number in range(rounds):
                times[0].append(once(words))
                times[1].append(once(["strace", "-f", "--seccomp-bpf", "-yy", "-s", "65535", "-e", f"trace={CALLS}",
                                      "-o", f"{directory}/strace", *words]))
                times[2].append(traced("ptrace", number, words))
                times[3].append(traced("ebpf", number, words))
            watchers = watch()
            for number in range(rounds if watchers else 0):
                times[4].append(once(words))
            for watcher in watchers:
                watcher.send_signal(signal.SIGINT)
                watcher.wait()
            native, strace, ptrace, ebpf = (statistics.median(each) for each in times[:4])
            tools = f"{statistics.median(times[4]) / native:.2f}" if watchers else "-"
            print(f"| {name} | {native * 1000:.0f} | {strace / native:.2f} | {ptrace / native:.2f} | {ebpf / native:.2f} "
                  f"({max(ebpf - start, 0) / native:.2f}) | {tools} |", flush=True)
        print(f"\n`shellguard trace --backend ebpf -- true`: {start * 1000:.0f} ms.")


if __name__ == "__main__":
    run(GUARD, int(sys.argv[1]) if len(sys.argv) > 1 else 5)
