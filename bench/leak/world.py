"""What the two ends of a channel meet outside of their cells: files, endpoints, a policy that keeps them apart."""
import os
import pwd
import re
import shlex
import shutil
import socket
import socketserver
import subprocess
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))

# Files of the base, and of the working directory, with their sizes.
BASE = {name: 4096 for name in (
    "contents", "access", "mapping", "handle", "flock", "posix", "ofd", "lease", "watched", "fanotify", "futex", "mapped",
    "notified/file")}
BASE.update({name: 512 * 64 * 4096 for name in ("pages-nowait", "pages-asynchronous", "pages-mincore", "pages-cachestat", "pages-time")})
WORK = {name: 64 for name in (
    "size", "time", "mode", "hard", "attribute", "flag", "mapping", "flock", "posix", "watched", "blocks")}

# Who the two are: the label of the receiver's cell, and the tag that must not meet the sender's.
PAIRS = {"sides": "two sides", "lobby": "a side and the lobby"}


class Keeper(socketserver.ThreadingMixIn):
    """Keeps one character under each key."""
    daemon_threads = True
    allow_reuse_address = True


class TcpKeeper(Keeper, socketserver.TCPServer):
    request_queue_size = 256


class UnixKeeper(Keeper, socketserver.UnixStreamServer):
    request_queue_size = 256


def keeper(server, address):
    kept = {}

    class Talk(socketserver.StreamRequestHandler):
        def handle(self):
            try:
                for line in self.rfile:
                    words = line.decode("ascii", "replace").split()
                    if words[:1] == ["PUT"] and len(words) == 3:
                        kept[words[1]] = words[2]
                        self.wfile.write(b"k")
                    elif words[:1] == ["GET"] and len(words) == 2:
                        self.wfile.write(kept.get(words[1], "0").encode())
            except OSError:
                pass  # Whoever called is gone: it has its answer, or wants none.

    made = server(address, Talk)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    return made


