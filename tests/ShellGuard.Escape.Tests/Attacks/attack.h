/* What the attacks share. Each prints lines that begin with ESCAPED or HELD; a test fails on the first, and wants at
 * least one of the second. What an attack finds out about a canary is judged outside of the cell as well. */
#ifndef ATTACK_H
#define ATTACK_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

static const char *base, *hidden, *home, *project, *direct, *state, *abstract_name;
static int tcp_port, udp_port, bystander;
static char **extra;

__attribute__((unused)) static void start(int argc, char **argv)
{
    if (argc < 11)
    {
        printf("attack needs its arguments\n");
        exit(2);
    }
    base = argv[1]; hidden = argv[2]; home = argv[3]; project = argv[4]; direct = argv[5]; state = argv[6];
    tcp_port = atoi(argv[7]); udp_port = atoi(argv[8]); abstract_name = argv[9]; bystander = atoi(argv[10]);
    extra = argv + 11;
    (void)base; (void)hidden; (void)home; (void)project; (void)direct; (void)state; (void)abstract_name;
    (void)tcp_port; (void)udp_port; (void)bystander;
    setvbuf(stdout, NULL, _IOLBF, 0);
}

__attribute__((format(printf, 2, 3), unused)) static void verdict(int escaped, const char *format, ...)
{
    char text[4096];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    printf("%s %s\n", escaped ? "ESCAPED" : "HELD", text);
}

/* A call that must fail. */
#define REFUSED(expression) \
    do { \
        errno = 0; \
        long result_ = (long)(expression); \
        verdict(result_ >= 0, "%s = %ld (%s)", #expression, result_, strerror(errno)); \
    } while (0)

__attribute__((format(printf, 1, 2), unused)) static const char *path(const char *format, ...)
{
    /* Never freed: an attack is short, and holds on to names. */
    char *text = malloc(PATH_MAX);
    va_list list;
    va_start(list, format);
    vsnprintf(text, PATH_MAX, format, list);
    va_end(list);
    return text;
}

/* What was written so far is in memory now, for another thread or the supervisor to see: without it the compiler
 * leaves out a value that is written over at once. */
#define WRITTEN() __asm__ volatile("" ::: "memory")

/* Prints what a file has, so that a secret in it would be seen outside. */
__attribute__((unused)) static int show(int file)
{
    char text[4097];
    ssize_t length = read(file, text, sizeof text - 1);
    if (length <= 0) return 0;
    text[length] = 0;
    printf("content: %s\n", text);
    return strstr(text, "SECRET-") != NULL;
}

__attribute__((unused)) static void must_not_read(const char *name)
{
    int file = open(name, O_RDONLY | O_NONBLOCK);
    int error = errno;
    verdict(file >= 0 && show(file), "read %s: %s", name, file < 0 ? strerror(error) : "nothing of it");
    if (file >= 0) close(file);
}

__attribute__((unused)) static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

__attribute__((unused)) static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}
#endif
