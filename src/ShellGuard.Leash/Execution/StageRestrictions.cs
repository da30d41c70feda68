using ShellGuard.Cells.Launching;
using ShellGuard.Leash.Configuration;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Launch;
using ShellGuard.Linux.Seccomp;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Leash.Execution;

/// <summary>The steps that take rights from a stage without a cell: seccomp(2) and landlock(7), both for good, for all that
/// it starts, and for static programs as well.</summary>
internal static class StageRestrictions
{
    /// <summary>LANDLOCK_ACCESS_FS_TRUNCATE, Linux 6.2; opening with O_TRUNC needs no right to write before it.</summary>
    private const LandlockAccessFs Truncate = (LandlockAccessFs)(1 << 14);

    private const LandlockAccessFs Writing = LandlockAccessFs.WRITE_FILE | LandlockAccessFs.REMOVE_DIR
        | LandlockAccessFs.REMOVE_FILE | LandlockAccessFs.MAKE_CHAR | LandlockAccessFs.MAKE_DIR
        | LandlockAccessFs.MAKE_REG | LandlockAccessFs.MAKE_SOCK | LandlockAccessFs.MAKE_FIFO
        | LandlockAccessFs.MAKE_BLOCK | LandlockAccessFs.MAKE_SYM | Truncate;

    /// <summary>Devices that take anything and keep nothing.</summary>
    private static readonly string[] Sinks = ["/dev/null", "/dev/zero", "/dev/full", "/dev/tty"];

    /// <summary>Landlock does not hold attributes: landlock(7), "Current limitations".</summary>
    private static readonly SystemCall[] Attributes =
    [
        SystemCall.chmod, SystemCall.fchmod, SystemCall.fchmodat, SystemCall.fchmodat2, SystemCall.chown, SystemCall.fchown,
        SystemCall.lchown, SystemCall.fchownat, SystemCall.utime, SystemCall.utimes, SystemCall.futimesat,
        SystemCall.utimensat, SystemCall.setxattr, SystemCall.lsetxattr, SystemCall.fsetxattr, SystemCall.setxattrat,
        SystemCall.removexattr, SystemCall.lremovexattr, SystemCall.fremovexattr, SystemCall.removexattrat,
        SystemCall.file_setattr,
    ];

    /// <summary>What lets a program do a refused call in another one's name, or in the kernel's.</summary>
    private static readonly SystemCall[] Detours =
        [SystemCall.ptrace, SystemCall.process_vm_writev, SystemCall.io_uring_setup, SystemCall.pidfd_getfd];

    /// <summary>Adds what has to come before the last step.</summary>
    /// <param name="cookie">What the last step shows to be let pass; null where programs may start others.</param>
    public static void Add(LaunchScript script, LeashEntry entry, ulong? cookie)
    {
        if (entry.GivesUpPrivileges)
        {
            script.Add("no setuid", SystemCall.prctl, Named(38, "PR_SET_NO_NEW_PRIVS"), 1, 0, 0, 0);
        }

        if (entry is { NoExec: false, NoNet: false, ReadOnly: false })
        {
            return;
        }

        AddLandlock(script, entry.ReadOnly);
        FilterProgram filter = RefusalFilter.Compile(Refused(entry), cookie);
        script.Add(
            "what the entry forbids", SystemCall.seccomp, Named(1, "SECCOMP_SET_MODE_FILTER"), 0,
            filter.ToArgument());
    }

    /// <summary>The calls that an entry's programs cannot make, besides execve.</summary>
    public static IReadOnlyList<(SystemCall Call, Errno Error)> Refused(LeashEntry entry)
    {
        List<(SystemCall, Errno)> refused = [.. Array.ConvertAll(Detours, call => (call, Errno.EPERM))];
        if (entry.NoNet)
        {
            refused.Add((SystemCall.socket, Errno.EACCES));
        }

        if (entry.ReadOnly)
        {
            refused.AddRange(Array.ConvertAll(Attributes, call => (call, Errno.EROFS)));
        }

        return refused;
    }

    /// <summary>In a domain of its own a program cannot trace one outside of it, whose rights it would then have. A domain
    /// refuses to move files between directories unless a rule allows it, so there is one.</summary>
    private static void AddLandlock(LaunchScript script, bool readOnly)
    {
        LandlockAccessFs handled = readOnly ? Writing | LandlockAccessFs.REFER : LandlockAccessFs.REFER;
        LaunchSlot rules = script.Get(
            "rules", "a domain that nothing outside can be traced from", SystemCall.landlock_create_ruleset,
            Structures.Numbers($"{{{handled}}}", (ulong)handled), 8, 0);
        foreach (string path in readOnly ? Sinks : ["/"])
        {
            // A host without one of the sinks does without it.
            LaunchSlot file = script.GetOptional(
                "path", "where something may still be written",
                SystemCall.open, path, Named((long)(OpenFlags.PATH | OpenFlags.CLOEXEC), "O_PATH|O_CLOEXEC"));
            LandlockAccessFs access = readOnly ? LandlockAccessFs.WRITE_FILE : LandlockAccessFs.REFER;
            byte[] attribute = new byte[12];
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(attribute, (ulong)access);
            LaunchArgument rule = new Block(attribute, [(8, file)], () => $"{{{access}}}");
            if (readOnly)
            {
                script.Try(path, SystemCall.landlock_add_rule, rules, Named(1, "LANDLOCK_RULE_PATH_BENEATH"), rule, 0);
            }
            else
            {
                script.Add(path, SystemCall.landlock_add_rule, rules, Named(1, "LANDLOCK_RULE_PATH_BENEATH"), rule, 0);
            }
        }

        script.Add("from here on", SystemCall.landlock_restrict_self, rules, 0);
    }
}
