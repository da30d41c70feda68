/* A8: the supervisor cannot be seen, signalled, traced or entered. What happens when it dies is another test. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    REFUSED(kill(bystander, SIGTERM));
    REFUSED(syscall(SYS_pidfd_open, bystander, 0));
    REFUSED(open(path("/proc/%d/environ", bystander), O_RDONLY));
    verdict(getppid() != 1, "the parent is process 1 of the cell: %d", getppid());
    REFUSED(open("/proc/1/mem", O_RDWR));
    REFUSED(open("/proc/1/environ", O_RDONLY));
    REFUSED(open("/proc/1/root/etc/passwd", O_RDONLY));
    REFUSED(open("/proc/1/exe", O_RDONLY));
    REFUSED(open("/proc/1/fd/0", O_RDWR));
    REFUSED(open("/proc/1/fd/1", O_WRONLY)); /* where it reports stops */
    REFUSED(open("/proc/1/fd/2", O_RDWR));
    REFUSED(syscall(SYS_pidfd_getfd, (int)syscall(SYS_pidfd_open, 1, 0), 0, 0));
    kill(1, SIGKILL); kill(1, SIGTERM); kill(1, SIGSTOP);
    usleep(20000);
    verdict(access("/proc/1/stat", F_OK) != 0, "process 1 lives on");
    kill(-1, SIGTERM);
    verdict(0, "kill(-1) stays inside");
    return 0;
}
