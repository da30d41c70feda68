using ShellGuard.Cells.Launching;
using ShellGuard.Leash.Integrity;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Launch;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Leash.Execution;

/// <summary>The steps that every process of a pipeline begins and ends with.</summary>
internal static class LaunchSteps
{
    private const int TIOCSPGRP = 0x5410;

    /// <summary>Signals that a caller may have left ignored, which an execve would hand on.</summary>
    private static readonly (int Number, string Name)[] Signals =
    [
        (1, "SIGHUP"), (2, "SIGINT"), (3, "SIGQUIT"), (13, "SIGPIPE"), (14, "SIGALRM"), (15, "SIGTERM"), (17, "SIGCHLD"),
        (21, "SIGTTIN"), (22, "SIGTTOU"),
    ];

    /// <summary>Life and death with the leash, process group, terminal, and standard streams.</summary>
    /// <param name="group">The process group, or 0 for one of its own.</param>
    /// <param name="terminal">The terminal that its group gets; null where there is none to give.</param>
    /// <param name="input">Descriptor that becomes its standard input: above 2, or what it should become already.</param>
    /// <param name="output">The same of its standard output.</param>
    public static void AddStart(LaunchScript script, int group, int? terminal, int input, int output)
    {
        script.Add(
            "it ends when the leash ends, however that ends",
            SystemCall.prctl, Named(1, "PR_SET_PDEATHSIG"), Named(9, "SIGKILL"), 0, 0, 0);
        script.Add("one group for the pipeline", SystemCall.setpgid, 0, group);
        if (terminal is { } given && group == 0)
        {
            // Signals are blocked, so the kernel lets a group in the background do this, tcsetpgrp(3).
            LaunchSlot own = script.Get("group", "of its own", SystemCall.getpid);
            script.Add(
                "in the foreground", SystemCall.ioctl, given, Named(TIOCSPGRP, "TIOCSPGRP"),
                new Block(new byte[4], [(0, own)], "[group]"));
        }

        if (input != 0)
        {
            script.Add("what the stage before it writes, or nothing", SystemCall.dup2, input, 0);
        }

        if (output != 1)
        {
            script.Add("to the stage behind it", SystemCall.dup2, output, 1);
        }
    }

    /// <summary>Becomes another user for good: all groups, then all three of each number, so that nothing is left to come
    /// back by; setgroups(2), setresgid(2), setresuid(2).</summary>
    public static void AddUser(LaunchScript script, RunAs? user)
    {
        if (user is null)
        {
            return;
        }

        uint gid = user.Account.Gid;
        uint uid = user.Account.Uid;
        byte[] groups = new byte[sizeof(uint) * user.Groups.Count];
        for (int i = 0; i < user.Groups.Count; i++)
        {
            BitConverter.TryWriteBytes(groups.AsSpan(sizeof(uint) * i), user.Groups[i]);
        }

        script.Add(
            "the groups of that user", SystemCall.setgroups, user.Groups.Count,
            user.Groups.Count == 0 ? Null : new Block(groups, [], $"[{string.Join(", ", user.Groups)}]"));
        script.Add("and its own", SystemCall.setresgid, gid, gid, gid);
        script.Add("as that user", SystemCall.setresuid, uid, uid, uid);

        // A change of user clears it, prctl(2).
        script.Add(
            "it still ends when the leash ends", SystemCall.prctl, Named(1, "PR_SET_PDEATHSIG"), Named(9, "SIGKILL"), 0, 0, 0);
    }

    /// <summary>Signals as a program expects them; they are blocked until then.</summary>
    public static void AddSignals(LaunchScript script)
    {
        foreach ((int number, string name) in Signals)
        {
            script.Add(
                "as a program expects it", SystemCall.rt_sigaction, Named(number, name),
                Structures.Numbers("SIG_DFL", 0, 0, 0, 0), Null, 8);
        }

        script.Add(
            "there is no job control to come back by", SystemCall.rt_sigaction, Named(20, "SIGTSTP"),
            Structures.Numbers("SIG_IGN", 1, 0, 0, 0), Null, 8);
        script.Add(
            "signals reach it", SystemCall.rt_sigprocmask, Named(2, "SIG_SETMASK"), Structures.Numbers("[]", 0), Null, 8);
    }
}
