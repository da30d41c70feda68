/* I1: as much as one can take of everything: descriptors, memory files, sockets, deep and large directories. */
#include "attack.h"
#include <sys/inotify.h>

int main(int argc, char **argv)
{
    start(argc, argv);
    int count = 0;
    while (count < 100000 && dup(0) >= 0) count++;
    printf("%d descriptors\n", count);
    struct sockaddr_in address = loopback(tcp_port);
    REFUSED(socket(AF_INET, SOCK_STREAM, 0));
    close(3);
    REFUSED(connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address));
    for (int i = 3; i < count + 3; i++) close(i);
    if (chdir("/tmp")) return 1;
    int depth = 0;
    while (depth < 3000 && mkdir("d", 0700) == 0 && chdir("d") == 0) depth++;
    int file = open("new", O_WRONLY | O_CREAT, 0600);
    verdict(file < 0, "a file %d directories deep", depth);
    REFUSED(open(path("%s/new", base), O_WRONLY | O_CREAT, 0600));
    if (chdir("/tmp")) return 1;
    mkdir("many", 0700);
    for (int i = 0; i < 20000; i++) { int one = open(path("many/%d", i), O_WRONLY | O_CREAT, 0600); if (one >= 0) close(one); }
    REFUSED(mkdir(path("%s/new", base), 0700));
    char *all = mmap(NULL, 1L << 46, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    REFUSED(open(all + (1L << 45), O_WRONLY | O_CREAT, 0600));
    file = open("/tmp/fill", O_WRONLY | O_CREAT, 0600);
    verdict(fallocate(file, 0, 0, 5L << 30) == 0, "the private directory has its size: %s", strerror(errno));
    return 0;
}
