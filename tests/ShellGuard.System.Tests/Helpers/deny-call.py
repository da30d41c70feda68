"""Runs a command under a filter that answers some system calls with an error, as a container's or an old kernel does.

    deny-call.py NUMBER[:ARGUMENT:BITS]=ERRNO ... -- COMMAND

With ARGUMENT and BITS only calls in which one of those bits is set."""
import ctypes
import os
import struct
import sys

LOAD, JUMP_EQUAL, JUMP_SET, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, FAIL = 0x7FFF0000, 0x00050000


def instruction(code, true, false, value):
    return struct.pack("HBBI", code, true, false, value)


def rule(text):
    call, error = text.split("=")
    parts = [int(part, 0) for part in call.split(":")]
    answer = instruction(RETURN, 0, 0, FAIL | int(error))
    if len(parts) == 1:
        return instruction(LOAD, 0, 0, 0) + instruction(JUMP_EQUAL, 0, 1, parts[0]) + answer
    number, argument, bits = parts
    return (instruction(LOAD, 0, 0, 0) + instruction(JUMP_EQUAL, 0, 3, number)
            + instruction(LOAD, 0, 0, 16 + 8 * argument) + instruction(JUMP_SET, 0, 1, bits) + answer)


split = sys.argv.index("--")
program = b"".join(rule(text) for text in sys.argv[1:split]) + instruction(RETURN, 0, 0, ALLOW)
code = ctypes.create_string_buffer(program, len(program))
head = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(code)))
libc = ctypes.CDLL(None, use_errno=True)
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, FILTER = 38, 22, 2
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(PR_SET_SECCOMP, FILTER, head, 0, 0):
    sys.exit(f"deny-call.py: {os.strerror(ctypes.get_errno())}")
os.execvp(sys.argv[split + 1], sys.argv[split + 1:])
