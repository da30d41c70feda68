/* Ways by which a program's doing, or a child of it, could stay out of a tracer's sight. One word says which:
   listener   its own seccomp filter asks itself about openat, and lets it pass
   pending    its first thread waits in an open while another one executes a program: WORK/pending is the FIFO
   untraced   children that ask not to be traced, by clone3 and by clone with a number whose upper half is not zero
   page-end   the arguments of an old connect end with the last byte that is mapped
   orphans    parents that are killed while they fork */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int listener = -1;

static void need(int holds, const char *what)
{
    if (!holds)
    {
        perror(what);
        exit(1);
    }
}

static void *let_pass(void *unused)
{
    while (listener < 0)
    {
        usleep(1000);
    }
    for (;;)
    {
        struct seccomp_notif call;
        memset(&call, 0, sizeof call);
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) != 0)
        {
            return unused;
        }
        struct seccomp_notif_resp answer = { .id = call.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE };
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
}

static void by_listener(void)
{
    pthread_t thread;
    need(pthread_create(&thread, NULL, let_pass, NULL) == 0, "pthread_create");
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = { sizeof code / sizeof *code, code };
    need(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no_new_privs");
    listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
    need(listener >= 0, "seccomp");
    need(open("by-listener", O_WRONLY | O_CREAT, 0644) >= 0, "by-listener");
}

static void *execute_soon(void *unused)
{
    char *words[] = { "true", NULL };
    sleep(1);
    execv("/bin/true", words);
    perror("execv");
    exit(1);
    return unused;
}

static void by_pending(void)
{
    pthread_t thread;
    need(mkfifo("pending", 0600) == 0, "mkfifo");
    need(pthread_create(&thread, NULL, execute_soon, NULL) == 0, "pthread_create");
    open("pending", O_WRONLY);
}

static void wait_for(long child, const char *what)
{
    need(child > 0, what);
    need(waitpid(child, NULL, __WALL) == child, what);
}

static void by_untraced(void)
{
    struct clone_args arguments = { .flags = CLONE_UNTRACED, .exit_signal = SIGCHLD };
    long child = syscall(SYS_clone3, &arguments, sizeof arguments);
    if (child == 0)
    {
        _exit(mkdir("by-clone3", 0755));
    }
    if (child > 0)
    {
        wait_for(child, "clone3");
    }
    register long ten __asm__("r10") = 0;
    register long eight __asm__("r8") = 0;
    __asm__ volatile("syscall"
        : "=a"(child)
        : "a"(1UL << 40 | SYS_clone), "D"(CLONE_UNTRACED | SIGCHLD), "S"(0), "d"(0), "r"(ten), "r"(eight)
        : "rcx", "r11", "memory");
    if (child == 0)
    {
        _exit(mkdir("by-clone", 0755));
    }
    wait_for(child, "clone");
}

static void by_page_end(void)
{
    const long page = 4096;
    char *low = mmap((void *)0x20000000, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    need(low != MAP_FAILED && munmap(low + page, page) == 0, "mmap");
    struct sockaddr_in *address = (struct sockaddr_in *)low;
    address->sin_family = AF_INET;
    address->sin_port = htons(9);
    inet_pton(AF_INET, "127.0.0.9", &address->sin_addr);
    uint32_t *words = (uint32_t *)(low + page - 12);
    words[0] = socket(AF_INET, SOCK_STREAM, 0);
    words[1] = (uint32_t)(uintptr_t)address;
    words[2] = sizeof *address;
    long result;
    __asm__ volatile("int $0x80"
        : "=a"(result)
        : "a"(102), "b"(3L), "c"((long)(uintptr_t)words), "d"(0L)
        : "memory", "r8", "r9", "r10", "r11");
    need(result < 0, "somebody listens at 127.0.0.9:9");
}

static void by_orphans(void)
{
    for (int i = 0; i < 60; i++)
    {
        pid_t parent = fork();
        if (parent == 0)
        {
            signal(SIGCHLD, SIG_IGN);
            for (;;)
            {
                if (fork() == 0)
                {
                    _exit(0);
                }
            }
        }
        usleep(3000 + rand() % 3000);
        kill(parent, SIGKILL);
        wait_for(parent, "fork");
    }
}

int main(int count, char **words)
{
    static const struct
    {
        const char *name;
        void (*go)(void);
    } ways[] = {
        { "listener", by_listener }, { "pending", by_pending }, { "untraced", by_untraced },
        { "page-end", by_page_end }, { "orphans", by_orphans },
    };
    for (unsigned i = 0; count == 2 && i < sizeof ways / sizeof *ways; i++)
    {
        if (strcmp(ways[i].name, words[1]) == 0)
        {
            ways[i].go();
            return 0;
        }
    }
    return 2;
}
