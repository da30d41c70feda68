/* Reaches things in ways that a tracer could miss: threads, old calls, vfork, a child that asks not to be traced, an
   address whose lower half is zero, several messages in one call, an execve by a thread. Every way leaves a name. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <fcntl.h>

static void need(int holds, const char *what)
{
    if (!holds)
    {
        perror(what);
        exit(1);
    }
}

/* A system call as 32-bit programs make it. */
static long old_call(long number, long a, long b, long c)
{
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory", "r8", "r9", "r10", "r11");
    return (int)result;
}

static struct sockaddr_in port(int number)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(number) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

static void *in_thread(void *unused)
{
    need(mkdir("by-thread", 0755) == 0, "by-thread");
    return unused;
}

static void *executing(void *unused)
{
    char *words[] = { "mkdir", "by-exec", NULL };
    usleep(10000);
    execv("/bin/mkdir", words);
    perror("execv");
    _exit(1);
    return unused;
}

static void by_old_calls(void)
{
    char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    need(low != MAP_FAILED, "mmap");
    strcpy(low, "by-int80");
    need(old_call(39, (long)low, 0755, 0) == 0, "mkdir by int 0x80");

    /* socketcall: SYS_SOCKET is 1, SYS_CONNECT 3 */
    uint32_t *words = (uint32_t *)(low + 256);
    words[0] = AF_INET, words[1] = SOCK_STREAM, words[2] = 0;
    long number = old_call(102, 1, (long)words, 0);
    need(number >= 0, "socket by int 0x80");
    struct sockaddr_in address = port(9);
    memcpy(low + 512, &address, sizeof address);
    words[0] = number, words[1] = (uint32_t)(uintptr_t)(low + 512), words[2] = sizeof address;
    need(old_call(102, 3, (long)words, 0) < 0, "nobody listens there");
    close(number);
}

static int without_tracer(void *unused)
{
    (void)unused;
    return mkdir("by-untraced", 0755) != 0;
}

static void by_children(void)
{
    char *words[] = { "mkdir", "by-vfork", NULL };
    pid_t child = vfork();
    if (child == 0)
    {
        execv("/bin/mkdir", words);
        _exit(1);
    }

    int status = 1;
    need(waitpid(child, &status, 0) == child && status == 0, "by-vfork");
    char *stack = malloc(65536);
    child = clone(without_tracer, stack + 65536, CLONE_UNTRACED | SIGCHLD, NULL);
    need(child > 0 && waitpid(child, &status, 0) == child && status == 0, "by-untraced");
}

static void by_messages(void)
{
    /* The lower half of this address is zero. */
    struct sockaddr_in *address = mmap((void *)0x700000000, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    need(address != MAP_FAILED, "mmap");
    *address = port(1111);
    int number = socket(AF_INET, SOCK_DGRAM, 0);
    need(sendto(number, "x", 1, 0, (struct sockaddr *)address, sizeof *address) == 1, "sendto");

    struct sockaddr_in to[2] = { port(2222), port(3333) };
    struct iovec data = { "x", 1 };
    struct mmsghdr messages[2] = { 0 };
    for (int i = 0; i < 2; i++)
    {
        messages[i].msg_hdr = (struct msghdr){ .msg_name = &to[i], .msg_namelen = sizeof to[i], .msg_iov = &data, .msg_iovlen = 1 };
    }

    need(sendmmsg(number, messages, 2, 0) >= 1, "sendmmsg");
    struct open_how how = { .flags = O_CREAT | O_WRONLY, .mode = 0600 };
    need(syscall(SYS_openat2, AT_FDCWD, "by-openat2", &how, sizeof how) >= 0, "openat2");
}

int main(void)
{
    pthread_t thread;
    need(pthread_create(&thread, NULL, in_thread, NULL) == 0, "pthread_create");
    pthread_join(thread, NULL);
    by_old_calls();
    by_children();
    by_messages();
    fflush(NULL);
    pthread_create(&thread, NULL, executing, NULL);
    pause();
    return 1;
}
