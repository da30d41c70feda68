"""Stands for the internet: writes down whatever anybody sends to it. internet.py PORT LOG"""
import socketserver
import sys


class Anybody(socketserver.StreamRequestHandler):
    def handle(self):
        self.connection.settimeout(20)
        data = b""
        try:
            while b"\r\n\r\n" not in data:
                piece = self.connection.recv(65536)
                if not piece:
                    break
                data += piece
            if b"100-continue" in data:
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            while not data.endswith(b"0\r\n\r\n"):
                piece = self.connection.recv(65536)
                if not piece:
                    break
                data += piece
        except TimeoutError:
            pass
        with open(sys.argv[2], "ab") as log:
            log.write(data + b"\n")
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nthere\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Anybody).serve_forever()
