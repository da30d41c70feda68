/* E1: everything that is not TCP or a unix stream. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    for (int family = 0; family < 64; family++)
    {
        if (family == AF_INET || family == AF_INET6 || family == AF_UNIX || family == AF_NETLINK) continue;
        for (int type = 1; type < 11; type++)
        {
            int handle = socket(family, type, 0);
            if (handle >= 0) verdict(1, "family %d type %d", family, type);
        }
    }
    verdict(0, "no other family");
    static const int protocols[] = { 1, 58, 132, 136, 17, 33, 6, 262, 255, 4, 41, 47, 50 };
    for (unsigned i = 0; i < sizeof protocols / sizeof *protocols; i++)
        for (int family = AF_INET; family <= AF_INET6; family += AF_INET6 - AF_INET)
            for (int type = 1; type < 7; type++)
            {
                int handle = socket(family, type, protocols[i]);
                if (handle < 0 || (type == SOCK_STREAM && protocols[i] == 6) || (type == SOCK_DGRAM && protocols[i] == 17)) continue;
                verdict(1, "family %d type %d protocol %d", family, type, protocols[i]);
            }
    for (int protocol = 1; protocol < 32; protocol++) REFUSED(socket(AF_NETLINK, SOCK_RAW, protocol));
    REFUSED(socket(AF_UNIX, SOCK_DGRAM, 0));
    REFUSED(socket(AF_UNIX, SOCK_RAW, 0));
    int pair[2];
    REFUSED(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
    REFUSED(socketpair(AF_INET, SOCK_STREAM, 0, pair));

    struct sockaddr_in outside = loopback(udp_port);
    int datagram = socket(AF_INET, SOCK_DGRAM, 0);
    sendto(datagram, "x", 1, 0, (struct sockaddr *)&outside, sizeof outside);
    outside.sin_addr.s_addr = inet_addr("192.0.2.1");
    REFUSED(sendto(datagram, "x", 1, 0, (struct sockaddr *)&outside, sizeof outside));
    REFUSED(setsockopt(datagram, SOL_SOCKET, SO_MARK, &(int){ 1 }, 4));
    REFUSED(setsockopt(datagram, SOL_SOCKET, SO_BINDTODEVICE, "eth0", 5));
    return 0;
}
