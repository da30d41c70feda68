/* A3: the address of a connect is rewritten while the supervisor judges it. The granted port is one that nobody
 * listens on; the other is the canary's. Then: addresses that are not there, or only half. */
#include "attack.h"

static struct sockaddr_in address;
static atomic_int over;
static int granted;

static void *flip(void *unused)
{
    while (!over)
    {
        address.sin_port = htons(tcp_port);
        address.sin_port = htons(granted);
    }
    return unused;
}

int main(int argc, char **argv)
{
    start(argc, argv);
    granted = atoi(extra[0]);
    pthread_t thread;
    address = loopback(granted);
    pthread_create(&thread, NULL, flip, NULL);
    int reached = 0;
    double end = now() + 1.5;
    while (now() < end)
    {
        int handle = socket(AF_INET, SOCK_STREAM, 0);
        struct sockaddr_in peer;
        socklen_t length = sizeof peer;
        if (connect(handle, (struct sockaddr *)&address, sizeof address) == 0
            && getpeername(handle, (struct sockaddr *)&peer, &length) == 0 && ntohs(peer.sin_port) == tcp_port)
            reached++;
        close(handle);
    }
    over = 1;
    pthread_join(thread, NULL);
    verdict(reached, "swapped the address of a connect: %d times", reached);

    int handle = socket(AF_INET, SOCK_STREAM, 0);
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(page + 4096, 4096);
    struct sockaddr_in whole = loopback(tcp_port);
    memcpy(page + 4096 - 8, &whole, 8);
    REFUSED(connect(handle, (struct sockaddr *)(page + 4096 - 8), sizeof whole));
    REFUSED(connect(handle, (struct sockaddr *)8, sizeof whole));
    REFUSED(connect(handle, (struct sockaddr *)&whole, 0xffffffff));
    REFUSED(connect(handle, (struct sockaddr *)&whole, 1));
    REFUSED(connect(handle, (struct sockaddr *)&whole, 4096));

    struct iovec part = { "x", 1 };
    struct msghdr message = { .msg_name = &whole, .msg_namelen = sizeof whole, .msg_iov = &part, .msg_iovlen = 1 };
    REFUSED(sendto(handle, "x", 1, MSG_NOSIGNAL, (struct sockaddr *)&whole, sizeof whole));
    REFUSED(sendmsg(handle, &message, MSG_NOSIGNAL));
    struct mmsghdr messages[2] = { { message }, { message } };
    REFUSED(sendmmsg(handle, messages, 2, MSG_NOSIGNAL));
    return 0;
}
