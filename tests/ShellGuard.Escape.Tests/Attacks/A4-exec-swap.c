/* A4, D5: the file of an execve is rewritten while the supervisor looks at it, and programs are named so that only
 * the caller can find them. What runs must stand in the journal; nothing runs that the view does not show. */
#include "attack.h"

static char name[PATH_MAX], good[PATH_MAX], bad[PATH_MAX];
static atomic_int over;

static void *flip(void *unused)
{
    while (!over) { memcpy(name, bad, PATH_MAX); WRITTEN(); memcpy(name, good, PATH_MAX); WRITTEN(); }
    return unused;
}

int main(int argc, char **argv)
{
    start(argc, argv);
    if (extra[0] == NULL) return 1;
    strcpy(good, "/bin/true");
    strcpy(name, good);
    strcpy(bad, path("%s/program", hidden));
    pthread_t thread;
    pthread_create(&thread, NULL, flip, NULL);
    int ran = 0;
    double end = now() + 1;
    while (now() < end)
    {
        pid_t child = vfork();
        if (child == 0)
        {
            char *arguments[] = { "true", NULL };
            execve(name, arguments, (char *[]){ NULL });
            _exit(3);
        }
        int status;
        waitpid(child, &status, 0);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 77) ran++;
    }
    over = 1;
    pthread_join(thread, NULL);
    verdict(ran, "executed a hidden program %d times", ran);

    int file = open(extra[0], O_RDONLY);
    pid_t child = fork();
    if (child == 0)
    {
        char *arguments[] = { "unseen-descriptor", NULL };
        execve(path("/proc/self/fd/%d", file), arguments, (char *[]){ NULL });
        _exit(3);
    }
    waitpid(child, NULL, 0);
    symlink("/proc/self/root/bin/true", "/tmp/link");
    child = fork();
    if (child == 0)
    {
        char *arguments[] = { "unseen-link", NULL };
        execve("/tmp/link", arguments, (char *[]){ NULL });
        _exit(3);
    }
    waitpid(child, NULL, 0);
    verdict(0, "starts by magic links are for the journal to show");
    return 0;
}
