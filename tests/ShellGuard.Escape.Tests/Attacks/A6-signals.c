/* A6: signals while calls wait for the supervisor: no error leaks, nothing hangs. */
#include "attack.h"

static volatile sig_atomic_t ticks;

static void nothing(int signal) { (void)signal; ticks++; }

/* Twenty expirations: with a supervisor that takes longer than one takes, a call that begins anew each time still ends. */
static timer_t own;

static void twenty(int signal)
{
    (void)signal;
    static int count;
    if (++count == 20) timer_settime(own, 0, &(struct itimerspec){ 0 }, NULL);
}

/* Becomes a stage of a pipeline, with a timer that does not outlive the execution. What the new program ignores by
 * default cannot end it. */
static void stage(int input, int output, char *const *words)
{
    signal(SIGALRM, SIG_IGN);
    dup2(input, 0);
    dup2(output, 1);
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGURG };
    struct sigaction action = { .sa_handler = twenty, .sa_flags = SA_RESTART };
    sigaction(SIGURG, &action, NULL);
    timer_create(CLOCK_MONOTONIC, &event, &own);
    timer_settime(own, 0, &(struct itimerspec){ { 0, 300000 }, { 0, 300000 } }, NULL);
    int file = open(path("%s/stage", project), O_WRONLY | O_CREAT, 0600);
    if (file < 0) _exit(errno == EINTR ? 77 : 78);
    execv(words[0], words);
    _exit(errno == EINTR ? 79 : 80);
}

/* Three stages that are forked and executed without a shell. */
static int pipeline(void)
{
    static char *const stages[3][3] = { { "/bin/echo", "one" }, { "/bin/cat" }, { "/bin/cat" } };
    int ends[4][2], broken = 0;
    pid_t children[3];
    for (int i = 0; i < 4; i++) if (pipe2(ends[i], O_CLOEXEC)) return 1;
    for (int i = 0; i < 3; i++)
    {
        children[i] = fork();
        if (children[i] == 0) stage(ends[i][0], ends[i + 1][1], stages[i]);
        if (children[i] < 0) broken++;
    }
    for (int i = 0; i < 4; i++) close(ends[i][1]);
    char text[64] = "";
    ssize_t length = read(ends[3][0], text, sizeof text - 1);
    for (int i = 0; i < 4; i++) close(ends[i][0]);
    for (int i = 0, status; i < 3; i++)
        if (waitpid(children[i], &status, 0) != children[i] || status != 0)
        {
            printf("stage %d: status %x, errno %d\n", i, status, errno);
            broken++;
        }
    return broken || length != 4 || strcmp(text, "one\n") != 0;
}

int main(int argc, char **argv)
{
    start(argc, argv);
    struct sigaction action = { .sa_handler = nothing, .sa_flags = SA_RESTART };
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGCHLD, &action, NULL);
    struct itimerval timer = { { 0, 2000 }, { 0, 2000 } };
    setitimer(ITIMER_REAL, &timer, NULL);
    int broken = 0;
    for (int i = 0; i < 100; i++) broken += pipeline();
    verdict(broken, "%d pipelines of 100 broke", broken);
    int errors = 0;
    for (int i = 0; i < 500; i++)
    {
        int file = open(path("%s/new", project), O_WRONLY | O_CREAT, 0600);
        if (file < 0) errors++; else close(file);
        if (mkdir(path("%s/dir", project), 0700) < 0) errors++;
        rmdir(path("%s/dir", project));
    }
    verdict(errors, "%d calls of 1000 failed under a handler that restarts them", errors);
    verdict(ticks < 10, "%d signals came", (int)ticks);

    /* Without SA_RESTART a call may fail with EINTR before the supervisor has it, and with nothing else. */
    action.sa_flags = 0;
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGCHLD, &action, NULL);
    int interrupted = 0, other = 0;
    for (int i = 0; i < 500; i++)
    {
        int file = open(path("%s/new", project), O_WRONLY | O_CREAT, 0600);
        if (file < 0) { if (errno == EINTR) interrupted++; else other++; }
        if (file >= 0) close(file);
    }
    verdict(other, "interrupted: %d of 500, otherwise failed: %d", interrupted, other);
    timer = (struct itimerval){ 0 };
    setitimer(ITIMER_REAL, &timer, NULL);
    broken = 0;
    for (int i = 0; i < 30; i++)
        if (system("/bin/echo one | /bin/cat | /bin/cat >/dev/null") != 0) broken++;
    verdict(broken, "%d pipelines of a shell of 30 broke", broken);
    return 0;
}
