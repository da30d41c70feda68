using ShellGuard.Linux.Abi;
using static ShellGuard.Linux.Abi.SystemCall;

namespace ShellGuard.Linux.Seccomp;

/// <content>Opening, reading and changing what a path leads to.</content>
public sealed partial class SystemCallTable
{
    private const string LooksAt = "looks at what the view shows";

    private static void AddFiles(SystemCallTableBuilder lines, FilterOptions options)
    {
        AddOpen(lines, open, flagsArgument: 1, options);
        AddOpen(lines, openat, flagsArgument: 2, options);
        AddPathWrite(lines, creat, options);
        AddPathWrite(lines, truncate, options);

        // Its flags are behind a pointer. The kernel's answer stands, without an explanation.
        lines.Pass(Holder.View, "opens what the view shows, for writing where the view is writable", openat2);

        AddLook(lines, stat, null, options);
        AddLook(lines, lstat, null, options);
        AddLook(lines, newfstatat, 3, options);
        AddLook(lines, statx, 2, options);
        AddLook(lines, access, null, options);
        AddLook(lines, faccessat, null, options);
        AddLook(lines, faccessat2, 3, options);
        AddLook(lines, chdir, null, options);
        lines.Pass(
            Holder.View,
            LooksAt,
            readlink,
            readlinkat,
            statfs,
            getcwd,
            getxattr,
            lgetxattr,
            getxattrat,
            listxattr,
            llistxattr,
            listxattrat,
            file_getattr);

        lines.Pass(
            Holder.View,
            "changes attributes where the view is writable; set-user-id bits do nothing under no_new_privs and are "
            + "taken off at commit",
            chmod,
            fchmod,
            fchmodat,
            fchmodat2,
            chown,
            fchown,
            lchown,
            fchownat,
            utime,
            utimes,
            futimesat,
            utimensat,
            setxattr,
            lsetxattr,
            fsetxattr,
            setxattrat,
            removexattr,
            lremovexattr,
            fremovexattr,
            removexattrat,
            file_setattr);

        lines.Deny(
            Errno.EOPNOTSUPP,
            "a file handle names an inode without a path; programs take this as a file system without handles",
            name_to_handle_at);
        lines.Deny(Errno.EPERM, "opens an inode past every path and mount of the view", open_by_handle_at);
    }

    /// <summary>The supervisor looks at opens for writing where it explains; the view has decided already.</summary>
    private static void AddOpen(SystemCallTableBuilder lines, SystemCall call, int flagsArgument, FilterOptions options)
    {
        const string Reason = "opens what the view shows, for writing where the view is writable";
        if (options.ExplainReads)
        {
            lines.Mediate("opens by path: explained, then let continue, since the view decides", call);
        }
        else if (options.ExplainWrites)
        {
            lines.Partly(
                call,
                FilterOutcome.Pass,
                Holder.View,
                Reason,
                new ArgumentRule(
                    FilterOutcome.Mediate,
                    "for writing: explained, then let continue",
                    [ArgumentTest.HasAny(flagsArgument, (uint)(O.ACCMODE | O.CREAT | O.TRUNC))]));
        }
        else
        {
            lines.Pass(Holder.View, Reason, call);
        }
    }

    /// <summary>A call that looks at a file by its path, or, with AT_EMPTY_PATH, at one that is open.</summary>
    private static void AddLook(
        SystemCallTableBuilder lines, SystemCall call, int? flagsArgument, FilterOptions options)
    {
        const string Explained = "looks by path: explained, then let continue, since the view decides";
        if (!options.ExplainReads)
        {
            lines.Pass(Holder.View, LooksAt, call);
        }
        else if (flagsArgument is { } flags)
        {
            lines.Partly(
                call,
                FilterOutcome.Mediate,
                Holder.Supervisor,
                Explained,
                new ArgumentRule(
                    FilterOutcome.Pass, "at what is open already", [ArgumentTest.HasAny(flags, (uint)AtFlags.EMPTY_PATH)]));
        }
        else
        {
            lines.Mediate(Explained, call);
        }
    }

    /// <summary>A call that changes what a path leads to, always.</summary>
    private static void AddPathWrite(SystemCallTableBuilder lines, SystemCall call, FilterOptions options)
    {
        if (options.ExplainWrites)
        {
            lines.Mediate("writes by path: explained, then let continue, since the view decides", call);
        }
        else
        {
            lines.Pass(Holder.View, "writes by path where the view is writable", call);
        }
    }
}
