"""Locks and watches as programs use them: on files of one's own they are what they are outside of a cell."""
import ctypes
import errno
import fcntl
import os
import signal
import sys
import threading
import time

LIBC = ctypes.CDLL(None, use_errno=True)


def child(work):
    """Runs something in a process of its own; what it returns, a number below 256."""
    pid = os.fork()
    if pid == 0:
        os._exit(work())
    return pid


def status(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def refused(lock, file, how):
    try:
        lock(file, how)
        return "granted"
    except OSError as failure:
        return errno.errorcode[failure.errno]


def excluded(lock):
    """Whether another process is kept out, waits, and gets in; and whether a signal ends its wait."""
    with open("lock", "w") as mine:
        lock(mine, fcntl.LOCK_EX)

        def look():
            with open("lock", "w") as other:
                return refused(lock, other, fcntl.LOCK_EX | fcntl.LOCK_NB) in ("EAGAIN", "EACCES")

        def wait():
            with open("lock", "w") as other:
                lock(other, fcntl.LOCK_EX)
                return os.path.getsize("lock")

        def give_up():
            def enough(*_):
                raise TimeoutError
            signal.signal(signal.SIGALRM, enough)
            signal.alarm(1)
            with open("lock", "w") as other:
                try:
                    lock(other, fcntl.LOCK_EX)
                except TimeoutError:
                    return 7
            return 0

        kept_out = status(child(look))
        gave_up = status(child(give_up))
        waiting = child(wait)
        time.sleep(0.3)
        mine.write("done")
        mine.flush()
        lock(mine, fcntl.LOCK_UN)
        return kept_out, gave_up, status(waiting)


def watch(path):
    instance = LIBC.inotify_init1(os.O_NONBLOCK)
    number = LIBC.inotify_add_watch(instance, path.encode(), 0x100)  # IN_CREATE
    return instance, number if number < 0 else 0, errno.errorcode.get(ctypes.get_errno(), "") if number < 0 else ""


def own():
    print("flock", *excluded(fcntl.flock))
    print("lockf", *excluded(fcntl.lockf))
    stop = threading.Event()
    threading.Thread(target=stop.wait, daemon=True).start()
    print("lockf with threads", *excluded(fcntl.lockf))
    stop.set()
    os.makedirs("watched", exist_ok=True)
    instance, *what = watch("watched")
    open("watched/new", "w").close()
    print("inotify", *what, len(os.read(instance, 4096)) > 0)


def shared():
    for path in ("/usr/bin/env", "/dev/null"):
        with open(path, "rb") as file:
            print(path, refused(fcntl.flock, file, fcntl.LOCK_SH), refused(fcntl.flock, file, fcntl.LOCK_EX),
                  refused(fcntl.lockf, file, fcntl.LOCK_SH))
        print(path, *watch(path)[1:])


if __name__ == "__main__":
    globals()[sys.argv[1]]()
