"""A name server on port 53 of the loopback: writes each name that it is asked for into a file, and gives an address that
leads nowhere. names.py FILE"""
import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
print("ready", flush=True)
with open(sys.argv[1], "a", buffering=1) as asked:
    while True:
        query, client = server.recvfrom(4096)
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1"))
            at += 1 + query[at]
        asked.write(".".join(labels) + "\n")
        kind = query[at + 1:at + 3]
        question = query[12:at + 5]
        answer = b"\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\x08\x08\x08\x08" if kind == b"\0\x01" else b""
        server.sendto(query[:2] + b"\x81\x80\0\x01" + (b"\0\x01" if answer else b"\0\0") + b"\0\0\0\0" + question + answer, client)
