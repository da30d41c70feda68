using System.Net;
using ShellGuard.Cells.Hosting;
using ShellGuard.Cells.Planning;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Launch;
using ShellGuard.Linux.Seccomp;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Cells.Launching;

/// <summary>Turns a plan into the array of system calls that makes the cell. Pure; each paragraph says why.</summary>
/// <remarks>Two processes walk the script. The first becomes process 1 of the cell; the vfork in the middle makes
/// process 2, the command. Order matters: mounts before Landlock, which forbids them afterwards; Landlock before the
/// filter, which refuses what Landlock needs; the listener's hand-over before anything that it traps.</remarks>
public static partial class LaunchBuilder
{
    /// <summary>Where the new root is put together: /proc is the one directory that no rule takes anything from.</summary>
    private const string Staging = "/proc";

    /// <summary>Where a script is open for its interpreter.</summary>
    private const int ScriptDescriptor = 3;

    /// <summary>Above every descriptor that comes with a job: three for each of 64 stages and a few.</summary>
    private const int AboveGiven = 256;

    private const int O_CLOEXEC = (int)OpenFlags.CLOEXEC;
    private const long UINT_MAX = uint.MaxValue;

    /// <summary>The address of the cell's resolver; see docs/network.md.</summary>
    public static IPAddress ResolverAddress { get; } = IPAddress.Parse("198.18.0.1");

    /// <summary>Builds the launch of a cell.</summary>
    public static LaunchScript Build(CellPlan plan, LaunchDescriptors descriptors)
    {
        LaunchScript script = new()
        {
            Namespaces = CloneFlags.NEWUSER | CloneFlags.NEWNS | CloneFlags.NEWPID | CloneFlags.NEWIPC
                | CloneFlags.NEWUTS | (plan.Apart ? CloneFlags.None : CloneFlags.NEWNET),
        };

        LaunchSlot? processes = HasInnerUsers(plan.Identity, plan.Apart) ? AddOutsideProc(script) : null;
        AddStart(script, plan, descriptors);
        AddView(script, plan.View);
        (LaunchSlot udp, LaunchSlot tcp) = AddNetwork(script);
        LaunchSlot? master = plan.TerminalDescriptors.Count > 0 ? AddTerminal(script) : null;
        if (processes is not null)
        {
            AddInnerUsers(script, plan.Identity, processes);
        }

        AddConfinement(script, plan);
        LaunchSlot listener = AddFilter(script, plan);

        List<LaunchSlot> handedOver = [listener, udp, tcp];
        if (master is not null)
        {
            handedOver.Add(master);
        }

        script.Add(
            "hand the listener and the sockets to the supervisor",
            SystemCall.sendmsg, descriptors.Handshake, Structures.DescriptorMessage("L", handedOver), 0);
        script.Expect(
            1, "wait until the supervisor listens; the end of the file means that it died",
            SystemCall.read, descriptors.Handshake, Scratch(), 1);

        LaunchSlot? slave = AddSession(script, master is not null);
        if (plan.Command is { } command)
        {
            script.Vfork("the command, process 2", child => AddCommand(child, plan, command, descriptors, slave));
            AddInit(script, descriptors, slave);
        }
        else
        {
            AddPorter(script, descriptors, slave);
        }

        return script;
    }

    private static void AddInit(LaunchScript script, LaunchDescriptors descriptors, LaunchSlot? slave)
    {
        script.Add(
            "process 1 holds nothing: not the command's pipes, not the supervisor's files",
            SystemCall.dup3, descriptors.Init, 0, Named(O_CLOEXEC, "O_CLOEXEC"));
        if (slave is not null)
        {
            script.Add("except where it says that the command stopped", SystemCall.dup3, descriptors.Stops, 1, 0);
            script.Add("and the terminal that the command then gets back", SystemCall.dup3, slave, 2, 0);
        }

        script.Add(
            "close everything else", SystemCall.close_range, slave is null ? 1 : 3, Named(UINT_MAX, "~0U"), 0);
        script.Add(
            "become the reaper", SystemCall.execveat,
            0, "", new TextArray(["shellguard-init"]), new TextArray([]), Named(0x1000, "AT_EMPTY_PATH"));
    }

