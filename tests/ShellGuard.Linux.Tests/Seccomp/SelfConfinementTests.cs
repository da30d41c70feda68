using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Launch;
using ShellGuard.Linux.Seccomp;
using Xunit;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Linux.Tests.Seccomp;

/// <summary>A confined process works with what is open, and with nothing else.</summary>
public sealed class SelfConfinementTests
{
    private const int Process = 4711;
    private const uint Allow = 0x7fff0000;

    [Theory]
    [InlineData(SystemCall.read)]
    [InlineData(SystemCall.write)]
    [InlineData(SystemCall.mmap, 0, 4096, 3)]
    [InlineData(SystemCall.mprotect, 0, 4096, 1)]
    [InlineData(SystemCall.clone, 0x3d0f00)]
    [InlineData(SystemCall.tgkill, Process, Process, 34)]
    [InlineData(SystemCall.ioctl, 1, 0x5413)]
    [InlineData(SystemCall.newfstatat, 3, 0, 0, 0x1000)]
    [InlineData(SystemCall.prlimit64, 0, 3)]
    [InlineData(SystemCall.exit_group)]
    public void What_reading_needs_passes(SystemCall call, params int[] arguments) => Assert.Equal(Allow, Run(call, ConfinedReach.Nothing, arguments));

    [Theory]
    [InlineData(SystemCall.open, Errno.EACCES)]
    [InlineData(SystemCall.openat, Errno.EACCES)]
    [InlineData(SystemCall.openat2, Errno.EACCES)]
    [InlineData(SystemCall.creat, Errno.EPERM)]
    [InlineData(SystemCall.socket, Errno.EACCES)]
    [InlineData(SystemCall.connect, Errno.EPERM)]
    [InlineData(SystemCall.sendto, Errno.EPERM)]
    [InlineData(SystemCall.execve, Errno.EACCES)]
    [InlineData(SystemCall.execveat, Errno.EPERM)]
    [InlineData(SystemCall.fork, Errno.EPERM)]
    [InlineData(SystemCall.clone, Errno.EPERM, 17)]
    [InlineData(SystemCall.clone3, Errno.ENOSYS)]
    [InlineData(SystemCall.mmap, Errno.EPERM, 0, 4096, 7)]
    [InlineData(SystemCall.mprotect, Errno.EPERM, 0, 4096, 5)]
    [InlineData(SystemCall.tgkill, Errno.EPERM, 1, 1, 9)]
    [InlineData(SystemCall.kill, Errno.EPERM, Process, 9)]
    [InlineData(SystemCall.prlimit64, Errno.EPERM, 1, 0)]
    [InlineData(SystemCall.ioctl, Errno.EPERM, 0, 0x5412)]
    [InlineData(SystemCall.unlink, Errno.EPERM)]
    [InlineData(SystemCall.rename, Errno.EPERM)]
    [InlineData(SystemCall.ptrace, Errno.EPERM)]
    [InlineData(SystemCall.process_vm_writev, Errno.EPERM)]
    [InlineData(SystemCall.io_uring_setup, Errno.EPERM)]
    [InlineData(SystemCall.newfstatat, Errno.EPERM, -100, 0, 0, 0)]
    [InlineData(SystemCall.prctl, Errno.EPERM, 4)]
    [InlineData(SystemCall.fcntl, Errno.EPERM, 0, 1024)]
    [InlineData((SystemCall)600, Errno.EPERM)]
    public void Everything_else_is_refused(SystemCall call, Errno error, params int[] arguments) =>
        Assert.Equal(0x50000 | (uint)error, Run(call, ConfinedReach.Nothing, arguments));

    [Fact]
    public void Who_may_look_can_open_only_what_can_be_neither_read_nor_written()
    {
        Assert.Equal(Allow, Run(SystemCall.openat, ConfinedReach.Look, -100, 0, 0x280000));
        Assert.Equal(Allow, Run(SystemCall.statx, ConfinedReach.Look));
        Assert.Equal(0x50000 | (uint)Errno.EPERM, Run(SystemCall.openat, ConfinedReach.Look, -100, 0, 0x80000));
        Assert.Equal(0x50000 | (uint)Errno.EACCES, Run(SystemCall.open, ConfinedReach.Look, 0, 0x200000));
    }

