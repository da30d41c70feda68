// Prints the names of all programs of eBPF that the kernel holds, one a line.
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static long bpf(int command, union bpf_attr *attr)
{
    return syscall(SYS_bpf, command, attr, sizeof *attr);
}

int main(void)
{
    union bpf_attr attr = { 0 };
    while (bpf(BPF_PROG_GET_NEXT_ID, &attr) == 0) {
        unsigned id = attr.next_id;
        memset(&attr, 0, sizeof attr);
        attr.prog_id = id;
        int program = bpf(BPF_PROG_GET_FD_BY_ID, &attr);
        if (program >= 0) {
            struct bpf_prog_info info = { 0 };
            memset(&attr, 0, sizeof attr);
            attr.info.bpf_fd = program;
            attr.info.info_len = sizeof info;
            attr.info.info = (unsigned long)&info;
            if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) == 0)
                puts(info.name);
            close(program);
        }
        memset(&attr, 0, sizeof attr);
        attr.start_id = id;
    }
    return 0;
}
