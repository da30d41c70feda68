"""A plain overlay mount, as a yardstick for copy-on-write directories."""
import contextlib
import os
import subprocess
import tempfile


@contextlib.contextmanager
def overlay(lower, storage):
    """The path of a writable overlay over a directory; None where this user may not mount one."""
    place = tempfile.mkdtemp(prefix="overlay.", dir=storage)
    for name in ("upper", "work"):
        os.mkdir(f"{place}/{name}")
    # Not beneath the home directory: what is mounted there keeps it from being copy-on-write in a cell.
    merged = tempfile.mkdtemp(prefix="shellguard-bench-overlay.")
    options = f"lowerdir={lower},upperdir={place}/upper,workdir={place}/work"
    done = subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, merged], capture_output=True)
    try:
        yield merged if done.returncode == 0 else None
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", merged], check=True)
        os.rmdir(merged)
