using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Calls;

/// <summary>Raw system calls, syscall(2), with the error as a value. The one place where a system call enters the
/// kernel from managed code; every typed wrapper goes through here.</summary>
internal static class Kernel
{
    /// <summary>Calls the kernel.</summary>
    /// <param name="call">The number.</param>
    /// <param name="subject">What it is for, for the message of a failure.</param>
    internal static LinuxResult Call(
        SystemCall call,
        nint a0 = 0,
        nint a1 = 0,
        nint a2 = 0,
        nint a3 = 0,
        nint a4 = 0,
        nint a5 = 0,
        string? subject = null)
    {
        nint value = NativeMethods.syscall((nint)call, a0, a1, a2, a3, a4, a5);
        return value == -1
            ? new LinuxResult(-1, (Errno)Marshal.GetLastPInvokeError(), call, subject)
            : new LinuxResult(value, Errno.None, call, subject);
    }
}
