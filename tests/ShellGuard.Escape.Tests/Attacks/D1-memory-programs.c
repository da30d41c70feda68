/* D1: programs without a name: from memory, from a deleted file, by the loader. They run, for a cell may execute what
 * it can read; they run in the cell, and the journal says so. */
#include "attack.h"

static void run(const char *what, int number, const char *file, char **arguments)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
    {
        char *nothing[] = { NULL };
        if (file) execve(file, arguments, nothing);
        else syscall(SYS_execveat, number, "", arguments, nothing, AT_EMPTY_PATH);
        _exit(99);
    }
    int status;
    waitpid(child, &status, 0);
    printf("%s: %d\n", what, WEXITSTATUS(status));
}

int main(int argc, char **argv)
{
    start(argc, argv);
    char *secret = strdup(path("%s/secret", hidden)), *canary = strdup(path("%s/canary", base));
    int memory = memfd_create("program", 0), source = open("/bin/cat", O_RDONLY);
    char buffer[65536];
    for (ssize_t n; (n = read(source, buffer, sizeof buffer)) > 0;) if (write(memory, buffer, n) != n) return 1;
    run("memfd", memory, NULL, (char *[]){ "from-memory", secret, NULL });
    int copy = open("/dev/shm/program", O_RDWR | O_CREAT, 0700);
    lseek(source, 0, SEEK_SET);
    for (ssize_t n; (n = read(source, buffer, sizeof buffer)) > 0;) if (write(copy, buffer, n) != n) return 1;
    close(copy);
    run("/dev/shm", -1, "/dev/shm/program", (char *[]){ "from-shm", secret, NULL });
    int deleted = open("/dev/shm/program", O_RDONLY);
    unlink("/dev/shm/program");
    run("deleted", deleted, NULL, (char *[]){ "from-deleted", secret, NULL });
    run("loader", -1, "/lib64/ld-linux-x86-64.so.2", (char *[]){ "ld.so", "/bin/cat", secret, NULL });
    run("loader of hidden", -1, "/lib64/ld-linux-x86-64.so.2", (char *[]){ "ld.so", strdup(path("%s/program", hidden)), NULL });
    run("script", -1, "/bin/sh", (char *[]){ "sh", "-c", strdup(path("echo x > %s; cat %s", canary, secret)), NULL });
    REFUSED(execve(path("%s/program", hidden), (char *[]){ "hidden", NULL }, NULL));
    REFUSED(open("/proc/sys/fs/binfmt_misc/register", O_WRONLY));
    return 0;
}
