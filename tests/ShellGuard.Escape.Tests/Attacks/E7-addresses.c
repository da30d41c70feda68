/* E7: addresses that belong to the host or its cloud. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    static const char *addresses[] = { "169.254.169.254", "0.0.0.0", "127.0.0.1", "127.8.8.8", "172.17.0.1", "10.0.2.2",
        "192.168.1.1", "169.254.0.1", "100.100.100.200", "168.63.129.16" };
    for (unsigned i = 0; i < sizeof addresses / sizeof *addresses; i++)
    {
        struct sockaddr_in address = loopback(i < 1 || i > 3 ? 80 : tcp_port);
        address.sin_addr.s_addr = inet_addr(addresses[i]);
        int handle = socket(AF_INET, SOCK_STREAM, 0);
        int result = connect(handle, (struct sockaddr *)&address, sizeof address);
        verdict(result == 0, "%s: %s", addresses[i], strerror(errno));
    }
    static const char *six[] = { "::1", "::", "fe80::1", "fd00:ec2::254", "::ffff:169.254.169.254", "::ffff:127.0.0.1" };
    for (unsigned i = 0; i < sizeof six / sizeof *six; i++)
    {
        struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons(tcp_port) };
        inet_pton(AF_INET6, six[i], &address.sin6_addr);
        int handle = socket(AF_INET6, SOCK_STREAM, 0);
        int result = connect(handle, (struct sockaddr *)&address, sizeof address);
        verdict(result == 0, "%s: %s", six[i], strerror(errno));
    }
    return 0;
}