    [Fact]
    public void Who_may_read_by_name_can_change_nothing_by_name()
    {
        Assert.Equal(Allow, Run(SystemCall.openat, ConfinedReach.Read, -100, 0, 0x80000));
        Assert.Equal(Allow, Run(SystemCall.openat, ConfinedReach.Read, -100, 0, 0x280000));
        foreach (int flags in (int[])[1, 2, 3, 0x40, 0x200, 0x410000, 0x80041])
        {
            Assert.Equal(0x50000 | (uint)Errno.EPERM, Run(SystemCall.openat, ConfinedReach.Read, -100, 0, flags));
        }

        foreach (SystemCall call in (SystemCall[])[SystemCall.open, SystemCall.openat2, SystemCall.socket, SystemCall.execve, SystemCall.unlinkat, SystemCall.renameat2])
        {
            Assert.NotEqual(Allow, Run(call, ConfinedReach.Read));
        }
    }

    [Fact]
    public void Only_the_output_can_be_cut_off()
    {
        FilterProgram filter = SelfConfinement.Filter(Process, ConfinedReach.Nothing, output: 7);
        Assert.Equal(Allow, FilterSimulator.Run(filter, Truncate(7)).ReturnValue);
        Assert.NotEqual(Allow, FilterSimulator.Run(filter, Truncate(1)).ReturnValue);
        Assert.NotEqual(Allow, FilterSimulator.Run(SelfConfinement.Filter(Process, ConfinedReach.Read), Truncate(7)).ReturnValue);

        static seccomp_data Truncate(int descriptor)
        {
            seccomp_data data = new() { arch = (uint)AUDIT_ARCH.X86_64, nr = (int)SystemCall.ftruncate };
            data.args[0] = (ulong)descriptor;
            return data;
        }
    }

    [Fact]
    public void Calls_of_another_architecture_end_the_process() => Assert.Equal(
        0x80000000, FilterSimulator.Run(SelfConfinement.Filter(Process, ConfinedReach.Nothing), new seccomp_data { arch = (uint)AUDIT_ARCH.I386, nr = 5 }).ReturnValue);

    /// <summary>The kernel does what the simulator says.</summary>
    [Theory]
    [InlineData(SystemCall.openat, Errno.EACCES)]
    [InlineData(SystemCall.socket, Errno.EACCES)]
    [InlineData(SystemCall.unlinkat, Errno.EPERM)]
    [InlineData(SystemCall.execve, Errno.EACCES)]
    public void A_confined_process_cannot(SystemCall call, Errno error)
    {
        LaunchArgument path = new Block("/etc/hostname\0"u8.ToArray(), [], "/etc/hostname");
        LaunchScript script = new();
        script.Add("no new privileges", SystemCall.prctl, Named(38, "PR_SET_NO_NEW_PRIVS"), 1, 0, 0, 0);
        if (call == SystemCall.openat)
        {
            // Without the filter it can: the failure below is the filter's.
            script.Add("open", SystemCall.openat, -100, path, 0);
        }

        script.Add("the filter", SystemCall.seccomp, Named(1, "SECCOMP_SET_MODE_FILTER"), 0, SelfConfinement.Filter(Process, ConfinedReach.Nothing).ToArgument());
        if (call == SystemCall.openat)
        {
            script.Add("open", SystemCall.openat, -100, path, 0);
        }
        else if (call == SystemCall.socket)
        {
            script.Add("socket", SystemCall.socket, 2, 1, 0);
        }
        else if (call == SystemCall.unlinkat)
        {
            script.Add("delete", SystemCall.unlinkat, -100, new Block("/nowhere/at/all\0"u8.ToArray(), [], "/nowhere/at/all"), 0);
        }

        script.Add("a program", SystemCall.execve, "/bin/true", new TextArray(["true"]), new TextArray([]));
        using Launcher launcher = new(script);
        LaunchOutcome outcome = launcher.Run();
        Assert.Equal(call, outcome.FailedStep?.Call);
        Assert.Equal(error, outcome.Error);
    }

    private static uint Run(SystemCall call, ConfinedReach reach, params int[] arguments)
    {
        seccomp_data data = new() { arch = (uint)AUDIT_ARCH.X86_64, nr = (int)call };
        for (int i = 0; i < arguments.Length; i++)
        {
            data.args[i] = (ulong)arguments[i];
        }

        return FilterSimulator.Run(SelfConfinement.Filter(Process, reach), data).ReturnValue;
    }
}
