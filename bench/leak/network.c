/* Sockets and the network: rows 21, 22, 32 and 45 to 53. The endpoints are outside: each keeps what it is told under a
 * key, and tells it to whoever asks. The first is granted to the sender, the second to the receiver, and the third to
 * both, who have called it opaque. */
#include "leak.h"
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { OF_SENDER, OF_RECEIVER, OF_BOTH };

static struct sockaddr_in at(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static socklen_t unix_address(const struct end *end, struct sockaddr_un *address)
{
    const char *path = end->way->path[0] == '\0' ? "" : place(end);
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (end->way->choice)
    {
        /* Abstract: the name begins with a zero. */
        return offsetof(struct sockaddr_un, sun_path) + 1 + snprintf(address->sun_path + 1, 64, "%s", path);
    }
    snprintf(address->sun_path, sizeof address->sun_path, "%s", path);
    return sizeof *address;
}

static void open_unix(struct end *end)
{
    struct sockaddr_un address;
    socklen_t length = unix_address(end, &address);
    if (!end->sender)
    {
        end->fd[0] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (address.sun_path[0])
        {
            unlink(address.sun_path);
        }
        failed(end, bind(end->fd[0], (struct sockaddr *)&address, length), "bind");
        failed(end, listen(end->fd[0], 64), "listen");
    }
}

static void send_unix(struct end *end, int bit)
{
    struct sockaddr_un address;
    socklen_t length = unix_address(end, &address);
    int file = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bit)
    {
        failed(end, connect(file, (struct sockaddr *)&address, length), "connect");
    }
    close(file);
}

static long receive_connection(struct end *end)
{
    int file, found = 0;
    while ((file = accept(end->fd[0], NULL, NULL)) >= 0)
    {
        close(file);
        found = 1;
    }
    return found;
}

static int connected(struct end *end, int which)
{
    struct sockaddr_in address = at(ports[which]);
    int file = socket(AF_INET, SOCK_STREAM, 0);
    if (failed(end, connect(file, (struct sockaddr *)&address, sizeof address), "connect"))
    {
        close(file);
        return -1;
    }
    return file;
}

static void tell(struct end *end, int file, int bit)
{
    char text[64], answer[1];
    int length = snprintf(text, sizeof text, "PUT %ld%d %d\n", end->way->choice, end->way->row, bit);
    failed(end, send(file, text, length, MSG_NOSIGNAL), "send");
    failed(end, recv(file, answer, 1, 0), "recv");
}

static long ask(struct end *end, int file)
{
    char text[64], answer[1] = "";
    int length = snprintf(text, sizeof text, "GET %ld%d\n", end->way->choice, end->way->row);
    failed(end, send(file, text, length, MSG_NOSIGNAL), "send");
    failed(end, recv(file, answer, 1, 0), "recv");
    close(file);
    return answer[0] == '1';
}

static void send_endpoint(struct end *end, int bit)
{
    int file = connected(end, end->way->choice);
    if (file >= 0)
    {
        tell(end, file, bit);
        close(file);
    }
}

static long receive_endpoint(struct end *end)
{
    int file = connected(end, end->way->choice);
    return file >= 0 ? ask(end, file) : 0;
}

/* A service of the host, by the path of its socket. */
static int connected_service(struct end *end)
{
    struct sockaddr_un address;
    socklen_t length = unix_address(end, &address);
    int file = socket(AF_UNIX, SOCK_STREAM, 0);
    if (failed(end, connect(file, (struct sockaddr *)&address, length), "connect"))
    {
        close(file);
        return -1;
    }
    return file;
}

static void send_service(struct end *end, int bit)
{
    int file = connected_service(end);
    if (file >= 0)
    {
        tell(end, file, bit);
        close(file);
    }
}

static long receive_service(struct end *end)
{
    int file = connected_service(end);
    return file >= 0 ? ask(end, file) : 0;
}

static void open_datagram(struct end *end)
{
    end->fd[0] = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = at(47045);
    if (!end->sender)
    {
        failed(end, bind(end->fd[0], (struct sockaddr *)&address, sizeof address), "bind");
    }
}

static void send_datagram(struct end *end, int bit)
{
    struct sockaddr_in address = at(47045);
    if (bit)
    {
        failed(end, sendto(end->fd[0], "1", 1, 0, (struct sockaddr *)&address, sizeof address), "sendto");
    }
}

static long receive_datagram(struct end *end)
{
    char text[8];
    long found = 0;
    while (recv(end->fd[0], text, sizeof text, 0) > 0)
    {
        found = 1;
    }
    return found;
}

