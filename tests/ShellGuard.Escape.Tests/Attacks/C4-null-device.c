/* C4: the device nodes that a cell shares with the host: their modes, owners and times are the host's. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    static const char *devices[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty" };
    struct stat status;
    for (unsigned i = 0; i < sizeof devices / sizeof *devices; i++)
    {
        stat(devices[i], &status);
        /* The sticky bit does no harm to the machine that the test runs on. */
        REFUSED(chmod(devices[i], (status.st_mode & 07777) | 01000));
        REFUSED(chown(devices[i], getuid(), getgid()));
        REFUSED(utimes(devices[i], NULL));
        REFUSED(setxattr(devices[i], "trusted.x", "1", 1, 0));
        REFUSED(unlink(devices[i]));
        REFUSED(rename(devices[i], path("/dev/other")));
    }
    for (int number = 0; number < 3; number++)
    {
        if (fstat(number, &status) || !S_ISCHR(status.st_mode)) continue;
        REFUSED(fchmod(number, (status.st_mode & 07777) | 01000));
        REFUSED(fchown(number, getuid(), getgid()));
        REFUSED(chmod(path("/proc/self/fd/%d", number), (status.st_mode & 07777) | 01000));
    }
    REFUSED(mknod("/tmp/disk", S_IFBLK | 0600, makedev(8, 0)));
    REFUSED(mknod("/tmp/mem", S_IFCHR | 0600, makedev(1, 1)));
    REFUSED(mknod(path("%s/white", home), S_IFCHR, makedev(0, 0)));
    static const char *absent[] = { "/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda", "/dev/loop-control", "/dev/fuse",
        "/dev/net/tun", "/dev/kvm", "/dev/vsock", "/dev/uinput", "/dev/input", "/dev/dri", "/dev/mapper/control",
        "/dev/console", "/dev/tty0", "/dev/vcs", "/dev/port", "/dev/cpu/0/msr", "/dev/watchdog" };
    for (unsigned i = 0; i < sizeof absent / sizeof *absent; i++) REFUSED(open(absent[i], O_RDONLY | O_NONBLOCK));
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || write(null, "x", 1) != 1) printf("the null device does not work\n");
    return 0;
}
