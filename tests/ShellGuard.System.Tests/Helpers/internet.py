"""Stands for the internet: writes down whatever anybody sends to it, also as it was before somebody packed or encoded it.
internet.py PORT LOG"""
import base64
import re
import socketserver
import sys
import threading
import urllib.parse
import zlib

ENTRY = b"=====\n"
LOCK = threading.Lock()


def hexadecimal(data):
    return bytes.fromhex(re.sub(rb"[^0-9A-Fa-f]", b"", data).decode())


def base32(data):
    letters = re.sub(rb"[^A-Z2-7]", b"", data)
    return base64.b32decode(letters + b"=" * (-len(letters) % 8))


def base_64(data):
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))


DECODERS = [lambda data: zlib.decompress(data, 47), base_64, base32, hexadecimal, lambda data: data[::-1],
            urllib.parse.unquote_to_bytes]


def readings(data, depth=2):
    """What this may mean otherwise, packed or encoded twice at most."""
    found, last = {data}, {data}
    for _ in range(depth):
        fresh = set()
        for text in last:
            for decode in DECODERS if len(text) < 1 << 22 else []:
                try:
                    fresh.add(decode(text))
                except (ValueError, zlib.error):
                    pass
        last = fresh - found
        found |= last
    return sorted(found - {data, b""})


class Anybody(socketserver.StreamRequestHandler):
    def handle(self):
        self.connection.settimeout(20)
        head, body = b"", b""
        try:
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                head += line
            if b"100-continue" in head:
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            if b"chunked" in head:
                while size := int(self.rfile.readline() or b"0", 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
            elif length := re.search(rb"Content-Length: (\d+)", head):
                body = self.rfile.read(int(length[1]))
        except (OSError, ValueError):
            pass
        if not head:
            return
        with LOCK, open(sys.argv[2], "ab") as log:
            log.write(ENTRY + head + b"\r\n" + body + b"\n")
            log.write(b"".join(text + b"\n" for text in readings(body) + readings(head.split(b"\r\n")[0])))
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nthere\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Anybody).serve_forever()
