using System.Collections.Immutable;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>What a cell's filter does with every system call of x86-64, and why. Data: the filter is compiled from
/// it (<see cref="FilterCompiler"/>), the documentation is printed from it, and a test fails where a call has no
/// line. The lines are in the files beside this one, by topic.</summary>
public sealed partial class SystemCallTable
{
    private static readonly FilterOptions NoGrants = new();
    private static readonly Lazy<SystemCallTable> Plain = new(() => new SystemCallTable(NoGrants));

    private readonly SystemCallLine?[] _byNumber;

    private SystemCallTable(FilterOptions options)
    {
        Options = options;
        var lines = new SystemCallTableBuilder();
        AddFiles(lines, options);
        AddNames(lines, options);
        AddDescriptors(lines);
        AddApart(lines, options);
        AddMemory(lines, options);
        AddProcesses(lines, options);
        AddIdentity(lines);
        AddSignals(lines);
        AddTime(lines);
        AddIpc(lines);
        AddNetwork(lines, options);
        AddNamespaces(lines, options);
        AddSandboxing(lines);
        AddAdministration(lines);
        AddObsolete(lines);
        Lines = lines.Build();
        _byNumber = new SystemCallLine?[(int)Lines[^1].Call + 1];
        foreach (SystemCallLine line in Lines)
        {
            _byNumber[(int)line.Call] = line;
        }
    }

    /// <summary>The table of a cell without grants.</summary>
    public static SystemCallTable Default => Plain.Value;

    /// <summary>A number without a line is a call of a newer kernel. Programs know what to do without it, since it
    /// does not exist on an older one; and it cannot do what nobody here has looked at.</summary>
    public static FilterOutcome Unknown => FilterOutcome.DenySilently(Errno.ENOSYS);

    /// <summary>The x32 ABI (numbers from 0x40000000) is answered as by the kernels of most distributions, which are
    /// built without it: its numbers mean other calls and its structures have other layouts than the rules know.
    /// </summary>
    public static FilterOutcome X32 => FilterOutcome.Deny(Errno.ENOSYS);

    /// <summary>Another architecture's calls (i386, by int 0x80 or from a 32-bit program) kill, as they do, by
    /// SIGSEGV, on a kernel without 32-bit emulation: there is no number in this table that they could be judged by,
    /// and a 32-bit program that goes on after refusals does so with an error in every call.</summary>
    public static FilterOutcome ForeignArchitecture => FilterOutcome.Kill;

    public FilterOptions Options { get; }

    /// <summary>By number, ascending, one per call.</summary>
    public ImmutableArray<SystemCallLine> Lines { get; }

    /// <summary>The table of a cell with these grants.</summary>
    public static SystemCallTable For(FilterOptions options) =>
        options == NoGrants ? Default : new SystemCallTable(options);

    /// <summary>The line of a call, or null for a number that the table does not know.</summary>
    public SystemCallLine? Find(SystemCall call) => Find((int)call);

    /// <summary>What the table says of a call, as the kernel would ask the filter. Arguments that are pointers are
    /// never looked through, so the answer is as good after a notification as it was in the filter.</summary>
    public FilterOutcome Judge(in seccomp_data data)
    {
        if (data.arch != (uint)AUDIT_ARCH.X86_64)
        {
            return ForeignArchitecture;
        }

        if ((uint)data.nr is >= FilterCompiler.FirstX32Number and < FilterCompiler.FirstNegativeNumber)
        {
            return X32;
        }

        return Find(data.nr) is { } line ? line.Judge(data.args) : Unknown;
    }

    /// <summary>What the table says of a call that waits for an answer: the error that a reported denial gets (see
    /// <see cref="FilterOptions.ReportDenials"/>), or that the call is mediated.</summary>
    public FilterOutcome Judge(in Notification notification) => Judge(DataOf(notification));

    /// <summary>Why the table says that.</summary>
    public string ReasonFor(in Notification notification) =>
        Find(notification.Call)?.ReasonFor(DataOf(notification).args) ?? "not in the table of system calls";

    private SystemCallLine? Find(int number) => (uint)number < (uint)_byNumber.Length ? _byNumber[number] : null;

    private static seccomp_data DataOf(in Notification notification)
    {
        var data = new seccomp_data { nr = (int)notification.Call, arch = notification.Architecture };
        data.args[0] = notification.A0;
        data.args[1] = notification.A1;
        data.args[2] = notification.A2;
        data.args[3] = notification.A3;
        data.args[4] = notification.A4;
        data.args[5] = notification.A5;
        return data;
    }
}
