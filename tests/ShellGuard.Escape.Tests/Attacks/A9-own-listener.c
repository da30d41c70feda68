/* A9: a notifier of its own, whose CONTINUE would count instead of the supervisor's answer. */
#include "attack.h"
#include <linux/filter.h>
#include <linux/seccomp.h>

int main(int argc, char **argv)
{
    start(argc, argv);
    struct sock_filter all[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF) };
    struct sock_fprog program = { 1, all };
    REFUSED(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program));
    REFUSED(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
        SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_TSYNC_ESRCH | SECCOMP_FILTER_FLAG_TSYNC, &program));
    REFUSED(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0xffffffff00000008UL, &program));

    /* A filter that allows everything does not undo the cell's. */
    struct sock_filter allow[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
    program = (struct sock_fprog){ 1, allow };
    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
    struct sockaddr_in address = loopback(tcp_port);
    REFUSED(connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address));

    /* One that sends traps to a tracer that is not there, or to a handler that lies. */
    struct sock_filter trace[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_connect, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
    program = (struct sock_fprog){ 4, trace };
    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
    REFUSED(connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&address, sizeof address));
    return 0;
}
