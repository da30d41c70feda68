/* A10: no number is free for the socket that the supervisor hands in, and rlimits forbid any. Then no connection is. */
#include "attack.h"
#include <sys/resource.h>

int main(int argc, char **argv)
{
    start(argc, argv);
    int port = atoi(extra[0]);
    struct sockaddr_in address = loopback(port), other = loopback(tcp_port);
    int handle = socket(AF_INET, SOCK_STREAM, 0);
    struct rlimit none = { 0, 0 };
    setrlimit(RLIMIT_NOFILE, &none);
    int result = connect(handle, (struct sockaddr *)&address, sizeof address);
    verdict(result == 0, "granted connect with no descriptors: %d (%s)", result, strerror(errno));
    struct sockaddr_storage peer;
    REFUSED(getpeername(handle, (struct sockaddr *)&peer, &(socklen_t){ sizeof peer }));
    REFUSED(send(handle, "x", 1, MSG_NOSIGNAL));
    REFUSED(connect(handle, (struct sockaddr *)&other, sizeof other));
    return 0;
}
