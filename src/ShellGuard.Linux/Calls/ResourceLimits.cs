using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Calls;

/// <summary>Limits that the kernel keeps for each process, getrlimit(2).</summary>
public static unsafe class ResourceLimits
{
    public const int Processes = 6;
    public const int OpenFiles = 7;

    /// <summary>The most that this process may raise a limit to; <see cref="long.MaxValue"/> where there is none.
    /// </summary>
    public static long Hard(int resource)
    {
        ulong* limits = stackalloc ulong[2];
        // SAFETY: struct rlimit64 is two 64-bit numbers, which the kernel writes.
        LinuxResult result = Kernel.Call(SystemCall.prlimit64, 0, resource, 0, (nint)limits);
        return result.Failed || limits[1] > long.MaxValue ? long.MaxValue : (long)limits[1];
    }
}
