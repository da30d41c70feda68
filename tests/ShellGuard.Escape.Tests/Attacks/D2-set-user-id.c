/* D2: programs that gain rights when they start, and services outside that start programs on request. The extra
 * arguments are copies of id(1) with the setuid bit, of root and of nobody. */
#include "attack.h"
#include <sys/fsuid.h>

int main(int argc, char **argv)
{
    start(argc, argv);
    verdict(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1, "no_new_privs is set");
    REFUSED(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
    REFUSED(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 21, 0, 0));
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    unsigned long long set;
    while (fgets(line, sizeof line, status))
        if (sscanf(line, "CapBnd: %llx", &set) == 1 || sscanf(line, "CapPrm: %llx", &set) == 1
            || sscanf(line, "CapEff: %llx", &set) == 1)
            verdict((set & ~(getuid() == 0 ? 0x4fbULL : 0ULL)) != 0, "%s", strtok(line, "\n"));
    for (int i = 0; extra[i]; i++)
    {
        int user = -1;
        FILE *output = popen(path("%s -u", extra[i]), "r");
        verdict(fscanf(output, "%d", &user) != 1 || user != (int)geteuid() || pclose(output) != 0,
            "%s runs as %d", extra[i], user);
    }
    static const char *programs[] = { "/usr/bin/su", "/usr/bin/sudo", "/usr/bin/pkexec", "/usr/bin/passwd",
        "/usr/bin/chsh", "/usr/bin/mount", "/usr/bin/newgrp", "/usr/bin/gpasswd", "/usr/bin/newuidmap",
        "/usr/bin/fusermount3", "/usr/lib/openssh/ssh-keysign", "/usr/bin/run0" };
    for (unsigned i = 0; i < sizeof programs / sizeof *programs; i++)
    {
        struct stat file;
        if (stat(programs[i], &file) == 0)
            printf("%s: mode %o\n", programs[i], file.st_mode);
    }
    if (getuid() != 0)
    {
        REFUSED(setuid(0));
        REFUSED(setgid(0));
        REFUSED(syscall(SYS_setgroups, 0, NULL));
    }
    static const char *sockets[] = { "/run/dbus/system_bus_socket", "/run/systemd/private", "/run/docker.sock",
        "/var/run/docker.sock", "/run/containerd/containerd.sock", "/run/user/0/bus", "/tmp/.X11-unix/X0",
        "/run/systemd/io.systemd.Login", "/run/udev/control", "/run/snapd.socket", "/run/podman/podman.sock",
        "/var/run/crond.pid", "/run/initctl", "/dev/initctl", "/run/utmp", "/run/sudo", "/run/screen", "/tmp/tmux-0/default" };
    for (unsigned i = 0; i < sizeof sockets / sizeof *sockets; i++) verdict(access(sockets[i], F_OK) == 0, "%s", sockets[i]);
    static const char *places[] = { "/etc/cron.d", "/var/spool/cron", "/var/spool/at", "/etc/systemd/system", "/etc",
        "/usr/local/bin", "/usr/lib", "/var/lib", "/etc/ld.so.preload", "/boot", "/root/.bashrc" };
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++)
    {
        int file = open(path("%s/shellguard-escape-planted", places[i]), O_WRONLY | O_CREAT, 0755);
        verdict(file >= 0, "plant in %s: %s", places[i], strerror(errno));
    }
    return 0;
}
