/* Runs a command under the least that could hold it: what any sandbox of this kind costs.

   floor filter COMMAND: a filter of one instruction that allows everything.
   floor writes COMMAND: a filter that looks whether an open writes, and a Landlock domain that knows of writing only. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int restrict_writes(void)
{
    struct landlock_ruleset_attr handled = { .handled_access_fs = LANDLOCK_ACCESS_FS_WRITE_FILE };
    struct landlock_path_beneath_attr everywhere = { .allowed_access = LANDLOCK_ACCESS_FS_WRITE_FILE };
    int rules = syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
    everywhere.parent_fd = open("/", O_PATH | O_CLOEXEC);
    return rules < 0 || syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &everywhere, 0) != 0
        ? -1 : syscall(SYS_landlock_restrict_self, rules, 0);
}

static int filter(struct sock_filter *instructions, unsigned short count)
{
    struct sock_fprog program = { count, instructions };
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

int main(int argc, char **argv)
{
    struct sock_filter all[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };

    /* It allows both: what it costs to look is wanted, and the kernel runs what reads an argument at every such call. */
    struct sock_filter writes[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_ACCMODE | O_CREAT | O_TRUNC, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    int looks = argc > 1 && strcmp(argv[1], "writes") == 0;
    if (argc < 3 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || (looks && restrict_writes() != 0)
        || (looks ? filter(writes, sizeof writes / sizeof *writes) : filter(all, 1)) != 0)
    {
        perror("floor");
        return 1;
    }
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    return 127;
}