static void open_stream(struct end *end)
{
    struct sockaddr_in address = at(47046);
    int one = 1;
    if (!end->sender)
    {
        end->fd[0] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        setsockopt(end->fd[0], SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        failed(end, bind(end->fd[0], (struct sockaddr *)&address, sizeof address), "bind");
        failed(end, listen(end->fd[0], 64), "listen");
    }
}

static void send_stream(struct end *end, int bit)
{
    struct sockaddr_in address = at(47046);
    int file = socket(AF_INET, SOCK_STREAM, 0);
    if (bit)
    {
        failed(end, connect(file, (struct sockaddr *)&address, sizeof address), "connect");
    }
    close(file);
}

/* A socket that is connected where it may be, and then turned elsewhere. */
enum { UNSPECIFIED = 10, FAST_OPEN = 11, AGAIN = 12 };

static void send_turned(struct end *end, int bit)
{
    struct sockaddr_in address = at(ports[OF_RECEIVER]);
    struct sockaddr nothing = { .sa_family = AF_UNSPEC };
    int file = end->way->choice == FAST_OPEN ? socket(AF_INET, SOCK_STREAM, 0) : connected(end, OF_SENDER);
    char text[64];
    int length = snprintf(text, sizeof text, "PUT %ld%d %d\n", end->way->choice, end->way->row, bit);
    if (end->way->choice == FAST_OPEN)
    {
        failed(end, sendto(file, text, length, MSG_FASTOPEN, (struct sockaddr *)&address, sizeof address), "MSG_FASTOPEN");
        failed(end, recv(file, text, 1, 0), "recv");
    }
    else
    {
        if (end->way->choice == UNSPECIFIED)
        {
            failed(end, connect(file, &nothing, sizeof nothing), "AF_UNSPEC");
        }
        else
        {
            /* A new socket in the number of the one that was judged. */
            int other = socket(AF_INET, SOCK_STREAM, 0);
            dup2(other, file);
            close(other);
        }
        if (!failed(end, connect(file, (struct sockaddr *)&address, sizeof address), "connect"))
        {
            tell(end, file, bit);
        }
    }
    close(file);
}

static long receive_turned(struct end *end)
{
    int file = connected(end, OF_RECEIVER);
    return file >= 0 ? ask(end, file) : 0;
}

/* The port that the host gives to the receiver's next connection. */
static void send_ports(struct end *end, int bit)
{
    for (int i = 0; bit && i < 20; i++)
    {
        close(connected(end, OF_SENDER));
    }
}

static long receive_port(struct end *end)
{
    struct sockaddr_in address = { 0 };
    socklen_t length = sizeof address;
    int file = connected(end, OF_RECEIVER);
    failed(end, getsockname(file, (struct sockaddr *)&address, &length), "getsockname");
    close(file);
    long before = end->number[0];
    end->number[0] = ntohs(address.sin_port);
    return end->number[0] - before;
}

/* The address that stands for a name tells how many names were asked for before. */
static long look_up(struct end *end, const char *side)
{
    static int count;
    char name[64];
    struct addrinfo *found = NULL, hints = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM };
    snprintf(name, sizeof name, "%c%d-%d.%s.leak.test", end->sender ? 's' : 'r', end->slot, count++, side);
    if (getaddrinfo(name, "443", &hints, &found) != 0)
    {
        return 0;
    }
    long address = ntohl(((struct sockaddr_in *)found->ai_addr)->sin_addr.s_addr);
    freeaddrinfo(found);
    return address;
}

static void send_names(struct end *end, int bit)
{
    for (int i = 0; bit && i < 3; i++)
    {
        if (look_up(end, "a") == 0)
        {
            errno = ENOENT;
            fail(end, "getaddrinfo");
        }
    }
}

static long receive_names(struct end *end)
{
    long address = look_up(end, "b"), before = end->number[0];
    end->number[0] = address ? address : look_up(end, "a");
    if (end->number[0] == 0)
    {
        errno = ENOENT;
        fail(end, "getaddrinfo");
    }
    return before ? end->number[0] - before : 0;
}

/* The table of connections of the network namespace. */
static void send_listener(struct end *end, int bit)
{
    struct sockaddr_in address = at(47052);
    int one = 1;
    close(end->fd[0]);
    end->fd[0] = -1;
    if (bit)
    {
        end->fd[0] = socket(AF_INET, SOCK_STREAM, 0);
        setsockopt(end->fd[0], SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        failed(end, bind(end->fd[0], (struct sockaddr *)&address, sizeof address), "bind");
        failed(end, listen(end->fd[0], 1), "listen");
    }
}

static long receive_table(struct end *end)
{
    char line[256];
    long found = 0;
    FILE *table = fopen("/proc/net/tcp", "r");
    if (!table)
    {
        fail(end, "open");
        return 0;
    }
    while (fgets(line, sizeof line, table))
    {
        found |= strstr(line, ":B7CC 00000000:0000 0A") != NULL;
    }
    fclose(table);
    return found;
}

const struct way network_ways[] = {
    { 21, "unix socket in the working directory", 0, "socket", 0, open_unix, send_unix, receive_connection, NULL },
    { 21, "unix socket in /tmp", 0, "/tmp/leak-socket", 0, open_unix, send_unix, receive_connection, NULL },
    { 22, "abstract unix socket", 0, "leak-abstract", 1, open_unix, send_unix, receive_connection, NULL },
    { 32, "a service of the host by its socket", 0, "@/service", 0, NULL, send_service, receive_service, NULL },
    { 45, "datagram on the loopback", 0, "", 0, open_datagram, send_datagram, receive_datagram, NULL },
    { 45, "stream on the loopback", 0, "", 0, open_stream, send_stream, receive_connection, NULL },
    { 46, "endpoint of the sender", 0, "", OF_SENDER, NULL, send_endpoint, receive_endpoint, NULL },
    { 46, "endpoint of the receiver", 0, "", OF_RECEIVER, NULL, send_endpoint, receive_endpoint, NULL },
    { 47, "a socket turned by AF_UNSPEC", 0, "", UNSPECIFIED, NULL, send_turned, receive_turned, NULL },
    { 47, "a socket turned by MSG_FASTOPEN", 0, "", FAST_OPEN, NULL, send_turned, receive_turned, NULL },
    { 47, "another socket under the number", 0, "", AGAIN, NULL, send_turned, receive_turned, NULL },
    { 48, "ports of connections", ALONE | VALUE, "", 0, NULL, send_ports, receive_port, NULL },
    { 49, "addresses of names", ALONE | VALUE | CELL, "", 0, NULL, send_names, receive_names, NULL },
    { 51, "an opaque endpoint of both", 0, "", OF_BOTH, NULL, send_endpoint, receive_endpoint, NULL },
    { 52, "table of connections", 0, "", 0, NULL, send_listener, receive_table, NULL },
    { 0, NULL, 0, NULL, 0, NULL, NULL, NULL, NULL },
};
