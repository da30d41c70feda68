/* F6: the channels of System V, POSIX and the kernel's key rings. extra[0] is the key of a segment outside. */
#include "attack.h"
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

/* The null device covers them: whoever opens them finds nothing. */
static void must_be_empty(const char *name)
{
    char text[256];
    int file = open(name, O_RDONLY);
    verdict(file >= 0 && read(file, text, sizeof text) > 0, "%s has nothing", name);
}

int main(int argc, char **argv)
{
    start(argc, argv);
    REFUSED(shmget(atoi(extra[0]), 0, 0));
    for (int i = 0; i < 200; i++) { if (shmat(i, NULL, 0) != (void *)-1) verdict(1, "segment %d", i); }
    REFUSED(msgget(atoi(extra[0]), 0));
    REFUSED(semget(atoi(extra[0]), 0, 0));
    REFUSED(mq_open("/shellguard-escape", O_RDWR));
    REFUSED(access(path("/dev/shm/%s", abstract_name), F_OK));
    REFUSED(access("/dev/mqueue", F_OK));
    REFUSED(syscall(SYS_keyctl, 0, -3, 1));
    REFUSED(syscall(SYS_keyctl, 1, NULL));
    REFUSED(syscall(SYS_request_key, "user", "x", NULL, 0));
    REFUSED(syscall(SYS_add_key, "user", "x", "y", 1, -4));
    must_be_empty("/proc/keys");
    must_be_empty("/proc/key-users");
    return 0;
}
