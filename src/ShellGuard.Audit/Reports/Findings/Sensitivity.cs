using ShellGuard.Audit.Profiles;

namespace ShellGuard.Audit.Reports.Findings;

/// <summary>How sensitive a path is, for people who decide.</summary>
internal sealed class Sensitivity(Credentials credentials)
{
    /// <summary>The classes, the most sensitive first.</summary>
    public static readonly string[] Classes =
    [
        "credentials", "control sockets", "other people's homes", "kernel and devices", "boot and services", "accounts", "logs", "package database",
        "configuration", "temporary", "data", "programs and libraries",
    ];

    public string Of(string path) =>
        credentials.Has(path) ? Classes[0]
        : Policy.Lint.EscapeRights.Find(path) is { Kind: Policy.Lint.EscapeKind.Socket } ? Classes[1]
        : In(path, "/home", "/root") ? Classes[2]
        : In(path, "/dev/null", "/dev/zero", "/dev/full", "/dev/urandom", "/dev/random", "/dev/tty", "/dev/pts", "/dev/shm") ? Classes[9]
        : In(path, "/dev", "/sys", "/proc/sys", "/proc/kcore", "/proc/kallsyms", "/proc/kmsg", "/boot") ? Classes[3]
        : In(path, "/etc/systemd", "/etc/cron.d", "/etc/crontab", "/etc/init.d", "/etc/rc.local", "/etc/profile.d", "/etc/ld.so.preload", "/etc/pam.d",
            "/usr/lib/systemd", "/lib/systemd", "/etc/udev", "/var/spool/cron") ? Classes[4]
        : path is "/etc/passwd" or "/etc/group" or "/etc/subuid" or "/etc/subgid" or "/etc/nsswitch.conf" || In(path, "/var/run/utmp", "/run/utmp", "/var/log/wtmp", "/var/log/lastlog") ? Classes[5]
        : In(path, "/var/log") ? Classes[6]
        : In(path, "/var/lib/dpkg", "/var/lib/apt", "/var/cache/apt", "/var/lib/rpm") ? Classes[7]
        : In(path, "/etc") ? Classes[8]
        : In(path, "/tmp", "/var/tmp", "/run", "/var/run", "/proc") ? Classes[9]
        : In(path, "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt") ? Classes[11]
        : Classes[10];

    /// <summary>Whether one path is of a more sensitive class than another one.</summary>
    public bool IsMore(string path, string other) => Array.IndexOf(Classes, Of(path)) < Array.IndexOf(Classes, Of(other));

    private static bool In(string path, params string[] places) =>
        Array.Exists(places, place => Policy.Evaluation.PathText.IsAtOrBeneath(path, place));
}
