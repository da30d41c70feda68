"""Memory of a session and size of the binary."""
import os
import subprocess
import time

from measure import budget, section, table


def read(path):
    with open(path) as file:
        return file.read()


def memory(pid):
    """Resident and proportional set in KiB, proc_pid_smaps(5)."""
    fields = dict(line.split(":", 1) for line in read(f"/proc/{pid}/smaps_rollup").splitlines()[1:])
    return int(fields["Rss"].split()[0]), int(fields["Pss"].split()[0])


def run(guard, directory):
    section("Memory of one session and size of the binary")
    supervisor = subprocess.Popen([guard, "run", "--", "sleep", "60"], cwd=directory, stdin=subprocess.DEVNULL)
    try:
        init, patience = None, time.monotonic() + 30
        while time.monotonic() < patience:
            children = read(f"/proc/{supervisor.pid}/task/{supervisor.pid}/children").split()
            # Process 1 of the cell is ready when the command, its only child, has become sleep.
            if children and (below := read(f"/proc/{children[0]}/task/{children[0]}/children").split()) \
                    and read(f"/proc/{below[0]}/comm").strip() == "sleep":
                init = int(children[0])
                break
            time.sleep(0.05)
        if init is None:
            raise RuntimeError("the cell did not start")
        time.sleep(1)
        ours, its = memory(supervisor.pid), memory(init)
    finally:
        supervisor.terminate()
        supervisor.wait()
    table(["", "resident MiB", "proportional MiB"],
          [[name, f"{rss / 1024:.1f}", f"{pss / 1024:.1f}"] for name, (rss, pss) in (("supervisor", ours), ("init", its))])
    budget("supervisor and init, resident", (ours[0] + its[0]) / 1024, 25, " MB")
    budget("binary", os.stat(guard).st_size / 1e6, 15, " MB")
