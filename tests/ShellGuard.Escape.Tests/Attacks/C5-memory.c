/* C5, D6: the memory of others. */
#include "attack.h"
#include <sys/ptrace.h>

int main(int argc, char **argv)
{
    start(argc, argv);
    char text[64];
    struct iovec local = { text, sizeof text }, remote = { (void *)0x400000, sizeof text };
    for (int process = 1; process < 8; process++)
    {
        if (process == getpid()) continue;
        REFUSED(process_vm_readv(process, &local, 1, &remote, 1, 0));
        REFUSED(process_vm_writev(process, &local, 1, &remote, 1, 0));
        REFUSED(ptrace(PTRACE_ATTACH, process, NULL, NULL));
        REFUSED(ptrace(PTRACE_SEIZE, process, NULL, NULL));
    }
    REFUSED(process_vm_readv(bystander, &local, 1, &remote, 1, 0));
    REFUSED(ptrace(PTRACE_ATTACH, bystander, NULL, NULL));
    REFUSED(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
    REFUSED(open(path("/proc/%d/mem", getppid()), O_RDWR));
    REFUSED(open(path("/proc/%d/mem", bystander), O_RDWR));

    /* A page of a read-only file, written by way of /proc/self/mem, is a copy of one's own. */
    int file = open(path("%s/canary", base), O_RDONLY);
    char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 0);
    int memory = open("/proc/self/mem", O_RDWR);
    if (memory >= 0) pwrite(memory, "changed", 7, (off_t)page);
    char *shared = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
    verdict(memcmp(shared, "canary", 6) != 0, "the file is as it was");
    if (memory >= 0) pwrite(memory, "changed", 7, (off_t)shared);
    REFUSED(mprotect(shared, 4096, PROT_READ | PROT_WRITE));
    return 0;
}
