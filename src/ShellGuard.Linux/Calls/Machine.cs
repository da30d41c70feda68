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

    /// <summary>The kernel's release and the machine as uname(2) gives them: <c>6.18.5</c>, <c>x86_64</c>.</summary>
    public static (string Release, string Hardware) Identity
    {
        get
        {
            const int size = 65, fields = 6, release = 2, machine = 4;
            Span<byte> names = stackalloc byte[fields * size];

            // SAFETY: the kernel writes one struct new_utsname of six texts of 65 bytes each, for which there is room.
            fixed (byte* bytes = names)
            {
                Kernel.Call(SystemCall.uname, (nint)bytes).OrThrow();
            }

            return (Text(names[(release * size)..]), Text(names[(machine * size)..]));
        }
    }

    private static string Text(ReadOnlySpan<byte> field) => KernelText.Decode(field[..field.IndexOf((byte)0)]);

    /// <summary>The size of a struct sysinfo.</summary>
    public static int DescriptionSize { get; } = Unsafe.SizeOf<SystemInformation>();
}
