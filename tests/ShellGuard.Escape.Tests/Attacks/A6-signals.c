/* A6: signals without SA_RESTART while calls wait for the supervisor: no error leaks, nothing hangs. */
#include "attack.h"

static void nothing(int signal) { (void)signal; }

int main(int argc, char **argv)
{
    start(argc, argv);
    struct sigaction action = { .sa_handler = nothing };
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGCHLD, &action, NULL);
    int broken = 0;
    for (int i = 0; i < 30; i++)
        if (system("/bin/echo one | /bin/cat | /bin/cat >/dev/null") != 0) broken++;
    struct itimerval timer = { { 0, 2000 }, { 0, 2000 } };
    setitimer(ITIMER_REAL, &timer, NULL);
    int interrupted = 0;
    for (int i = 0; i < 500; i++)
    {
        int file = open(path("%s/new", project), O_WRONLY | O_CREAT, 0600);
        if (file < 0 && errno == EINTR) interrupted++;
        if (file >= 0) close(file);
        if (mkdir(path("%s/dir", project), 0700) < 0 && errno == EINTR) interrupted++;
        rmdir(path("%s/dir", project));
    }
    timer = (struct itimerval){ 0 };
    setitimer(ITIMER_REAL, &timer, NULL);
    verdict(broken, "%d pipelines of 30 broke", broken);
    printf("interrupted: %d of 1000\n", interrupted);
    return 0;
}
