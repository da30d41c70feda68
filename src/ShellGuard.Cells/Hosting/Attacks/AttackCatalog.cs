using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;

namespace ShellGuard.Cells.Hosting.Attacks;

/// <summary>The attacks of <c>doctor --attack</c>, in the order in which they are tried.</summary>
internal static partial class AttackCatalog
{
    private const string Refused = "refused";
    private const string NotThere = "not there";
    private const string ReadOnly = "read-only";

    public static IReadOnlyList<Attack> All { get; } =
        [.. FileAttacks(), .. ProcessAttacks(), .. NetworkAttacks(), .. KernelAttacks(), .. ForeignAttacks()];

    /// <summary>Calls that the filter refuses before the kernel looks at their arguments.</summary>
    private static Attack Call(string tried, SystemCall call, params LaunchArgument[] arguments) =>
        new(call.ToString(), tried, Refused, _ => DirectCall.Run(call, arguments));

    private static Attack Call(string name, string tried, SystemCall call, params LaunchArgument[] arguments) =>
        new(name, tried, Refused, _ => DirectCall.Run(call, arguments));

    private static LinuxResult Open(string path, OpenFlags flags)
    {
        LinuxResult opened = Files.Open(path, flags, out Descriptor file, 0x180);
        file.Dispose();
        return opened;
    }

    /// <summary>Succeeds when there is anything to read.</summary>
    private static LinuxResult ReadAnything(string path)
    {
        LinuxResult read = ProcFile.Read(path, new byte[64]);
        return read.Succeeded && read.Value == 0 ? read with { Error = Errno.ENODATA } : read;
    }

    private static LinuxResult With(LinuxResult opened, Descriptor descriptor, Func<Descriptor, LinuxResult> use)
    {
        using (descriptor)
        {
            return opened.Failed ? opened : use(descriptor);
        }
    }
}
