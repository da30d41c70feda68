/* B6, I2: memory that takes long or is not there, so that a supervisor which reads it hangs. */
#include "attack.h"
#include <linux/userfaultfd.h>

static char *pages;
static atomic_int over;
static int file;

static void *punch(void *unused)
{
    while (!over) fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1L << 28);
    return unused;
}

int main(int argc, char **argv)
{
    start(argc, argv);
    REFUSED(syscall(SYS_userfaultfd, O_CLOEXEC));
    REFUSED(syscall(SYS_userfaultfd, UFFD_USER_MODE_ONLY));
    REFUSED(open("/dev/userfaultfd", O_RDWR));
    REFUSED(open("/dev/fuse", O_RDWR));

    file = memfd_create("holes", 0);
    if (ftruncate(file, 1L << 28)) return 1;
    pages = mmap(NULL, 1L << 28, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    pthread_t thread;
    pthread_create(&thread, NULL, punch, NULL);
    double begun = now();
    for (int i = 0; i < 50; i++)
    {
        REFUSED(open(pages + 4096 * i, O_WRONLY | O_CREAT, 0600));
        if (now() - begun > 10) break;
    }
    over = 1;
    pthread_join(thread, NULL);
    verdict(now() - begun > 30, "50 opens from a page with holes took %.1f s", now() - begun);

    char *edge = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(edge + 4096, 4096);
    memset(edge, 'x', 4096);
    REFUSED(open(edge, O_WRONLY | O_CREAT, 0600));
    REFUSED(open(edge + 4095, O_WRONLY | O_CREAT, 0600));
    REFUSED(execve(edge + 4090, (char *[]){ "x", NULL }, NULL));
    REFUSED(execve("/bin/true", (char **)(edge + 4092), NULL));
    REFUSED(open((char *)-1L, O_WRONLY));
    REFUSED(mkdir((char *)0xffffffff81000000UL, 0700));

    char *big = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(big, 'a', (1 << 20) - 1);
    REFUSED(open(big, O_WRONLY | O_CREAT, 0600));
    REFUSED(execve(big, (char *[]){ "x", NULL }, NULL));

    /* Nobody may read this process's memory without rights over it: still no call goes unjudged. */
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    struct sockaddr_in address = loopback(tcp_port);
    REFUSED(connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address));
    return 0;
}
