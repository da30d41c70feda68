# WORDS: +PORT connects and reads a line, ^PORT appends that line to $STORE, @PORT sends all of $STORE, !PORT sends a line,
# -PORT closes, ~PORT hides the connection in a unix socket. Prints a line for each.
import array, os, socket, sys

held, lines, hidden = {}, {}, []


def do(action, port):
    if action == '+':
        held.pop(port, None)
        lines.pop(port, None)
        held[port] = socket.create_connection(('127.0.0.1', port))
        lines[port] = held[port].recv(100)
        return 'has'
    if port not in held:
        return 'none'
    if action == '^':
        with open(os.environ['STORE'], 'ab') as store:
            store.write(lines[port])
        return 'taken'
    if action == '@':
        with open(os.environ['STORE'], 'rb') as store:
            held[port].sendall(store.read())
        return 'sent'
    if action == '!':
        held[port].sendall(b'canary\n')
        return 'sent'
    if action == '~':
        pair = socket.socketpair()
        numbers = array.array('i', [held[port].fileno()])
        pair[0].sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, numbers)])
        hidden.append(pair)
    held.pop(port).close()
    return 'hidden' if action == '~' else 'closed'


for word in sys.argv[1:]:
    try:
        print(do(word[0], int(word[1:])), flush=True)
    except OSError as error:
        print('refused' if isinstance(error, PermissionError) else 'dead', flush=True)
