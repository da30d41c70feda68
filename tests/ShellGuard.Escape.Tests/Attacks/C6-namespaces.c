/* C6: other mounts and other roots. */
#include "attack.h"
#include <sys/mount.h>

int main(int argc, char **argv)
{
    start(argc, argv);
    static const int flags[] = { CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS,
        CLONE_NEWCGROUP, 0x80 /* CLONE_NEWTIME */, CLONE_NEWUSER | CLONE_NEWNS };
    for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++)
    {
        REFUSED(unshare(flags[i]));
        if (flags[i] != 0x80)
        {
            long child = syscall(SYS_clone, flags[i] | SIGCHLD, 0, 0, 0, 0);
            if (child == 0) _exit(0);
            verdict(child > 0, "clone with %x: %s", flags[i], strerror(errno));
        }
    }
    static const char *spaces[] = { "user", "mnt", "net", "pid", "ipc", "uts", "cgroup", "time" };
    for (unsigned i = 0; i < 8; i++)
        REFUSED(syscall(SYS_setns, open(path("/proc/1/ns/%s", spaces[i]), O_RDONLY), 0));
    REFUSED(mount("none", "/tmp", "tmpfs", 0, NULL));
    REFUSED(mount(base, project, NULL, MS_BIND, NULL));
    REFUSED(mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL));
    REFUSED(mount(NULL, base, NULL, MS_REMOUNT | MS_BIND, NULL));
    REFUSED(mount("proc", "/tmp", "proc", 0, NULL));
    REFUSED(mount("overlay", "/tmp", "overlay", 0, path("lowerdir=%s,upperdir=%s,workdir=/tmp", base, project)));
    REFUSED(umount2("/proc/sys", MNT_DETACH));
    REFUSED(umount2(hidden, MNT_DETACH));
    REFUSED(umount2("/proc", MNT_DETACH));
    REFUSED(chroot("/tmp"));
    REFUSED(syscall(SYS_pivot_root, "/", "/tmp"));
    must_not_read(path("%s/secret", hidden));
    return 0;
}