class World:
    """A directory that cells see read-only, with a working directory in it that they see copy-on-write."""

    def __init__(self, guard, user, place):
        self.errors = ""
        self.user = pwd.getpwnam(user) if user else None
        self.directory = tempfile.mkdtemp(prefix="shellguard-leaks.", dir=place)
        os.chmod(self.directory, 0o755)
        os.makedirs(f"{self.directory}/bin")
        os.makedirs(f"{self.directory}/state/store", mode=0o700)
        for name in ("leak", "leak-send", "leak-receive", "leak-float"):
            self._binary(name)
        shutil.copy(guard, f"{self.directory}/bin/shellguard")
        os.chmod(f"{self.directory}/bin/shellguard", 0o755)
        for name, size in BASE.items():
            self._file(f"{self.directory}/{name}", size)
        with open(f"{self.directory}/disk", "wb") as disk:
            disk.write(os.urandom(4096) * 1024)
        os.mkdir(f"{self.directory}/mount-point")
        for name in ("fifo", "fifo-size"):
            os.mkfifo(f"{self.directory}/{name}", 0o666)
            os.chmod(f"{self.directory}/{name}", 0o666)
        os.sync()
        self.servers = [keeper(TcpKeeper, ("127.0.0.1", 0)) for _ in range(3)]
        self.servers.append(keeper(UnixKeeper, f"{self.directory}/service"))
        os.chmod(f"{self.directory}/service", 0o777)
        self.ports = [server.server_address[1] for server in self.servers[:3]]
        self._own(self.directory)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.shutdown()
            server.server_close()
        shutil.rmtree(self.directory)
        for directory in ("/tmp", "/var/tmp"):
            for name in os.listdir(directory):
                if re.fullmatch(rf"leak-[a-z]+-{self.user.pw_uid if self.user else os.geteuid()}", name):
                    os.unlink(f"{directory}/{name}")

    def _binary(self, name):
        path = f"{self.directory}/bin/{name}"
        if name == "leak":
            sources = sorted(os.path.join(HERE, file) for file in os.listdir(HERE) if file.endswith(".c"))
            subprocess.run(["gcc", "-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-o", path, *sources], check=True)
        else:
            os.symlink("leak", path)

    def _file(self, path, size):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            for _ in range(0, size, 1 << 20):
                file.write(b"\0" * min(size, 1 << 20))
        os.chmod(path, 0o644)

    def _own(self, path):
        if self.user:
            subprocess.run(["chown", "-hR", f"{self.user.pw_uid}:{self.user.pw_gid}", path], check=True)

    @property
    def identity(self):
        return "user" if self.user or os.geteuid() else "root"

    def work(self, name):
        """A fresh working directory."""
        path = f"{self.directory}/{name}"
        shutil.rmtree(path, ignore_errors=True)
        for file, size in WORK.items():
            self._file(f"{path}/{file}", size)
        for directory in ("links", "home"):
            os.makedirs(f"{path}/{directory}")
        os.mkfifo(f"{path}/fifo")
        self._own(path)
        return path

    def policy(self, pair, shared=False):
        """A policy under which the two ends must not meet.

        A third may learn what the sender knows, and writes to the receiver until then.

        shared: both are granted an endpoint that is no opaque one, which joins them."""
        sender, receiver, both = self.ports
        other = '["client:b"]' if pair == "sides" else "[]"
        kind = "source" if pair == "sides" else "sink"
        text = f"""
extends = "default"
[tags]
"client:a" = "what the sender knows"
"client:b" = "what the receiver knows, or where it sends"
"common" = "what both may use"
[[resource]]
name = "endpoint of a"
net = ["127.0.0.1:{sender}", "*.a.leak.test:443"]
source = ["client:a"]
[[resource]]
name = "endpoint of b"
net = ["127.0.0.1:{receiver}", "*.b.leak.test:443"]
{kind} = ["client:b"]
[[resource]]
name = "endpoint of both"
net = ["127.0.0.1:{both}"]
sink = ["common"]
opaque = {"false" if shared else "true"}
[[conflict]]
name = "clients"
never_all = ["client:a", "client:b"]
[cell.a]
label = ["client:a"]
commands = ["leak-send"]
net = ["127.0.0.1:{sender}", "127.0.0.1:{both}", "*.a.leak.test:443"]
[cell.b]
label = {other}
commands = ["leak-receive"]
net = ["127.0.0.1:{receiver}", "127.0.0.1:{both}", "*.b.leak.test:443"]
[cell.f]
clearance = ["client:a"]
late = "sever"
commands = ["leak-float"]
net = ["127.0.0.1:{sender}"]
"""
        path = f"{self.directory}/{pair}{'-shared' if shared else ''}.toml"
        with open(path, "w") as file:
            file.write(text)
        return path

    def become(self, command):
        if not self.user:
            return command
        return ["setpriv", f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups", "--", *command]

    def environment(self, work):
        return {
            "PATH": f"{self.directory}/bin:/usr/local/bin:/usr/bin:/bin", "HOME": f"{work}/home", "LC_ALL": "C.UTF-8",
            "SHELLGUARD_STATE": f"{self.directory}/state/store", "TERM": "xterm",
        }

    def run(self, command, work, seconds, may_fail=False):
        """Its standard output; RuntimeError where it fails."""
        done = subprocess.run(
            self.become(command), cwd=work, env=self.environment(work), stdin=subprocess.DEVNULL, capture_output=True,
            text=True, errors="replace", timeout=seconds)
        self.errors = done.stderr
        if done.returncode != 0 and not may_fail:
            raise RuntimeError(f"{shlex.join(command[:3])}: status {done.returncode}: {done.stderr.strip()[-2000:]}")
        return done.stdout

    def session(self, pair, script, shared=False):
        """The command that runs a script in a lobby; what must not be shared is there when it starts."""
        return [f"{self.directory}/bin/leak", "common", f"{self.directory}/bin/shellguard", "run",
                "--policy", self.policy(pair, shared), "--", "sh", "-c", script]


