/* A program that puts a filter on itself, for the tests beside it.
 *   filtered calls FILTER         tries calls without and with the filter
 *   filtered speed FILTER         measures calls without and with the filter
 *   filtered listen FILTER FLAGS  installs it with a listener and does what standard input says
 * FILTER is a file of struct sock_filter. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct sock_fprog program;

static void load(const char *path)
{
    static struct sock_filter code[4096];
    FILE *file = fopen(path, "r");
    if (!file)
        exit(3);
    program.len = fread(code, sizeof code[0], 4096, file);
    program.filter = code;
    fclose(file);
}

static int install(unsigned flags)
{
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        exit(4);
    int result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
    if (result < 0) {
        perror("seccomp");
        exit(5);
    }
    return result;
}

static long compatible_getpid(void)
{
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory", "r8", "r9", "r10", "r11");
    if (result < 0) {
        errno = -result;
        return -1;
    }
    return result;
}

#define UPPER 0xdead000000000000UL
#define RAW(...) syscall(__VA_ARGS__)

#define ATTEMPTS(X)                                                                       \
    X("getpid", RAW(SYS_getpid))                                                          \
    X("io_uring_setup", RAW(SYS_io_uring_setup, 1, 0))                                    \
    X("unshare user", RAW(SYS_unshare, 0x10000000))                                       \
    X("unshare user, upper bits", RAW(SYS_unshare, UPPER | 0x10000000))                   \
    X("unshare files", RAW(SYS_unshare, 0x400))                                           \
    X("clone user", RAW(SYS_clone, 0x10000000 | SIGCHLD, 0, 0, 0, 0))                     \
    X("clone", RAW(SYS_clone, SIGCHLD, 0, 0, 0, 0))                                       \
    X("clone3", RAW(SYS_clone3, 0, 0))                                                    \
    X("i386 getpid", compatible_getpid())                                                 \
    X("x32 getpid", RAW(0x40000000 + SYS_getpid))                                         \
    X("socket unix stream", RAW(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))      \
    X("socket unix datagram", RAW(SYS_socket, AF_UNIX, SOCK_DGRAM, 0))                    \
    X("socket unix raw", RAW(SYS_socket, AF_UNIX, SOCK_RAW, 0))                           \
    X("socket unix datagram, upper bits", RAW(SYS_socket, UPPER | AF_UNIX, UPPER | SOCK_DGRAM, 0)) \
    X("socketpair datagram", RAW(SYS_socketpair, AF_UNIX, SOCK_DGRAM, 0, (int[2]){0}))    \
    X("socketpair stream", RAW(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, (int[2]){0}))     \
    X("socket tcp", RAW(SYS_socket, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0))             \
    X("socket udp6", RAW(SYS_socket, AF_INET6, SOCK_DGRAM, 17))                           \
    X("socket raw", RAW(SYS_socket, AF_INET, SOCK_RAW, 1))                                \
    X("socket packet", RAW(SYS_socket, AF_PACKET, SOCK_RAW, 0))                           \
    X("socket route", RAW(SYS_socket, AF_NETLINK, SOCK_RAW, 0))                           \
    X("socket netfilter", RAW(SYS_socket, AF_NETLINK, SOCK_RAW, 12))                      \
    X("mknod fifo", RAW(SYS_mknod, "", S_IFIFO | 0600, 0))                                \
    X("mknod null", RAW(SYS_mknod, "", S_IFCHR | 0600, 0x103))                            \
    X("mknod disk, upper bits", RAW(SYS_mknod, "", UPPER | 0x70000 | S_IFBLK | 0600, 0x800)) \
    X("ioctl TIOCSTI", RAW(SYS_ioctl, -1, TIOCSTI, "x"))                                  \
    X("ioctl TIOCSTI, upper bits", RAW(SYS_ioctl, -1, UPPER | TIOCSTI, "x"))              \
    X("ioctl TIOCGWINSZ", RAW(SYS_ioctl, -1, TIOCGWINSZ, 0))                              \
    X("sendto fast open", RAW(SYS_sendto, -1, "x", 1, MSG_FASTOPEN, 0, 0))                \
    X("sendto", RAW(SYS_sendto, -1, "x", 1, MSG_NOSIGNAL, 0, 0))                          \
    X("seccomp listener", RAW(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 8, 0))                \
    X("seccomp", RAW(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, 0))                         \
    X("ptrace", RAW(SYS_ptrace, 0, 0, 0, 0))                                              \
    X("process_vm_readv", RAW(SYS_process_vm_readv, getpid(), 0, 0, 0, 0, 0))             \
    X("open_by_handle_at", RAW(SYS_open_by_handle_at, -1, 0, 0))                          \
    X("bpf", RAW(SYS_bpf, 0, 0, 0))                                                       \
    X("userfaultfd", RAW(SYS_userfaultfd, 1))                                             \
    X("mount", RAW(SYS_mount, 0, 0, 0, 0, 0))                                             \
    X("fsopen", RAW(SYS_fsopen, 0, 0))                                                    \
    X("setns", RAW(SYS_setns, -1, 0))                                                     \
    X("keyctl", RAW(SYS_keyctl, 0, -3, 0))                                                \
    X("personality", RAW(SYS_personality, 0xffffffff))                                    \
    X("personality exec", RAW(SYS_personality, 0x400000))                                 \
    X("memfd_secret", RAW(SYS_memfd_secret, 0xffff))                                      \
    X("renameat2 whiteout", RAW(SYS_renameat2, -1, "a", -1, "b", 4))                      \
    X("prctl mm", RAW(SYS_prctl, PR_SET_MM, 0, 0, 0, 0))                                  \
    X("fcntl lease", RAW(SYS_fcntl, -1, F_SETLEASE, F_RDLCK))                             \
    X("listen", RAW(SYS_listen, -1, 0))                                                   \
    X("number 470", RAW(470))                                                             \
    X("number 100000", RAW(100000))                                                       \
    X("number -1", RAW(-1))

static void outcome(int filtered, int number)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        pid_t self = getpid();
        if (filtered)
            install(0);
        int at = 0;
        errno = 0;
#define ATTEMPT(name, call) if (at++ == number && (call) >= 0) errno = 0;
        ATTEMPTS(ATTEMPT)
        int error = errno;
        if (getpid() != self) /* the child of a clone that was let pass */
            _exit(0);
        _exit(error);
    }
    int status;
    if (waitpid(child, &status, 0) < 0)
        exit(6);
    if (WIFSIGNALED(status))
        printf("\tsignal %d", WTERMSIG(status));
    else
        printf("\t%d", WEXITSTATUS(status));
}

