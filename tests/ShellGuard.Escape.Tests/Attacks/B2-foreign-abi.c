/* B2: the other system-call tables of the processor. */
#include "attack.h"
#include <sys/personality.h>

static int run(void (*attack)(void))
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) { attack(); _exit(0); }
    int status;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void i386(void)
{
    long result = 20; /* getpid */
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory");
    _exit(result > 0 ? 1 : 2);
}

static void x32(void) { _exit(syscall(0x40000000 | SYS_getpid) > 0 ? 1 : 2); }
static void x32_socket(void) { _exit(syscall(0x40000000 | SYS_socket, AF_UNIX, SOCK_DGRAM, 0) >= 0 ? 1 : 2); }
static void x32_own(void) { _exit(syscall(0x40000000 | 520, "/bin/true", NULL, NULL) >= 0 ? 1 : 2); }

int main(int argc, char **argv)
{
    start(argc, argv);
    int status = run(i386);
    verdict(status == 1, "int 0x80: %d", status);
    status = run(x32);
    verdict(status == 1, "x32 getpid: %d", status);
    status = run(x32_socket);
    verdict(status == 1, "x32 socket: %d", status);
    status = run(x32_own);
    verdict(status == 1 || status == 0, "x32 execve: %d", status);
    REFUSED(personality(READ_IMPLIES_EXEC));
    REFUSED(personality(PER_SVR4));
    REFUSED(personality(ADDR_COMPAT_LAYOUT | ADDR_LIMIT_3GB));
    return 0;
}