    /// <summary>As <c>porter.s</c> expects it: the socket at 0, the terminal at 1 and 2.</summary>
    private static void AddPorter(LaunchScript script, LaunchDescriptors descriptors, LaunchSlot? slave)
    {
        const int program = 3;
        slave ??= script.Get(
            "null", "instead of a terminal",
            SystemCall.open, "/dev/null", Named((long)(OpenFlags.RDWR | OpenFlags.CLOEXEC), "O_RDWR|O_CLOEXEC"));
        script.Add("jobs come here", SystemCall.dup2, descriptors.Jobs, 0);
        script.Add("the jobs' terminal", SystemCall.dup2, slave, 1);
        script.Add("the jobs' terminal", SystemCall.dup2, slave, 2);
        script.Try("the program", SystemCall.dup3, descriptors.Init, program, Named(O_CLOEXEC, "O_CLOEXEC"));
        script.Add("close everything else", SystemCall.close_range, program + 1, Named(UINT_MAX, "~0U"), 0);
        script.Add(
            "become the porter", SystemCall.execveat,
            program, "", new TextArray(["shellguard-porter"]), new TextArray([]), Named(0x1000, "AT_EMPTY_PATH"));
    }

    private static void AddStart(LaunchScript script, CellPlan plan, LaunchDescriptors descriptors)
    {
        script.Add(
            "the cell ends when the supervisor ends, however it ends",
            SystemCall.prctl, Named(1, "PR_SET_PDEATHSIG"), Named(9, "SIGKILL"), 0, 0, 0);
        script.Add("the namespaces exist", SystemCall.write, descriptors.Handshake, "N", 1);
        script.Expect(
            1, "wait for the user mapping and the limits; the end of the file means that the supervisor died",
            SystemCall.read, descriptors.Handshake, Scratch(), 1);
        AddOwnGroupsAndClocks(script, plan.Concessions);
        if (plan.Apart)
        {
            AddOwnNetwork(script);
        }

        script.Add("modes as the plan gives them", SystemCall.umask, 0);
        if (plan.Identity is { KeepsRoot: true, KeepsGroups: false })
        {
            script.Add("root's other groups stay outside", SystemCall.setgroups, 0, Null);
        }
    }

    private static (LaunchSlot Udp, LaunchSlot Tcp) AddNetwork(LaunchScript script)
    {
        const int SIOCSIFFLAGS = 0x8914;
        const int SIOCSIFADDR = 0x8916;
        const int SIOCSIFNETMASK = 0x891c;

        LaunchSlot control = script.Get(
            "net", "to set up the cell's own loopback",
            SystemCall.socket, Named(2, "AF_INET"), Named(0x80002, "SOCK_DGRAM|SOCK_CLOEXEC"), 0);
        script.Add(
            "loopback up", SystemCall.ioctl, control, Named(SIOCSIFFLAGS, "SIOCSIFFLAGS"),
            Structures.InterfaceFlags("lo", 0x41, "IFF_UP|IFF_RUNNING"));
        script.Add(
            "addresses that stand for names", SystemCall.ioctl, control, Named(SIOCSIFADDR, "SIOCSIFADDR"),
            Structures.InterfaceAddress("lo:0", ResolverAddress));
        script.Add(
            "all of 198.18.0.0/15", SystemCall.ioctl, control, Named(SIOCSIFNETMASK, "SIOCSIFNETMASK"),
            Structures.InterfaceAddress("lo:0", IPAddress.Parse("255.254.0.0")));

        LaunchSlot control6 = script.GetOptional(
            "net6", "a host without IPv6 has no names to stand for there",
            SystemCall.socket, Named(10, "AF_INET6"), Named(0x80002, "SOCK_DGRAM|SOCK_CLOEXEC"), 0);
        script.Try(
            "the same for IPv6", SystemCall.ioctl, control6, Named(SIOCSIFADDR, "SIOCSIFADDR"),
            Structures.LoopbackAddress6(IPAddress.Parse("fd53:6775:6172:6400::1"), 64));

        LaunchSlot udp = AddResolverSocket(script, "udp", 2, "SOCK_DGRAM|SOCK_CLOEXEC");
        LaunchSlot tcp = AddResolverSocket(script, "tcp", 1, "SOCK_STREAM|SOCK_CLOEXEC");
        script.Add("the resolver answers long questions too", SystemCall.listen, tcp, 64);
        return (udp, tcp);
    }