static void calls(void)
{
    static const char *names[] = {
#define NAME(name, call) name,
        ATTEMPTS(NAME)
    };
    for (int i = 0; i < (int)(sizeof names / sizeof names[0]); i++) {
        printf("%s", names[i]);
        outcome(0, i);
        outcome(1, i);
        printf("\n");
    }
}

/* Nanoseconds a call, the best of several rounds. */
static double cost(long number, long a, long b)
{
    double best = 1e9;
    for (int round = 0; round < 15; round++) {
        struct timespec start, end;
        clock_gettime(CLOCK_MONOTONIC, &start);
        for (int i = 0; i < 20000; i++)
            syscall(number, a, b, 0);
        clock_gettime(CLOCK_MONOTONIC, &end);
        double each = ((end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec)) / 20000;
        if (each < best)
            best = each;
    }
    return best;
}

static void speed(void)
{
    double without[] = {cost(SYS_getppid, 0, 0), cost(SYS_fcntl, 0, F_GETFD), cost(SYS_ioctl, 0, TIOCGWINSZ)};
    install(0);
    printf("getppid %.1f %.1f\n", without[0], cost(SYS_getppid, 0, 0));
    printf("fcntl %.1f %.1f\n", without[1], cost(SYS_fcntl, 0, F_GETFD));
    printf("ioctl %.1f %.1f\n", without[2], cost(SYS_ioctl, 0, TIOCGWINSZ));
}

static volatile int signals;

static void count(int signal)
{
    (void)signal;
    signals++;
}

/* The mediated call of these tests. Its arguments are of no interest to the kernel but for the descriptor. */
static long mediated(long number)
{
    return syscall(SYS_listen, -1, number);
}

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void storm(int microseconds, int calls_count, int flags)
{
    struct sigaction action = {.sa_handler = count, .sa_flags = flags};
    sigaction(SIGALRM, &action, 0);
    signals = 0;
    struct itimerval every = {{0, microseconds}, {0, microseconds}}, never = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &every, 0);
    int interrupted = 0, other = 0;
    for (int i = 0; i < calls_count; i++)
        if (mediated(1) != 1) {
            if (errno == EINTR)
                interrupted++;
            else
                other++;
        }
    setitimer(ITIMER_REAL, &never, 0);
    printf("%d %d %d\n", signals, interrupted, other);
}

static void measure(int calls_count)
{
    uint64_t *times = calloc(calls_count, sizeof *times);
    for (int i = 0; i < calls_count; i++) {
        struct timespec start, end;
        clock_gettime(CLOCK_MONOTONIC, &start);
        mediated(1);
        clock_gettime(CLOCK_MONOTONIC, &end);
        times[i] = (end.tv_sec - start.tv_sec) * 1000000000ULL + end.tv_nsec - start.tv_nsec;
    }
    qsort(times, calls_count, sizeof *times, ascending);
    printf("%lu %lu\n", times[calls_count / 2], times[calls_count * 99 / 100]);
    free(times);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    load(argv[2]);
    if (!strcmp(argv[1], "calls")) {
        calls();
        return 0;
    }
    if (!strcmp(argv[1], "speed")) {
        speed();
        return 0;
    }

    if (argc < 4)
        return 2;
    printf("%d\n", install(strtoul(argv[3], 0, 0)));
    fflush(stdout);
    char line[200];
    while (fgets(line, sizeof line, stdin)) {
        char text[100] = "";
        int a, b, c;
        if (sscanf(line, "call %d", &a) == 1) {
            long result = mediated(a);
            printf("%ld %d\n", result, result < 0 ? errno : 0);
        } else if (sscanf(line, "raw %d %d %d", &a, &b, &c) == 3) {
            long result = syscall(a, b, c, 0);
            printf("%ld %d\n", result, result < 0 ? errno : 0);
        } else if (sscanf(line, "receive %d", &a) == 1) {
            /* The call returns a descriptor: what is in it, its number, and whether it closes on exec. */
            int fd = mediated(a);
            ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
            printf("%d %zd %s %d\n", fd, length, text, fd < 0 ? errno : fcntl(fd, F_GETFD));
        } else if (sscanf(line, "storm %d %d %d", &a, &b, &c) == 3) {
            storm(a, b, c ? SA_RESTART : 0);
        } else if (sscanf(line, "measure %d", &a) == 1) {
            measure(a);
        } else if (sscanf(line, "fork %d", &a) == 1) {
            /* A child that makes the call; it is killed meanwhile. */
            pid_t child = fork();
            if (child == 0)
                _exit(mediated(a) < 0);
            int status;
            printf("%d\n", child);
            fflush(stdout);
            waitpid(child, &status, 0);
            printf("%s\n", WIFSIGNALED(status) ? "killed" : "lived");
        }
        fflush(stdout);
    }
    return 0;
}
