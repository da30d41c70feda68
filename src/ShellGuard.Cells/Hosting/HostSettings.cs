using System.Globalization;
using System.Text;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Hosting;

/// <summary>Settings of the host that explain why a feature is missing. Only read for messages: what works is found
/// out by using it.</summary>
/// <param name="IsRoot">Whether the cell would keep root's identity.</param>
/// <param name="Storage">Where sessions are kept.</param>
public sealed record HostSettings(bool IsRoot, string Storage)
{
    /// <summary>sysctl user.max_user_namespaces of this user namespace; null where it cannot be read.</summary>
    public long? MaximumUserNamespaces { get; init; }

    /// <summary>sysctl kernel.unprivileged_userns_clone of some distributions; null elsewhere.</summary>
    public long? UnprivilegedClone { get; init; }

    /// <summary>sysctl kernel.apparmor_restrict_unprivileged_userns.</summary>
    public bool AppArmorRestricts { get; init; }

    /// <summary>Whether this process is under a seccomp filter of somebody else, as in a container.</summary>
    public bool IsContained { get; init; }

    public static HostSettings Read(bool isRoot, string storage) => new(isRoot, storage)
    {
        MaximumUserNamespaces = Number("/proc/sys/user/max_user_namespaces"),
        UnprivilegedClone = isRoot ? null : Number("/proc/sys/kernel/unprivileged_userns_clone"),
        AppArmorRestricts = !isRoot && Number("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") is > 0,
        IsContained = Text("/proc/self/status").Contains("\nSeccomp:\t2", StringComparison.Ordinal),
    };

    private static long? Number(string path) =>
        long.TryParse(Text(path).Trim(), CultureInfo.InvariantCulture, out long number) ? number : null;

    private static string Text(string path)
    {
        byte[] buffer = new byte[8192];
        LinuxResult read = ProcFile.Read(path, buffer);
        return read.Succeeded ? Encoding.ASCII.GetString(buffer, 0, (int)read.Value) : "";
    }
}
