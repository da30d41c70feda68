/* C4: links of procfs that lead past the view, and stronger rights than a descriptor was opened with. */
#include "attack.h"

int main(int argc, char **argv)
{
    start(argc, argv);
    for (int process = 1; process < 64; process++)
    {
        must_not_read(path("/proc/%d/root%s/secret", process, hidden));
        must_not_read(path("/proc/%d/cwd/../hidden/secret", process));
    }
    int file = open(path("%s/canary", base), O_RDONLY);
    REFUSED(open(path("/proc/self/fd/%d", file), O_RDWR));
    REFUSED(open(path("/dev/fd/%d", file), O_WRONLY | O_TRUNC));
    int only_path = open(path("%s/canary", base), O_PATH);
    REFUSED(open(path("/proc/self/fd/%d", only_path), O_RDWR));
    REFUSED(truncate(path("/proc/self/fd/%d", only_path), 0));
    REFUSED(chmod(path("/proc/self/fd/%d", only_path), 0777));
    REFUSED(chown(path("/proc/self/fd/%d", only_path), getuid(), getgid()));
    REFUSED(utimes(path("/proc/self/fd/%d", only_path), NULL));
    REFUSED(setxattr(path("/proc/self/fd/%d", only_path), "user.x", "1", 1, 0));
    mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
    REFUSED(open("/proc/self/map_files", O_RDONLY | O_CREAT, 0600));
    int root = open("/", O_PATH | O_DIRECTORY);
    must_not_read(path("/proc/self/fd/%d/..%s/secret", root, hidden));
    int up = openat(root, "../../../..", O_PATH | O_DIRECTORY);
    int secret = openat(up, hidden + 1, O_RDONLY);
    verdict(secret >= 0 && openat(secret, "secret", O_RDONLY) >= 0, "above the root");
    REFUSED(open("/proc/self/root/etc/shadow", O_RDONLY));
    REFUSED(open("/proc/1/root/etc/shadow", O_RDONLY));
    REFUSED(openat(root, "../../etc/shadow", O_RDONLY));
    REFUSED(open("/proc/kcore", O_RDWR));
    REFUSED(open("/proc/sysrq-trigger", O_WRONLY | O_TRUNC) >= 0 && write(open("/proc/sysrq-trigger", O_WRONLY), "", 0) > 0 ? 0 : -1);
    static const char *settings[] = { "kernel/core_pattern", "kernel/modprobe", "kernel/hotplug", "vm/drop_caches",
        "kernel/sysrq", "fs/binfmt_misc/register", "net/ipv4/ip_forward", "kernel/ns_last_pid", "kernel/hostname",
        "user/max_user_namespaces", "kernel/pid_max" };
    for (unsigned i = 0; i < sizeof settings / sizeof *settings; i++) REFUSED(open(path("/proc/sys/%s", settings[i]), O_WRONLY));
    REFUSED(open("/proc/self/uid_map", O_WRONLY) >= 0 && write(open("/proc/self/uid_map", O_WRONLY), "0 0 1", 5) > 0 ? 0 : -1);
    return 0;
}
