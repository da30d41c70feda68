using System.Runtime.CompilerServices;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Linux.Seccomp;

/// <summary>Whether the running kernel's notification structures are those that this program knows. The kernel may
/// make them longer (seccomp_unotify(2)) and would then write past the end of ours.</summary>
internal static class NotifySizes
{
    private static readonly LinuxResult _outcome = Ask();

    /// <exception cref="LinuxException">They are not, or the kernel has no notifications.</exception>
    internal static void Check() => _outcome.OrThrow();

    private static unsafe LinuxResult Ask()
    {
        seccomp_notif_sizes sizes = default;

        // SAFETY: the kernel writes one seccomp_notif_sizes, whose layout never changes, to a local.
        LinuxResult result = Kernel.Call(
            SystemCall.seccomp,
            (nint)SECCOMP.GET_NOTIF_SIZES,
            0,
            (nint)(&sizes),
            subject: "sizes of the notification structures");
        bool known = sizes.seccomp_notif == Unsafe.SizeOf<seccomp_notif>()
            && sizes.seccomp_notif_resp == Unsafe.SizeOf<seccomp_notif_resp>()
            && sizes.seccomp_data == Unsafe.SizeOf<seccomp_data>();
        return result.Succeeded && !known ? result with { Error = Errno.E2BIG } : result;
    }
}
