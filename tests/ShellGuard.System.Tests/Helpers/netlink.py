"""What a route socket tells, and what may be done with it; netlink(7)."""
import errno
import socket
import struct
import sys

RTM_NEWLINK, RTM_GETADDR, RTM_GETNEIGHTBL = 16, 22, 66
REQUEST, ACK, DUMP = 1, 4, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
SOL_SOCKET, SO_DETACH_FILTER, SO_LOCK_FILTER = 1, 27, 44


def ask(kind, flags, body):
    """All messages of the answer, each with its type; none where nothing comes."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as route:
        route.settimeout(1)
        route.send(struct.pack("IHHII", 16 + len(body), kind, REQUEST | flags, 1, 0) + body)
        while True:
            try:
                data = route.recv(65536)
            except TimeoutError:
                return
            while data:
                length, kind = struct.unpack_from("IH", data)
                if kind == NLMSG_DONE:
                    return
                yield kind, data[16:length]
                if kind == NLMSG_ERROR:
                    return
                data = data[(length + 3) & ~3:]


def attributes(data):
    while data:
        length, kind = struct.unpack_from("HH", data)
        yield kind, data[4:length]
        data = data[(length + 3) & ~3:]


def attempt(what):
    try:
        return str(what())
    except OSError as error:
        return errno.errorcode[error.errno]


def change_loopback():
    for _, answer in ask(RTM_NEWLINK, ACK, struct.pack("BxHiII", 0, 0, 1, 0, 1)):
        return errno.errorcode.get(-struct.unpack_from("i", answer)[0], "changed")


addresses = [socket.inet_ntoa(value) for _, message in ask(RTM_GETADDR, DUMP, struct.pack("BBBBI", socket.AF_INET, 0, 0, 0, 0))
             for kind, value in attributes(message[8:]) if kind == 1]
tables = {value.rstrip(b"\0").decode() for _, message in ask(RTM_GETNEIGHTBL, DUMP, struct.pack("Bxxx", socket.AF_INET))
          for kind, value in attributes(message[4:]) if kind == 1}
plain = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 0)
other = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC, 0)
libc = __import__("ctypes").CDLL(None)
print("interfaces:", *(name for _, name in socket.if_nameindex()))
print("addresses:", *addresses)
print("neighbour tables:", *tables or ["none"])
print("without the filter:", attempt(lambda: plain.setsockopt(SOL_SOCKET, SO_DETACH_FILTER, 0)))
print("without the lock:", attempt(lambda: plain.setsockopt(SOL_SOCKET, SO_LOCK_FILTER, 0)))
if "change" in sys.argv:
    print("loopback down:", change_loopback())
print("another protocol:", attempt(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9)))
print("another type:", attempt(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_SEQPACKET, 0)))
print(f"closed on exec: {not other.get_inheritable()}, {libc.fcntl(libc.socket(16, 3, 0), 1) == 1}")
print(f"waits: {other.getblocking()}, {plain.getblocking()}")
