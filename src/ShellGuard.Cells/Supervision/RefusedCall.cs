using ShellGuard.Core;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cells.Supervision;

/// <summary>A call that the table of system calls refuses, as the journal has it.</summary>
internal static class RefusedCall
{
    /// <summary>The kernel's SOCK_TYPE_MASK: the type without SOCK_CLOEXEC and SOCK_NONBLOCK.</summary>
    private const uint TypeMask = 0xf;

    /// <summary>The call's name; of a socket also its family and type, for these say what it was wanted for:
    /// <c>socket AF_UNIX SOCK_DGRAM</c>.</summary>
    public static string Of(in Notification call) =>
        IsSocket(call) ? $"{call.Call} {Name("AF_", (AF)(uint)call.A0)} {Name("SOCK_", (SOCK)((uint)call.A1 & TypeMask))}" : call.Call.ToString();

    /// <summary>What helps; null for nothing.</summary>
    public static string? WayOn(in Notification call) => call.Call == SystemCall.socket && Of(call) == SystemLog.RefusedSocket
        ? "syslog(3) wants such a socket, and what it would write is lost; let the program log to standard error or a file"
        : null;

    private static bool IsSocket(in Notification call) => call.Call is SystemCall.socket or SystemCall.socketpair;

    // A number where the enumeration has no name.
    private static string Name<T>(string prefix, T value)
        where T : struct, Enum => value.ToString() is var name && char.IsAsciiDigit(name[0]) ? name : prefix + name;
}
