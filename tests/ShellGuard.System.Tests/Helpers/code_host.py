"""Stands for a code host on the internet, with TLS: git over HTTP, downloads, and whatever anybody uploads is written down.
code_host.py PORT CERTIFICATE KEY DIRECTORY LOG"""
import http.server
import os
import ssl
import subprocess
import sys

port, certificate, key, directory, log = sys.argv[1:]


class Host(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def body(self):
        if self.headers.get("Expect"):
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        data = b""
        while True:
            size = int(self.rfile.readline(), 16)
            data += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return data

    def handle_expect_100(self):
        return True

    def serve(self):
        data = self.body()
        with open(log, "ab") as file:
            file.write(self.path.encode() + b"\n" + data + b"\n")
        path, _, query = self.path.partition("?")
        if ".git/" in path:
            self.git(path, query, data)
        elif self.command == "GET":
            name = os.path.join(directory, os.path.basename(path))
            self.answer("200 OK" if os.path.exists(name) else "404 Not Found", [], open(name, "rb").read() if os.path.exists(name) else b"")
        else:
            self.answer("200 OK", [], b"")

    def git(self, path, query, data):
        environment = dict(
            os.environ, GIT_PROJECT_ROOT=directory, GIT_HTTP_EXPORT_ALL="1", PATH_INFO=path, QUERY_STRING=query,
            REQUEST_METHOD=self.command, CONTENT_TYPE=self.headers.get("Content-Type") or "",
            CONTENT_LENGTH=str(len(data)), HTTP_CONTENT_ENCODING=self.headers.get("Content-Encoding") or "",
            REMOTE_USER="tester", REMOTE_ADDR="127.0.0.1")
        result = subprocess.run(["git", "http-backend"], input=data, env=environment, stdout=subprocess.PIPE).stdout
        head, _, content = result.partition(b"\r\n\r\n")
        lines = [line.split(": ", 1) for line in head.decode().split("\r\n")]
        status = next((value for name, value in lines if name == "Status"), "200 OK")
        self.answer(status, [line for line in lines if line[0] != "Status"], content)

    def answer(self, status, headers, content):
        text = f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\nConnection: close\r\n"
        text += "".join(f"{name}: {value}\r\n" for name, value in headers)
        self.wfile.write(text.encode() + b"\r\n" + content)
        self.close_connection = True

    do_GET = do_POST = do_PUT = serve

    def log_message(self, *_):
        pass


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Host)
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
