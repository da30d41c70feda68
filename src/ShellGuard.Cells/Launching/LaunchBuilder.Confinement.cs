using System.Buffers.Binary;
using ShellGuard.Cells.Hosting;
using ShellGuard.Cells.Planning;
using ShellGuard.Cells.View;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Launch;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Cells.Launching;

public static partial class LaunchBuilder
{
    /// <summary>CAP_CHECKPOINT_RESTORE, the last capability of the kernels that have Landlock at all.</summary>
    private const int LastKnownCapability = 40;

    /// <summary>Capabilities are 64 bits; what a later kernel adds is dropped as well, what it lacks is EINVAL.</summary>
    private const int LastPossibleCapability = 63;

    /// <summary>What changes files. Reading is decided by the view, and LANDLOCK_ACCESS_FS_TRUNCATE is left out on
    /// purpose: the kernel would then walk up from every file that is opened, also for reading.</summary>
    private const LandlockAccessFs Writing = LandlockAccessFs.WRITE_FILE | LandlockAccessFs.REMOVE_DIR
        | LandlockAccessFs.REMOVE_FILE | LandlockAccessFs.MAKE_CHAR | LandlockAccessFs.MAKE_DIR
        | LandlockAccessFs.MAKE_REG | LandlockAccessFs.MAKE_SOCK | LandlockAccessFs.MAKE_FIFO
        | LandlockAccessFs.MAKE_BLOCK | LandlockAccessFs.MAKE_SYM | LandlockAccessFs.REFER;

    private const int ScopeVersion = HostConcessions.FullLandlock;
    private const int ReferVersion = 2;

    private static void AddConfinement(LaunchScript script, CellPlan plan)
    {
        for (int capability = 0; capability <= LastPossibleCapability; capability++)
        {
            if (plan.Identity.Capabilities.Contains(capability))
            {
                continue;
            }

            LaunchArgument[] drop = [Named(24, "PR_CAPBSET_DROP"), capability, 0, 0, 0];
            if (capability <= LastKnownCapability)
            {
                script.Add("no process of the cell can get it", SystemCall.prctl, drop);
            }
            else
            {
                script.Try("nor one of a later kernel", SystemCall.prctl, drop);
            }
        }

        script.Add("nor keep one", SystemCall.prctl, Named(47, "PR_CAP_AMBIENT"), Named(4, "CLEAR_ALL"), 0, 0, 0);
        script.Add("no setuid", SystemCall.prctl, Named(38, "PR_SET_NO_NEW_PRIVS"), 1, 0, 0, 0);
        AddLandlock(script, plan);
    }

    /// <summary>The second floor: even if a mount were missed, writing stays where the plan says; it also holds for
    /// files reached through /proc/self/fd, which mounts do not hold, landlock(7).</summary>
    private static void AddLandlock(LaunchScript script, CellPlan plan)
    {
        const ulong ScopeAbstractSocketsAndSignals = 3;
        int version = plan.Concessions.LandlockVersion;
        if (version == 0)
        {
            return;
        }

        // Before version 2 moving a file to another directory is always refused, landlock(7).
        LandlockAccessFs writing = version < ReferVersion ? Writing & ~LandlockAccessFs.REFER : Writing;
        LaunchSlot rules = script.Get(
            "rules", "the second floor", SystemCall.landlock_create_ruleset,
            version < ScopeVersion
                ? Structures.Numbers(() => $"{{{writing}}}", (ulong)writing)
                : Structures.Numbers(() => $"{{{writing}, scoped}}", (ulong)writing, 0, ScopeAbstractSocketsAndSignals),
            version < ScopeVersion ? 8 : 24, 0);
        foreach (WritablePath path in plan.View.Writable)
        {
            LaunchSlot file = script.Get(
                "path", "where the cell may write",
                SystemCall.open, path.Path, Named((long)(OpenFlags.PATH | OpenFlags.CLOEXEC), "O_PATH|O_CLOEXEC"));
            AddRule(script, rules, file, path.IsDirectory ? writing : LandlockAccessFs.WRITE_FILE, path.Path);
            script.Add("not needed any more", SystemCall.close, file);
        }

        foreach (int descriptor in plan.OutputFiles)
        {
            AddRule(script, rules, descriptor, LandlockAccessFs.WRITE_FILE, "the user's output file");
        }

        script.Add("from here on", SystemCall.landlock_restrict_self, rules, 0);
    }

    /// <summary>A domain within the domain: a process in the inner one cannot trace one in the outer, landlock(7).
    /// Process 1 executes the reaper while the command already runs, and until it made itself undumpable the command
    /// could open its memory and become process 1, which the supervisor's death would then no longer end. The memory
    /// that process 1 shares with the supervisor before it executes the reaper does not need it: till then it has
    /// capabilities that no command has, and such a process is not to be traced, ptrace(2).</summary>
    private static void AddInnerDomain(LaunchScript script, int version)
    {
        const ulong ScopeSignals = 2;
        if (version == 0)
        {
            return;
        }

        if (version < ReferVersion)
        {
            // Something that no cell can do anyway: the domain is all that is wanted.
            LaunchSlot plain = script.Get(
                "inner", "process 1 is not the command's to trace", SystemCall.landlock_create_ruleset,
                Structures.Numbers($"{{{LandlockAccessFs.MAKE_BLOCK}}}", (ulong)LandlockAccessFs.MAKE_BLOCK), 8, 0);
            script.Add("from here on", SystemCall.landlock_restrict_self, plain, 0);
            return;
        }

        // Every domain refuses to move files between directories unless a rule of its own allows it, landlock(7): the
        // outer one has decided where that is.
        const LandlockAccessFs Moving = LandlockAccessFs.REFER;
        LaunchSlot rules = script.Get(
            "inner", "process 1 is not the command's to trace", SystemCall.landlock_create_ruleset,
            version < ScopeVersion
                ? Structures.Numbers(() => $"{{{Moving}}}", (ulong)Moving)
                : Structures.Numbers(() => $"{{{Moving}, scoped}}", (ulong)Moving, 0, ScopeSignals),
            version < ScopeVersion ? 8 : 24, 0);
        LaunchSlot root = script.Get(
            "root", "moving is the outer domain's to decide",
            SystemCall.open, "/", Named((long)(OpenFlags.PATH | OpenFlags.CLOEXEC), "O_PATH|O_CLOEXEC"));
        AddRule(script, rules, root, Moving, "everywhere");
        script.Add("from here on", SystemCall.landlock_restrict_self, rules, 0);
    }

    private static void AddRule(
        LaunchScript script, LaunchSlot rules, LaunchArgument file, LandlockAccessFs access, string display)
    {
        byte[] attribute = new byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(attribute, (ulong)access);
        if (file is Number number)
        {
            BinaryPrimitives.WriteInt32LittleEndian(attribute.AsSpan(8), (int)number.Value);
        }

        IReadOnlyList<(int, LaunchArgument)> fields = file is Number ? [] : [(8, file)];
        script.Add(
            display, SystemCall.landlock_add_rule, rules, Named(1, "LANDLOCK_RULE_PATH_BENEATH"),
            new Block(attribute, fields, () => $"{{{access}}}"), 0);
    }
}
