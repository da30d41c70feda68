/* C4: files of the host as standard input, output and error, opened again with more. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    REFUSED(open("/proc/self/fd/0", O_RDWR));
    REFUSED(open("/dev/stdin", O_WRONLY | O_TRUNC));
    REFUSED(openat(0, "..", O_RDONLY));
    REFUSED(openat(0, "", O_RDONLY | O_DIRECTORY));
    REFUSED(openat(AT_FDCWD, "/proc/self/fd/0/..", O_RDONLY));
    REFUSED(ftruncate(0, 0));
    REFUSED(fallocate(0, 0, 0, 10));
    void *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, 0, 0);
    verdict(map != MAP_FAILED, "shared writable map of standard input");
    return 0;
}
