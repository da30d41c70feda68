"""Start of `true`, whole process, against the peers."""
import contextlib
import json
import os
import subprocess

from measure import budget, figure, medians, once, quotient, ratio, section, table

BWRAP = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]


def bundle(directory):
    """An OCI bundle with the host's /usr, read-only."""
    path = os.path.join(directory, "bundle")
    os.mkdir(path)
    try:
        once(["crun", "spec"], path)
    except (OSError, RuntimeError):
        return path
    name = os.path.join(path, "config.json")
    with open(name) as file:
        config = json.load(file)
    config["process"]["args"] = ["/usr/bin/true"]
    config["process"]["terminal"] = False
    # Not every host's control groups are what these versions know; they are not what is measured.
    config["mounts"] = [mount for mount in config["mounts"] if mount["type"] != "cgroup"]
    os.mkdir(f"{path}/rootfs")
    for link in ("bin", "lib", "lib64", "sbin"):
        os.symlink(f"usr/{link}", f"{path}/rootfs/{link}")
    config["mounts"].append({"destination": "/usr", "type": "bind", "source": "/usr", "options": ["rbind", "ro"]})
    config["root"] = {"path": "rootfs", "readonly": False}
    with open(name, "w") as file:
        json.dump(config, file)
    return path


@contextlib.contextmanager
def crun():
    """The words before a crun command. crun refuses a host with both trees of control groups: there it gets the new one
    alone, in a mount namespace of its own, which it enters by nsenter."""
    if not os.path.isdir("/sys/fs/cgroup/unified"):
        yield []
        return
    script = "mount --rbind /sys/fs/cgroup/unified /sys/fs/cgroup && echo && exec sleep infinity"
    holder = subprocess.Popen(["unshare", "--mount", "sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        holder.stdout.readline()
        yield ["nsenter", f"--mount=/proc/{holder.pid}/ns/mnt"]
    finally:
        holder.kill()
        holder.wait()


def run(guard, directory, rounds):
    section(f"Start of `true`, whole process, median of {rounds} runs in turn")
    oci = bundle(directory)
    container = f"shellguard-bench-{os.getpid()}"
    with crun() as prefix:
        found = medians({
            "native": ["true"],
            "bwrap --unshare-all": [*BWRAP, "true"],
            "shellguard run": [guard, "run", "--", "true"],
            "firejail --noprofile": ["firejail", "--quiet", "--noprofile", "true"],
            "crun run": [*prefix, "crun", "--cgroup-manager=disabled", "run", "-b", oci, container],
            "runc run": ["runc", "run", "-b", oci, container],
            "runsc do": ["runsc", "--rootless", "--network=none", "do", "true"],
        }, rounds, directory)
    bwrap, ours = found["bwrap --unshare-all"], found["shellguard run"]
    table(["", "ms", "x bwrap"], [[name, figure(ms), ratio(ms, bwrap)] for name, ms in found.items()])
    budget("start, as a multiple of bwrap's", quotient(ours, bwrap), 2, "")
    budget("start", ours, 15, " ms")
