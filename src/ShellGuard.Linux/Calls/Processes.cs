using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Calls;

/// <summary>Signals and facts about processes.</summary>
public static class Processes
{
    /// <summary>Sends a signal to every process of a group, kill(2).</summary>
    /// <param name="group">The group's number, which is that of the process that made it.</param>
    public static LinuxResult SignalGroup(int group, int signal) =>
        Kernel.Call(SystemCall.kill, -group, signal, subject: $"process group {group}");

    /// <summary>Ends a process at once, kill(2).</summary>
    public static LinuxResult Kill(int process) => Signal(process, SIG.KILL);

    /// <summary>Sends a signal to a process, kill(2).</summary>
    public static LinuxResult Signal(int process, int signal) =>
        Kernel.Call(SystemCall.kill, process, signal, subject: $"process {process}");

    /// <summary>Ends this process by a signal, as a command ended whose caller looks at that, without a core file.
    /// </summary>
    /// <param name="signal">1 to 64. Returns where it does not end a process.</param>
    public static unsafe void EndBy(int signal)
    {
        const int RLIMIT_CORE = 4, SIG_UNBLOCK = 1, size = 8;
        ulong* zeros = stackalloc ulong[4];
        new Span<ulong>(zeros, 4).Clear();
        Kernel.Call(SystemCall.prlimit64, 0, RLIMIT_CORE, (nint)zeros, 0);

        // SAFETY: the kernel reads a struct sigaction of 32 bytes, all zero for SIG_DFL, and a mask of 8.
        Kernel.Call(SystemCall.rt_sigaction, signal, (nint)zeros, 0, size);
        ulong mask = 1UL << (signal - 1);
        Kernel.Call(SystemCall.rt_sigprocmask, SIG_UNBLOCK, (nint)(&mask), 0, size);
        Kernel.Call(
            SystemCall.tgkill, (nint)Kernel.Call(SystemCall.getpid).Value, (nint)Kernel.Call(SystemCall.gettid).Value, signal);
    }

    /// <summary>Whether a process is stopped as a job, proc_pid_stat(5).</summary>
    public static bool IsStopped(int process)
    {
        Span<byte> buffer = stackalloc byte[512];
        LinuxResult read = ProcFile.Read($"/proc/{process}/stat", buffer);

        // The name in parentheses may contain anything, also parentheses.
        int name = read.Failed ? -1 : buffer[..(int)read.Value].LastIndexOf((byte)')');
        return name >= 0 && buffer[name + 2] is (byte)'T' or (byte)'t';
    }

    /// <summary>The process group of a process, getpgid(2); 0 when it is gone.</summary>
    public static int GroupOf(int process) =>
        Kernel.Call(SystemCall.getpgid, process) is { Succeeded: true } found ? (int)found.Value : 0;

    /// <summary>Tells programs at the kernel's tracepoints a word: getpgrp(2), which has no arguments, with the word where
    /// the first one would be.</summary>
    public static void Announce(ulong word) => Kernel.Call(SystemCall.getpgrp, (nint)word);

    /// <summary>This process's group, getpgid(2).</summary>
    public static int OwnProcessGroup => (int)Kernel.Call(SystemCall.getpgid).Value;

    /// <summary>Whether others of the same user may look into this process's memory and trace it, prctl(2)
    /// PR_SET_DUMPABLE. A program that this process executes starts anew.</summary>
    public static LinuxResult SetOpenToOthers(bool open) =>
        Kernel.Call(SystemCall.prctl, (nint)PR.SET_DUMPABLE, open ? 1 : 0, subject: "PR_SET_DUMPABLE");

    /// <summary>The real group of this process.</summary>
    public static uint Group => (uint)Kernel.Call(SystemCall.getgid).Value;

    /// <summary>Whether setgroups(2) is refused in this user namespace and those in it, user_namespaces(7).</summary>
    public static bool MustKeepGroups
    {
        get
        {
            Span<byte> word = stackalloc byte[16];
            LinuxResult read = ProcFile.Read("/proc/self/setgroups", word);
            return read.Succeeded && word[..(int)read.Value].StartsWith("deny"u8);
        }
    }

    /// <summary>The file mode creation mask, umask(2). The kernel has no call that only reads it.</summary>
    public static int FileModeMask
    {
        get
        {
            int mask = (int)Kernel.Call(SystemCall.umask, 0x3f).Value;
            Kernel.Call(SystemCall.umask, mask);
            return mask;
        }
    }
}
