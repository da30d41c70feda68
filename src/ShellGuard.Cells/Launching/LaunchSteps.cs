using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Launch;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Cells.Launching;

/// <summary>The steps that every process begins and ends with that is started outside of a cell.</summary>
public static class LaunchSteps
{
    private const int TIOCSPGRP = 0x5410;
    private const int F_DUPFD_CLOEXEC = 1030;
    private const int CLOSE_RANGE_CLOEXEC = 4;

    /// <summary>Signals that a caller may have left ignored, which an execve would hand on.</summary>
    private static readonly (int Number, string Name)[] Signals =
    [
        (1, "SIGHUP"), (2, "SIGINT"), (3, "SIGQUIT"), (13, "SIGPIPE"), (14, "SIGALRM"), (15, "SIGTERM"), (17, "SIGCHLD"),
        (21, "SIGTTIN"), (22, "SIGTTOU"),
    ];

    /// <summary>It ends when the thread that started it ends, however that ends; prctl(2). A change of user clears it.
    /// </summary>
    public static void AddEnd(LaunchScript script) => script.Add(
        "it ends when its starter ends, however that ends", SystemCall.prctl, Named(1, "PR_SET_PDEATHSIG"), Named(9, "SIGKILL"), 0, 0, 0);

    /// <summary>A copy of a descriptor with a number that is not about to be used for something else.</summary>
    /// <param name="above">The least number that it may have.</param>
    public static LaunchSlot OutOfTheWay(LaunchScript script, string name, int number, int above) => script.Get(
        name, "out of the way", SystemCall.fcntl, number, Named(F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC"), above);

    /// <summary>Closes on execution all descriptors from a number on.</summary>
    public static void AddClosing(LaunchScript script, int first) => script.Add(
        "nothing else is inherited", SystemCall.close_range, first, Named(uint.MaxValue, "~0U"), Named(CLOSE_RANGE_CLOEXEC, "CLOSE_RANGE_CLOEXEC"));

    /// <summary>Life and death with the starter, process group, terminal, and standard streams.</summary>
    /// <param name="group">The process group, or 0 for one of its own.</param>
    /// <param name="terminal">The terminal that its group gets; null where there is none to give.</param>
    /// <param name="input">Descriptor that becomes its standard input: above 2, or what it should become already.</param>
    /// <param name="output">The same of its standard output.</param>
    public static void AddStart(LaunchScript script, int group, int? terminal, int input, int output)
    {
        AddEnd(script);
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
    /// <param name="account">The user.</param>
    /// <param name="groups">All of its groups, the first one included.</param>
    public static void AddUser(LaunchScript script, Account account, IReadOnlyList<uint> groups)
    {
        uint gid = account.Gid;
        uint uid = account.Uid;
        byte[] numbers = new byte[sizeof(uint) * groups.Count];
        for (int i = 0; i < groups.Count; i++)
        {
            BitConverter.TryWriteBytes(numbers.AsSpan(sizeof(uint) * i), groups[i]);
        }

        script.Add(
            "the groups of that user", SystemCall.setgroups, groups.Count,
            groups.Count == 0 ? Null : new Block(numbers, [], $"[{string.Join(", ", groups)}]"));
        script.Add("and its own", SystemCall.setresgid, gid, gid, gid);
        script.Add("as that user", SystemCall.setresuid, uid, uid, uid);
        AddEnd(script);
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
            "signals reach it", SystemCall.rt_sigprocmask, Named(2, "SIG_SETMASK"), Structures.Numbers("[]", 0), Null, 8);
    }

    /// <summary>Ctrl-Z does nothing. Before <see cref="AddSignals"/>.</summary>
    public static void AddNoJobControl(LaunchScript script) => script.Add(
        "there is no job control to come back by", SystemCall.rt_sigaction, Named(20, "SIGTSTP"),
        Structures.Numbers("SIG_IGN", 1, 0, 0, 0), Null, 8);
}
