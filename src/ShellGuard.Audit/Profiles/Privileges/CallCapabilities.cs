using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Core;

namespace ShellGuard.Audit.Profiles.Privileges;

/// <summary>Which capability a kind of call asks for, capabilities(7). A call that does not always ask is left out: a
/// capability that nothing proves is never named.</summary>
internal static class CallCapabilities
{
    public static string? Find(GeneralAccess access) => access.Operation switch
    {
        Operation.ChangeIdentity when access.Kind == ObjectKind.Identity => OfIdentity(access),
        Operation.ChangeIdentity when access.Target.StartsWith("PR_CAPBSET_DROP", StringComparison.Ordinal) => "CAP_SETPCAP",
        Operation.ChangeIdentity when IsNamespace(access.Target) => "CAP_SYS_ADMIN",
        Operation.LoadCode => OfCode(access.Target),
        Operation.SystemCall when access.Target.StartsWith("chroot", StringComparison.Ordinal) => "CAP_SYS_CHROOT",
        Operation.SystemCall => OfCall(access.Target),
        Operation.Bind or Operation.Connect or Operation.Send or Operation.Create or Operation.Listen
            when access.Kind == ObjectKind.OtherSocket => OfSocket(access.Target),
        _ when access.Kind == ObjectKind.Privilege && access.Target.StartsWith("CAP_", StringComparison.Ordinal) => access.Target,
        _ => null,
    };

    /// <summary>What else a capability gives.</summary>
    public static string Cost(string capability) => capability switch
    {
        "CAP_SYS_ADMIN" or "CAP_SYS_MODULE" or "CAP_SYS_RAWIO" or "CAP_BPF" or "CAP_SYS_BOOT" => "as good as root",
        "CAP_SETUID" or "CAP_SETGID" => "becomes every user, root included",
        "CAP_SYS_CHROOT" => "with a writable directory as good as root",
        "CAP_SYS_PTRACE" => "reads and changes every process",
        "CAP_NET_RAW" => "sees and forges packets of the host's interfaces",
        "CAP_SYSLOG" => "the kernel's messages and addresses",
        _ => "the same for every object of the host",
    };

    // To stay who one is needs nothing.
    private static string? OfIdentity(GeneralAccess access)
    {
        bool user = access.Target.StartsWith("uid ", StringComparison.Ordinal);
        return access.Target is "uid 0" or "gid 0" or "capset" ? null : user ? "CAP_SETUID" : "CAP_SETGID";
    }

    // A new user namespace needs nothing, and in it the others neither.
    private static bool IsNamespace(string target) => (target.StartsWith("unshare", StringComparison.Ordinal) || target.StartsWith("setns", StringComparison.Ordinal))
        && target.Contains("CLONE_NEW", StringComparison.Ordinal) && !target.Contains("CLONE_NEWUSER", StringComparison.Ordinal);

    private static string OfCode(string target) => target.StartsWith("bpf", StringComparison.Ordinal) ? "CAP_BPF"
        : target.StartsWith("kexec", StringComparison.Ordinal) ? "CAP_SYS_BOOT"
        : "CAP_SYS_MODULE";

    private static string? OfCall(string target)
    {
        int end = target.IndexOf(' ', StringComparison.Ordinal);
        return (end < 0 ? target : target[..end]) switch
        {
            "mount" or "umount" or "umount2" or "swapon" or "swapoff" or "pivot_root" or "fsopen" or "fsmount" or "move_mount"
                or "mount_setattr" or "fspick" or "sethostname" or "setdomainname" or "quotactl" or "quotactl_fd"
                or "fanotify_mark" or "lookup_dcookie" => "CAP_SYS_ADMIN",
            "settimeofday" or "clock_settime" or "clock_settime64" or "stime" => "CAP_SYS_TIME",
            "reboot" => "CAP_SYS_BOOT",
            "syslog" => "CAP_SYSLOG",
            "iopl" or "ioperm" => "CAP_SYS_RAWIO",
            "open_by_handle_at" => "CAP_DAC_READ_SEARCH",
            "acct" => "CAP_SYS_PACCT",
            "vhangup" => "CAP_SYS_TTY_CONFIG",
            _ => null,
        };
    }

    private static string? OfSocket(string target) =>
        target.StartsWith("packet", StringComparison.Ordinal) || target.StartsWith("raw", StringComparison.Ordinal) ? "CAP_NET_RAW" : null;
}
