/* F4: signals to a process of the same user outside. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    REFUSED(kill(bystander, SIGKILL));
    REFUSED(syscall(SYS_tkill, bystander, SIGKILL));
    REFUSED(syscall(SYS_tgkill, bystander, bystander, SIGKILL));
    siginfo_t info = { 0 };
    REFUSED(syscall(SYS_rt_sigqueueinfo, bystander, SIGKILL, &info));
    REFUSED(syscall(SYS_pidfd_open, bystander, 0));
    REFUSED(syscall(SYS_pidfd_send_signal, open(path("/proc/%d", bystander), O_RDONLY), SIGKILL, NULL, 0));
    int pipes[2];
    if (pipe(pipes)) return 1;
    REFUSED(fcntl(pipes[0], F_SETOWN, bystander));
    struct { int type, pid; } owner = { 1, bystander };
    REFUSED(fcntl(pipes[0], F_SETOWN_EX, &owner));
    struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGKILL };
    event._sigev_un._tid = bystander;
    timer_t timer;
    REFUSED(timer_create(CLOCK_MONOTONIC, &event, &timer));
    REFUSED(setpriority(0, bystander, 19));
    REFUSED(sched_setscheduler(bystander, SCHED_IDLE, &(struct sched_param){ 0 }));
    REFUSED(syscall(SYS_prlimit64, bystander, 7, NULL, NULL));
    REFUSED(syscall(SYS_ioprio_set, 1, bystander, 3 << 13));
    REFUSED(syscall(SYS_migrate_pages, bystander, 0, NULL, NULL));
    REFUSED(kill(-bystander, SIGKILL));
    signal(SIGTERM, SIG_IGN);
    kill(-1, SIGTERM);
    kill(0, SIGTERM);
    FILE *names = popen("ls /proc", "r");
    int number, seen = 0;
    char line[64];
    while (fgets(line, sizeof line, names)) if (sscanf(line, "%d", &number) == 1) seen++;
    verdict(seen > 8, "%d processes are in sight", seen);
    return 0;
}
