/* E5, E6, F3: a granted connection is turned to another end. extra[0] is the granted port. */
#include "attack.h"
#include <netinet/tcp.h>

static struct sockaddr_in granted, other;

static int connected(void)
{
    int handle = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(handle, (struct sockaddr *)&granted, sizeof granted))
    {
        printf("the granted connect failed: %s\n", strerror(errno));
        exit(3);
    }
    return handle;
}

int main(int argc, char **argv)
{
    start(argc, argv);
    granted = loopback(atoi(extra[0]));
    other = loopback(tcp_port);
    int handle = connected();
    struct sockaddr_in unspecified = { .sin_family = AF_UNSPEC };
    REFUSED(connect(handle, (struct sockaddr *)&unspecified, sizeof unspecified));
    REFUSED(connect(handle, (struct sockaddr *)&unspecified, 2));
    REFUSED(connect(handle, (struct sockaddr *)&other, sizeof other));
    REFUSED(listen(handle, 5));
    REFUSED(bind(handle, (struct sockaddr *)&(struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(4711) }, sizeof other));
    sendto(handle, "x", 1, MSG_NOSIGNAL, (struct sockaddr *)&other, sizeof other);
    struct iovec part = { "x", 1 };
    struct msghdr message = { .msg_name = &other, .msg_namelen = sizeof other, .msg_iov = &part, .msg_iovlen = 1 };
    sendmsg(handle, &message, MSG_NOSIGNAL);
    struct mmsghdr messages[2] = { { message }, { message } };
    sendmmsg(handle, messages, 2, MSG_NOSIGNAL);

    /* After the end of the connection the socket is free in the host's network. */
    shutdown(handle, SHUT_RDWR);
    usleep(50000);
    REFUSED(connect(handle, (struct sockaddr *)&other, sizeof other));
    REFUSED(listen(handle, 5));
    REFUSED(connect(handle, (struct sockaddr *)&unspecified, sizeof unspecified));
    REFUSED(sendto(handle, "x", 1, MSG_NOSIGNAL | MSG_FASTOPEN, (struct sockaddr *)&other, sizeof other));
    REFUSED(setsockopt(handle, IPPROTO_TCP, TCP_REPAIR, &(int){ 1 }, 4));
    REFUSED(ioctl(handle, 0x894c /* SIOCGSKNS */));

    handle = connected();
    setsockopt(handle, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &(int){ 1 }, 4);
    setsockopt(handle, SOL_SOCKET, SO_REUSEPORT, &(int){ 1 }, 4);
    setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, 4);
    REFUSED(connect(handle, (struct sockaddr *)&other, sizeof other));
    REFUSED(setsockopt(handle, SOL_SOCKET, SO_MARK, &(int){ 1 }, 4));
    REFUSED(setsockopt(handle, IPPROTO_IP, 19 /* IP_TRANSPARENT */, &(int){ 1 }, 4));
    REFUSED(setsockopt(handle, IPPROTO_IP, 64 /* IPT_SO_SET_REPLACE */, &(int){ 1 }, 4));
    char ulp[] = "smc";
    setsockopt(handle, IPPROTO_TCP, TCP_ULP, ulp, sizeof ulp);

    /* Given to another process, it is the same socket. */
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) return 1;
    if (fork() == 0)
    {
        char control[CMSG_SPACE(sizeof(int))] = { 0 }, byte;
        struct iovec in = { &byte, 1 };
        struct msghdr received = { .msg_iov = &in, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
        recvmsg(pair[1], &received, 0);
        int mine = *(int *)CMSG_DATA(CMSG_FIRSTHDR(&received));
        REFUSED(connect(mine, (struct sockaddr *)&other, sizeof other));
        REFUSED(connect(mine, (struct sockaddr *)&unspecified, sizeof unspecified));
        REFUSED(listen(mine, 1));
        _exit(0);
    }
    char control[CMSG_SPACE(sizeof(int))] = { 0 };
    struct msghdr sent = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
    struct cmsghdr *header = CMSG_FIRSTHDR(&sent);
    header->cmsg_level = SOL_SOCKET; header->cmsg_type = SCM_RIGHTS; header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &handle, sizeof handle);
    sendmsg(pair[0], &message, 0);
    if (sendmsg(pair[0], &sent, 0) < 0) return 1;
    close(pair[0]);
    wait(NULL);

    /* Many at once: two threads race connect on one number between the granted and the other end. */
    int fresh = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    for (int i = 0; i < 100; i++)
    {
        connect(fresh, (struct sockaddr *)(i % 2 ? &other : &granted), sizeof granted);
        struct sockaddr_in peer;
        socklen_t length = sizeof peer;
        if (getpeername(fresh, (struct sockaddr *)&peer, &length) == 0 && peer.sin_port == other.sin_port)
            verdict(1, "turned a connection");
        if (i % 10 == 9) { close(fresh); fresh = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0); }
    }
    return 0;
}
