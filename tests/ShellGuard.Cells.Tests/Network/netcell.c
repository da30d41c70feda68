/* The smallest cell for tests of the network: own network and mount namespace, loopback with the session addresses,
 * a resolver's sockets, connect, listen and epoll_create trapped. Usage: netcell CONTROL-FD PROGRAM ARGUMENT...
 * Sends the notifier, the UDP and the TCP socket over CONTROL-FD and becomes the program.
 * netcell race GRANTED-PORT CANARY-PORT COUNT: connects while a second thread rewrites the address. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void check(int ok, const char *what)
{
    if (!ok) {
        perror(what);
        exit(99);
    }
}

static int bound(int type)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(53)};
    inet_pton(AF_INET, "198.18.0.1", &at.sin_addr);
    int s = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    check(s >= 0, "socket");
    check(bind(s, (void *)&at, sizeof at) == 0, "bind");
    return s;
}

static int filter(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_connect, 3, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_epoll_create, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_epoll_create1, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_listen, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no_new_privs");
    int fd = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
        SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
    check(fd >= 0, "seccomp");
    return fd;
}

static void send_all(int control, int *fds, int count)
{
    union {
        struct cmsghdr head;
        char bytes[CMSG_SPACE(3 * sizeof(int))];
    } data = {0};
    char byte = 'x';
    struct iovec vector = {&byte, 1};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &data,
        .msg_controllen = CMSG_SPACE(count * sizeof(int))};
    data.head.cmsg_len = CMSG_LEN(count * sizeof(int));
    data.head.cmsg_level = SOL_SOCKET;
    data.head.cmsg_type = SCM_RIGHTS;
    memcpy(CMSG_DATA(&data.head), fds, count * sizeof(int));
    check(sendmsg(control, &message, 0) == 1, "sendmsg");
}

static volatile struct sockaddr_in shared;
static volatile int over;

static void *flip(void *ports)
{
    int *port = ports;
    for (unsigned turn = 0; !over; turn++)
        shared.sin_port = port[turn & 1];
    return NULL;
}

static int race(char **argv)
{
    int ports[2] = {htons(atoi(argv[0])), htons(atoi(argv[1]))};
    int connected = 0, refused = 0;
    shared.sin_family = AF_INET;
    inet_pton(AF_INET, "127.0.0.1", (void *)&shared.sin_addr);
    shared.sin_port = ports[0];
    pthread_t thread;
    check(pthread_create(&thread, NULL, flip, ports) == 0, "thread");
    for (int i = 0; i < atoi(argv[2]); i++) {
        int s = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(s, (void *)&shared, sizeof shared) == 0)
            connected++;
        else
            refused++;
        close(s);
    }
    over = 1;
    pthread_join(thread, NULL);
    printf("connected %d refused %d\n", connected, refused);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "race") == 0)
        return race(argv + 2);
    int control = atoi(argv[1]);
    check(unshare(CLONE_NEWNET | CLONE_NEWNS) == 0, "unshare");
    check(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0, "private");
    check(system("ip link set lo up && ip addr add 198.18.0.1/15 dev lo && "
        "ip -6 addr add fd53:6775:6172:6400::1/64 dev lo nodad") == 0, "ip");
    check(mount("tmpfs", "/mnt", "tmpfs", 0, NULL) == 0, "tmpfs");
    FILE *names = fopen("/mnt/resolv.conf", "w");
    check(names != NULL && fputs("nameserver 198.18.0.1\n", names) >= 0 && fclose(names) == 0, "resolv.conf");
    check(mount("/mnt/resolv.conf", "/etc/resolv.conf", NULL, MS_BIND, NULL) == 0, "bind resolv.conf");
    int fds[3] = {-1, bound(SOCK_DGRAM), bound(SOCK_STREAM)};
    fds[0] = filter();
    send_all(control, fds, 3);
    close(control);
    close(fds[0]);
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    return 98;
}
