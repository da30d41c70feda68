"""Waits for futexes that other processes may wake: what a wait ends with, and that it ends in time."""
import ctypes
import errno
import mmap
import multiprocessing
import os
import signal
import struct
import threading
import time

FUTEX, WAIT, WAKE, WAIT_BITSET, PRIVATE, REALTIME = 202, 0, 1, 9, 128, 256
libc = ctypes.CDLL(None, use_errno=True)
shared = mmap.mmap(-1, 4096)
word = ctypes.c_uint.from_buffer(shared)


def futex(operation, value, timeout=None, address=None, bits=0xFFFFFFFF):
    """The error, or how many were woken, and whether it took as long as the wait may take."""
    pointer = struct.pack("qq", int(timeout), int(timeout % 1 * 1e9)) if timeout is not None else None
    result = libc.syscall(FUTEX, ctypes.c_void_p(address or ctypes.addressof(word)), operation, value, pointer, None, bits)
    return errno.errorcode[ctypes.get_errno()] if result < 0 else result


def wait_for(value, seconds=20):
    """As programs wait: until the word is another."""
    begin = time.monotonic()
    while word.value == value and time.monotonic() - begin < seconds:
        futex(WAIT, value)
    return word.value


def timed(operation, timeout):
    begin = time.monotonic()
    result = futex(operation, word.value, timeout)
    while result == 0:
        result = futex(operation, word.value, timeout)
    return result, 0.25 < time.monotonic() - begin < 10


print("another value", futex(WAIT, 1))
print("no memory", futex(WAIT, 0, address=8))
print("crooked", futex(WAIT, 0, address=ctypes.addressof(word) + 1))
print("no bits", futex(WAIT_BITSET, 0, bits=0))
print("negative", futex(WAIT, 0, -1))
print("relative", futex(WAIT, 0, 0.3))
print("monotonic", *timed(WAIT_BITSET, time.clock_gettime(time.CLOCK_MONOTONIC) + 0.3))
print("realtime", *timed(WAIT_BITSET | REALTIME, time.time() + 0.3))

child = os.fork()
if child == 0:
    time.sleep(0.5)
    word.value = 7
    futex(WAKE, 1)
    os._exit(0)
print("woken", wait_for(0))
os.waitpid(child, 0)

signal.signal(signal.SIGALRM, lambda *_: None)
signal.siginterrupt(signal.SIGALRM, True)
signal.setitimer(signal.ITIMER_REAL, 0.3)
result = 0
while result == 0:
    result = futex(WAIT, 7)
print("signal", result)

lock = multiprocessing.Lock()
lock.acquire()
print("taken", lock.acquire(timeout=0.3))
threading.Timer(0.3, lock.release).start()
print("released", lock.acquire(timeout=20))
with multiprocessing.Pool(4) as pool:
    print("pool", sum(pool.map(abs, range(-1000, 0))))
