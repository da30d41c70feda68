/* F1: sockets of the host that stand in directories which the cell sees. */
#include "attack.h"

static void try_unix(const char *name, int type)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int handle = socket(AF_UNIX, type, 0);
    if (strlen(name) < sizeof address.sun_path)
    {
        strcpy(address.sun_path, name);
        int result = connect(handle, (struct sockaddr *)&address, sizeof address);
        verdict(result == 0, "connect %s: %s", name, strerror(errno));
        result = sendto(handle, "x", 1, MSG_NOSIGNAL, (struct sockaddr *)&address, sizeof address);
        verdict(result == 1, "sendto %s: %s", name, strerror(errno));
    }
    else printf("too long: %s\n", name);
    if (handle >= 0) close(handle);
}

int main(int argc, char **argv)
{
    start(argc, argv);
    /* Relative names, for the addresses are short. */
    if (chdir(base)) return 1;
    try_unix("stream.sock", SOCK_STREAM);
    try_unix("stream.sock", SOCK_SEQPACKET);
    try_unix("./../base/stream.sock", SOCK_STREAM);
    try_unix("datagram.sock", SOCK_DGRAM);
    try_unix("/proc/self/cwd/stream.sock", SOCK_STREAM);
    int directory = open(base, O_PATH);
    try_unix(path("/proc/self/fd/%d/stream.sock", directory), SOCK_STREAM);
    int node = open("stream.sock", O_PATH);
    try_unix(path("/proc/self/fd/%d", node), SOCK_STREAM);
    symlink(path("%s/stream.sock", base), "/tmp/link");
    try_unix("/tmp/link", SOCK_STREAM);
    if (chdir(home)) return 1;
    try_unix("stream.sock", SOCK_STREAM);
    REFUSED(link("stream.sock", path("%s/linked.sock", project)));
    rename("stream.sock", "moved.sock");
    try_unix("moved.sock", SOCK_STREAM);
    if (chdir(direct) == 0) try_unix("stream.sock", SOCK_STREAM);
    REFUSED(socket(AF_UNIX, SOCK_DGRAM, 0));
    return 0;
}
