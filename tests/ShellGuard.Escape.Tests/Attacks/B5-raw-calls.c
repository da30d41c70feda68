/* B5, B7: calls without a C library, from written code, with a forged stack, with rubbish above the 32 bits. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    unsigned char code[] = { 0x48, 0x89, 0xf8, 0x48, 0x89, 0xf7, 0x48, 0x89, 0xd6, 0x48, 0x89, 0xca, 0x4d, 0x89, 0xc2,
        0x0f, 0x05, 0xc3 }; /* rax = rdi, rdi = rsi, rsi = rdx, rdx = rcx, r10 = r8; syscall; ret */
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memcpy(page, code, sizeof code);
    long (*call)(long, long, long, long, long) = (long (*)(long, long, long, long, long))page;
    verdict(call(SYS_socket, AF_UNIX, SOCK_DGRAM, 0, 0) >= 0, "socket from written code");
    verdict(call(SYS_mount, (long)"none", (long)"/tmp", (long)"tmpfs", 0) == 0, "mount from written code");

    const long high = 0x1234567800000000L;
    REFUSED(syscall(SYS_socket, AF_UNIX | high, SOCK_DGRAM | high, 0));
    REFUSED(syscall(SYS_socket, AF_PACKET | high, SOCK_RAW, 0));
    REFUSED(syscall(SYS_ioctl, 0, 0x5412 | high, "x"));
    REFUSED(syscall(SYS_unshare, CLONE_NEWUSER | high));
    REFUSED(syscall(SYS_clone, (CLONE_NEWUSER | SIGCHLD) | high, 0, 0, 0, 0));
    REFUSED(syscall(SYS_prctl, 35 | high, 1, 0, 0, 0));
    struct sockaddr_in address = loopback(tcp_port);
    int handle = socket(AF_INET, SOCK_STREAM, 0);
    REFUSED(syscall(SYS_connect, handle | high, &address, sizeof address | high));
    REFUSED(syscall(SYS_sendto, handle, "x", 1, MSG_FASTOPEN | high, &address, sizeof address));
    REFUSED(syscall(SYS_personality, 0x0400000 | high));
    return 0;
}
