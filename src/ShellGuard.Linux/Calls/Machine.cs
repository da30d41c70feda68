using System.Runtime.CompilerServices;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Calls;

/// <summary>The machine as a whole.</summary>
public static unsafe class Machine
{
    /// <summary>The answer of sysinfo(2), as the kernel lays it out.</summary>
    public static LinuxResult Describe(Span<byte> information)
    {
        if (information.Length < DescriptionSize)
        {
            throw new ArgumentException("no room for the structure", nameof(information));
        }

        // SAFETY: the kernel writes one struct sysinfo, for which there is room.
        fixed (byte* bytes = information)
        {
            return Kernel.Call(SystemCall.sysinfo, (nint)bytes);
        }
    }

    /// <summary>The size of a struct sysinfo.</summary>
    public static int DescriptionSize { get; } = Unsafe.SizeOf<SystemInformation>();
}
