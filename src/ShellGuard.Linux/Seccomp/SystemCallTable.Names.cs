using ShellGuard.Linux.Abi;
using static ShellGuard.Linux.Abi.SystemCall;

namespace ShellGuard.Linux.Seccomp;

/// <content>Names in directories: making, moving and removing them.</content>
public sealed partial class SystemCallTable
{
    private static void AddNames(SystemCallTableBuilder lines, FilterOptions options)
    {
        AddPathWrite(lines, mkdir, options);
        AddPathWrite(lines, mkdirat, options);
        AddPathWrite(lines, rmdir, options);
        AddPathWrite(lines, unlink, options);
        AddPathWrite(lines, unlinkat, options);
        AddPathWrite(lines, rename, options);
        AddPathWrite(lines, renameat, options);
        AddPathWrite(lines, link, options);
        AddPathWrite(lines, linkat, options);
        AddPathWrite(lines, symlink, options);
        AddPathWrite(lines, symlinkat, options);

        lines.Partly(
            renameat2,
            options.ExplainWrites ? FilterOutcome.Mediate : FilterOutcome.Pass,
            options.ExplainWrites ? Holder.Supervisor : Holder.View,
            "renames where the view is writable",
            new ArgumentRule(
                FilterOutcome.Deny(Errno.EINVAL),
                "leaves a whiteout behind: a device node that would forge a deletion in a layer; the error of file "
                + "systems without whiteouts",
                [ArgumentTest.HasAny(4, (uint)RENAME.WHITEOUT)]));

        AddMakeNode(lines, mknod, modeArgument: 1);
        AddMakeNode(lines, mknodat, modeArgument: 2);
    }

    private static void AddMakeNode(SystemCallTableBuilder lines, SystemCall call, int modeArgument) =>
        lines.Partly(
            call,
            FilterOutcome.Pass,
            Holder.View,
            "makes files, fifos and sockets where the view is writable",
            // The kernel reads the mode as an umode_t of 16 bits; the type is in its upper four.
            new ArgumentRule(
                FilterOutcome.Deny(Errno.EPERM),
                "a character device; with number 0/0 an overlay's whiteout",
                [ArgumentTest.Is(modeArgument, (uint)S_IF.MT, (uint)S_IF.CHR)]),
            new ArgumentRule(
                FilterOutcome.Deny(Errno.EPERM),
                "a block device",
                [ArgumentTest.Is(modeArgument, (uint)S_IF.MT, (uint)S_IF.BLK)]));
}
