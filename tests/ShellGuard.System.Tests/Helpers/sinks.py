# DIRECTORY PORT[=LINE]...: says the line to everybody on that port of the loopback, and appends what comes to
# DIRECTORY/PORT.
import os, socket, sys, threading


def take(client, path, line):
    with client:
        client.sendall(line.encode() + b'\n')
        while data := client.recv(65536):
            with open(path, 'ab') as file:
                file.write(data)


def serve(server, path, line):
    while True:
        client, _ = server.accept()
        threading.Thread(target=take, args=(client, path, line), daemon=True).start()


for word in sys.argv[2:]:
    port, _, line = word.partition('=')
    server = socket.create_server(('127.0.0.1', int(port)), backlog=100)
    threading.Thread(target=serve, args=(server, os.path.join(sys.argv[1], port), line or 'hello')).start()
