/* B3: the new and rare relatives of what is watched. */
#include "attack.h"
#include <linux/openat2.h>

int main(int argc, char **argv)
{
    start(argc, argv);
    const char *canary = path("%s/canary", base);
    struct open_how how = { .flags = O_RDWR };
    REFUSED(syscall(SYS_openat2, AT_FDCWD, canary, &how, sizeof how));
    how.flags = O_WRONLY | O_CREAT; how.mode = 0644;
    REFUSED(syscall(SYS_openat2, AT_FDCWD, path("%s/new", base), &how, sizeof how));
    how.flags = O_RDWR | O_TMPFILE; how.mode = 0600;
    REFUSED(syscall(SYS_openat2, AT_FDCWD, base, &how, sizeof how));
    how.flags = O_RDONLY; how.mode = 0;
    REFUSED(syscall(SYS_openat2, AT_FDCWD, path("%s/secret", hidden), &how, sizeof how));
    REFUSED(creat(canary, 0644));
    REFUSED(syscall(SYS_truncate, canary, 0));
    struct { unsigned bytes; int type; unsigned char handle[128]; } handle = { .bytes = 128 };
    int mount;
    REFUSED(syscall(SYS_name_to_handle_at, AT_FDCWD, canary, &handle, &mount, 0));
    handle.bytes = 8; handle.type = 1; memset(handle.handle, 0, 8); handle.handle[0] = 2;
    REFUSED(syscall(SYS_open_by_handle_at, open("/", O_RDONLY), &handle, O_RDONLY));
    REFUSED(syscall(452 /* fchmodat2 */, AT_FDCWD, canary, 0777, 0));
    REFUSED(syscall(463 /* setxattrat */, AT_FDCWD, canary, 0, "user.x", NULL, 0));
    REFUSED(syscall(466 /* removexattrat */, AT_FDCWD, canary, 0, "user.x"));
    REFUSED(syscall(469 /* file_setattr */, AT_FDCWD, canary, NULL, 0, 0));
    REFUSED(syscall(SYS_open_tree, AT_FDCWD, "/", 1));
    REFUSED(syscall(467 /* open_tree_attr */, AT_FDCWD, "/", 1, NULL, 0));
    REFUSED(syscall(SYS_fsopen, "tmpfs", 0));
    REFUSED(syscall(SYS_fspick, AT_FDCWD, "/", 0));
    REFUSED(syscall(SYS_move_mount, AT_FDCWD, "/", AT_FDCWD, "/tmp", 0));
    REFUSED(syscall(442 /* mount_setattr */, AT_FDCWD, "/", 0, NULL, 0));
    REFUSED(syscall(443 /* quotactl_fd */, 0, 0, 0, NULL));
    REFUSED(syscall(SYS_clone3, NULL, 0));
    REFUSED(syscall(447 /* memfd_secret */, 0));
    REFUSED(syscall(440 /* process_madvise */, 0, NULL, 0, 0, 0));
    REFUSED(syscall(SYS_pidfd_getfd, 0, 0, 0));
    REFUSED(syscall(SYS_kcmp, getpid(), getpid(), 0, 0, 0));
    REFUSED(syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0));
    REFUSED(syscall(SYS_fanotify_init, 0, 0));
    REFUSED(syscall(SYS_add_key, "user", "x", "y", 1, -3));
    REFUSED(syscall(SYS_bpf, 0, NULL, 0));
    REFUSED(syscall(SYS_acct, canary));
    REFUSED(syscall(SYS_swapon, canary, 0));
    REFUSED(syscall(470, 0));
    REFUSED(syscall(100000, 0));
    return 0;
}
