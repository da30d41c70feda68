/* A2: the same through a peer that shares memory in every way there is: CLONE_VM, memfd, System V, a file. */
#include "attack.h"
#include <sys/shm.h>

struct page { char name[PATH_MAX]; atomic_int over; };

static char good[PATH_MAX], bad[PATH_MAX];
static struct page *memory;
static char stack[65536];

static int flip(void *unused)
{
    while (!memory->over)
    {
        memcpy(memory->name, bad, PATH_MAX);
        memcpy(memory->name, good, PATH_MAX);
    }
    return 0;
}

static void attack(const char *how, int clone_flags)
{
    memory->over = 0;
    strcpy(memory->name, good);
    int peer = clone_flags ? clone(flip, stack + sizeof stack, clone_flags | SIGCHLD, NULL) : fork();
    if (peer == 0) { flip(NULL); _exit(0); }
    int wrong = 0;
    double end = now() + 0.4;
    while (now() < end)
    {
        char link[64], real[PATH_MAX] = "";
        int file = open(memory->name, O_WRONLY);
        snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        if (file >= 0 && readlink(link, real, sizeof real - 1) > 0 && strcmp(real, bad) == 0) wrong++;
        if (file >= 0) close(file);
    }
    memory->over = 1;
    waitpid(peer, NULL, 0);
    verdict(wrong, "swapped a path in memory shared by %s: %d times", how, wrong);
}

int main(int argc, char **argv)
{
    start(argc, argv);
    strcpy(good, path("%s/source", project));
    strcpy(bad, path("%s/canary", base));
    memory = mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    attack("CLONE_VM", CLONE_VM);

    int file = memfd_create("shared", 0);
    if (ftruncate(file, sizeof *memory)) return 1;
    memory = mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    attack("a memfd", 0);

    int segment = shmget(IPC_PRIVATE, sizeof *memory, IPC_CREAT | 0600);
    memory = shmat(segment, NULL, 0);
    shmctl(segment, IPC_RMID, NULL);
    attack("System V", 0);

    file = open(path("%s/shared", project), O_RDWR | O_CREAT, 0600);
    if (ftruncate(file, sizeof *memory)) return 1;
    memory = mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    attack("a file", 0);
    return 0;
}