    private static LaunchSlot AddResolverSocket(LaunchScript script, string name, int type, string display)
    {
        LaunchSlot socket = script.Get(
            name, "the cell's resolver", SystemCall.socket, Named(2, "AF_INET"), Named(0x80000 | type, display), 0);
        script.Add(
            "at its address", SystemCall.bind, socket,
            new Block(Structures.Address(ResolverAddress, 53), [], $"{ResolverAddress}:53"), 16);
        return socket;
    }

    private static LaunchSlot AddTerminal(LaunchScript script)
    {
        const int TIOCSPTLCK = 0x40045431;
        LaunchSlot master = script.Get(
            "master", "the cell's own terminal",
            SystemCall.open, "/dev/pts/ptmx", Named((long)(OpenFlags.RDWR | OpenFlags.NOCTTY | OpenFlags.CLOEXEC), "O_RDWR|O_NOCTTY|O_CLOEXEC"));
        script.Add(
            "unlock it", SystemCall.ioctl, master, Named(TIOCSPTLCK, "TIOCSPTLCK"), new Block(new byte[4], [], "[0]"));
        return master;
    }

    private static void AddOwnGroupsAndClocks(LaunchScript script, HostConcessions concessions)
    {
        CloneFlags flags = (concessions.WithoutCgroupNamespace ? CloneFlags.None : CloneFlags.NEWCGROUP)
            | (concessions.WithoutTimeNamespace ? CloneFlags.None : CloneFlags.NEWTIME);
        if (flags is not CloneFlags.None)
        {
            script.Add(
                "the cell's control group is the root of what it sees; its clock offsets are its own",
                SystemCall.unshare,
                Named((long)flags, string.Join('|', flags.ToString().Split(", ").Select(name => $"CLONE_{name}"))));
        }
    }

    private static LaunchSlot AddFilter(LaunchScript script, CellPlan plan) => script.Get(
        "listener", "the system-call table",
        SystemCall.seccomp, Named(1, "SECCOMP_SET_MODE_FILTER"),
        plan.Concessions.Interruptible
            ? Named(0x8, "SECCOMP_FILTER_FLAG_NEW_LISTENER")
            : Named(0x8 | 0x20, "SECCOMP_FILTER_FLAG_NEW_LISTENER|SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"),
        FilterProgram.ToArgument(plan.Filter));

    /// <summary>Process 1 leads the session and the command has a group of its own in it, as under a shell: a group
    /// whose parent is in another session is orphaned, and the kernel drops Ctrl-Z for it, credentials(7).</summary>
    /// <returns>The terminal's other side, or null where the cell has no terminal.</returns>
    private static LaunchSlot? AddSession(LaunchScript script, bool hasTerminal)
    {
        const int TIOCSCTTY = 0x540e;
        script.Add("a session of its own: the user's terminal is not the cell's", SystemCall.setsid);
        if (!hasTerminal)
        {
            return null;
        }

        LaunchSlot slave = script.Get(
            "slave", "the terminal's other side",
            SystemCall.open, "/dev/pts/0", Named((long)(OpenFlags.RDWR | OpenFlags.CLOEXEC), "O_RDWR|O_CLOEXEC"));
        script.Add("the session's terminal", SystemCall.ioctl, slave, Named(TIOCSCTTY, "TIOCSCTTY"), 0);
        return slave;
    }

    private static void AddCommand(
        LaunchScript script, CellPlan plan, CellCommand command, LaunchDescriptors descriptors, LaunchSlot? slave)
    {
        const int TIOCSPGRP = 0x5410;
        script.Add("a job of its own", SystemCall.setpgid, 0, 0);
        if (slave is not null)
        {
            // Signals are blocked, so the kernel lets a group in the background do this, tcsetpgrp(3).
            script.Add(
                "in the foreground", SystemCall.ioctl, slave, Named(TIOCSPGRP, "TIOCSPGRP"),
                new Block([2, 0, 0, 0], [], "[2]"));
            foreach (int descriptor in plan.TerminalDescriptors)
            {
                script.Add("instead of the user's terminal", SystemCall.dup2, slave, descriptor);
            }
        }

        if (plan.NullDevices.Count > 0)
        {
            LaunchSlot nothing = script.Get(
                "null", "the cell's own null device",
                SystemCall.open, "/dev/null", Named((long)(OpenFlags.RDWR | OpenFlags.CLOEXEC), "O_RDWR|O_CLOEXEC"));
            foreach (int descriptor in plan.NullDevices)
            {
                script.Add("instead of the host's, whose mode it could change", SystemCall.dup2, nothing, descriptor);
            }
        }

        foreach ((int number, int descriptor) in descriptors.Standard)
        {
            script.Add("a pipe instead of the user's own", SystemCall.dup2, descriptor, number);
        }

        AddExecution(script, plan, command);
    }

