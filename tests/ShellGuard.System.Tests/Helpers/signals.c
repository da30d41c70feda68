/* restart|plain COUNT: creates, renames and deletes files and runs a program under a timer of 2 ms, with or without
 * SA_RESTART. Every interrupted call must have done nothing and succeed when it is made again. Prints how many were. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t ticks;
static long interrupted;

static void tick(int signal) { (void)signal; ticks++; }

static void fail(const char *what)
{
    printf("%s: %s\n", what, strerror(errno));
    exit(1);
}

#define AGAIN(what, call, undone) \
    while ((call) < 0) { \
        if (errno != EINTR) fail(what); \
        interrupted++; \
        if (!(undone)) { errno = EEXIST; fail(what " had an effect"); } \
    }

static void timer(int microseconds)
{
    struct itimerval time = { { 0, microseconds }, { 0, microseconds } };
    setitimer(ITIMER_REAL, &time, 0);
}

int main(int argc, char **argv)
{
    int count = argc > 2 ? atoi(argv[2]) : 0;
    struct sigaction action = { .sa_handler = tick, .sa_flags = strcmp(argv[1], "restart") ? 0 : SA_RESTART };
    sigaction(SIGALRM, &action, 0);
    timer(2000);
    for (int i = 0; i < count; i++) {
        int file;
        AGAIN("create", file = open("a", O_WRONLY | O_CREAT | O_EXCL, 0600), access("a", F_OK) != 0);
        close(file);
        AGAIN("rename", rename("a", "b"), access("a", F_OK) == 0);
        AGAIN("delete", unlink("b"), access("b", F_OK) == 0);
        if (i % 100 == 0) {
            pid_t child = vfork();
            if (child == 0) {
                AGAIN("execute", execl("/bin/true", "true", (char *)0), 1);
            }
            int status;
            while (waitpid(child, &status, 0) < 0) { }
            if (status != 0) fail("the program's status");
        }
    }
    timer(0);
    printf("%s interrupted %ld\n", ticks > 10 ? "signals came," : "no signals,", interrupted);
    return 0;
}