    /// <summary>The last steps of everything that is executed in a cell.</summary>
    /// <param name="executable">The number of an open file that is executed whatever the command's path leads to; null for
    /// the path.</param>
    /// <param name="text">The number of an open script for that file, its interpreter; null for none.</param>
    internal static void AddExecution(
        LaunchScript script, CellPlan plan, CellCommand command, int? executable = null, int? text = null)
    {
        LaunchSlot? program = executable is { } number ? OutOfTheWay(script, "program", number) : null;
        AddResourceLimits(script, plan);
        script.Add("the user's mask", SystemCall.umask, plan.FileModeMask);
        script.Add("where the user is", SystemCall.chdir, command.WorkingDirectory);
        if (text is { } given)
        {
            script.Add(
                "the checked script, for its interpreter", SystemCall.dup2, OutOfTheWay(script, "script", given), ScriptDescriptor);
        }

        // What is executed stays until then, above everything else.
        script.Add(
            "nothing but 0, 1 and 2 is inherited", SystemCall.close_range, text is null ? 3 : ScriptDescriptor + 1,
            program is null ? Named(UINT_MAX, "~0U") : AboveGiven - 1, 0);
        if (program is not null)
        {
            script.Add(
                "nor these", SystemCall.close_range, AboveGiven, Named(UINT_MAX, "~0U"), Named(4, "CLOSE_RANGE_CLOEXEC"));
        }

        script.Add(
            "a broken pipe ends the command as everywhere; .NET ignores it",
            SystemCall.rt_sigaction, Named(13, "SIGPIPE"), Structures.Numbers("SIG_DFL", 0, 0, 0, 0), Null, 8);
        script.Add(
            "signals reach the command", SystemCall.rt_sigprocmask,
            Named(2, "SIG_SETMASK"), Structures.Numbers("[]", 0), Null, 8);
        AddInnerDomain(script, plan.Concessions.LandlockVersion);
        if (program is null)
        {
            script.Add(
                "the command", SystemCall.execve,
                command.Program, new TextArray(command.Arguments), new TextArray(command.Environment));
        }
        else
        {
            script.Add(
                "the checked file itself, whatever its name leads to by now", SystemCall.execveat,
                program, "", new TextArray(command.Arguments), new TextArray(command.Environment),
                Named(0x1000, "AT_EMPTY_PATH"));
        }
    }

    private static LaunchSlot OutOfTheWay(LaunchScript script, string name, int number) => script.Get(
        name, "out of the way", SystemCall.fcntl, number, Named(1030, "F_DUPFD_CLOEXEC"), AboveGiven);

    private static void AddResourceLimits(LaunchScript script, CellPlan plan)
    {
        script.Add(
            "no core files", SystemCall.prlimit64, 0, Named(4, "RLIMIT_CORE"), Structures.Numbers("{0, 0}", 0, 0), Null);
        if (plan.Limits.OpenFiles is { } files)
        {
            AddResourceLimit(script, "open files", Named(ResourceLimits.OpenFiles, "RLIMIT_NOFILE"), files);
        }

        if (plan.LimitPlan.ProcessesPerUser is { } processes)
        {
            AddResourceLimit(script, "processes", Named(ResourceLimits.Processes, "RLIMIT_NPROC"), processes);
        }
    }

    private static void AddResourceLimit(LaunchScript script, string purpose, LaunchArgument resource, long value) =>
        script.Add(
            purpose, SystemCall.prlimit64, 0, resource,
            Structures.Numbers($"{{{value}, {value}}}", (ulong)value, (ulong)value), Null);

    private static Block Scratch() => new(new byte[8], [], "buffer");
}
