using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Seccomp;
using Xunit;

namespace ShellGuard.Linux.Tests.Seccomp;

/// <summary>Answers calls of a real process. filtered.c calls <c>listen(-1, N)</c>, which is mediated.</summary>
public sealed class NotifyFdTests(ITestOutputHelper output)
{
    private const int SIGKILL = 9;

    private static readonly SeccompFeatures _features = SeccompFeatures.Probe();

    [Fact]
    public void TheKernelOfTheTestsHasTheNewestLevel()
    {
        // The rest of this class needs at least notifications; a machine without them cannot show anything.
        Assert.Equal(SeccompLevel.NotifyKillable, _features.Level);
        Assert.Equal(
            SECCOMP_FILTER_FLAG.NEW_LISTENER | SECCOMP_FILTER_FLAG.WAIT_KILLABLE_RECV,
            _features.ListenerFlags);
    }

    [Fact]
    public void TheCallIsSeenWithItsArguments()
    {
        using var program = new FilteredProgram(_features.ListenerFlags);
        program.Tell("call 77");
        Notification notification = program.Receive();

        Assert.Equal(SystemCall.listen, notification.Call);
        Assert.Equal((uint)AUDIT_ARCH.X86_64, notification.Architecture);
        Assert.Equal((-1, 77UL), ((int)notification.A0, notification.A1));
        Assert.NotEqual(0, notification.ThreadId);
        Assert.True(program.Listener.IsAlive(notification.Id));
        Assert.False(program.Listener.IsAlive(notification.Id + 1));
        Assert.Equal(FilterOutcome.Mediate, SystemCallTable.Default.Judge(notification));
        Assert.True(program.Listener.Fail(notification.Id, Errno.EACCES).Succeeded);
        Assert.Equal($"-1 {(int)Errno.EACCES}", program.ReadLine());
        Assert.False(program.Listener.IsAlive(notification.Id));
    }

    /// <summary>Denials can be reported: the table says afterwards what error they get.</summary>
    [Theory]
    [InlineData(SystemCall.bpf, 0, Errno.EPERM)]
    [InlineData(SystemCall.unshare, (int)CLONE.NEWUSER, Errno.EPERM)]
    [InlineData((SystemCall)0x40000027, 0, Errno.ENOSYS)]
    public void AReportedDenialGetsTheErrorOfTheTable(SystemCall call, int argument, Errno expected)
    {
        SystemCallTable table = SystemCallTable.For(new FilterOptions { ReportDenials = true });
        using var program = new FilteredProgram(_features.ListenerFlags, table);
        program.Tell($"raw {(int)call} {argument} 0");
        Notification notification = program.Receive();
        FilterOutcome outcome = table.Judge(notification);

        Assert.Equal(call, notification.Call);
        Assert.Equal(FilterOutcome.Deny(expected), outcome);
        program.Listener.Fail(notification.Id, outcome.Error).OrThrow();
        Assert.Equal($"-1 {(int)expected}", program.ReadLine());
    }

    [Fact]
    public void EachAnswerArrives()
    {
        using var program = new FilteredProgram(_features.ListenerFlags);
        program.Tell("call 1");

        // Harmless: listen on descriptor -1 fails whatever its arguments become.
        Assert.True(program.Listener.Continue(program.Receive().Id).Succeeded);
        Assert.Equal($"-1 {(int)Errno.EBADF}", program.ReadLine());

        program.Tell("call 2");
        Assert.True(program.Listener.Return(program.Receive().Id, 1234).Succeeded);
        Assert.Equal("1234 0", program.ReadLine());

        program.Tell("call 3");
        ulong id = program.Receive().Id;
        Assert.Throws<ArgumentOutOfRangeException>(() => program.Listener.Fail(id, Errno.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => program.Listener.Return(id, -1));
        Assert.True(program.Listener.Fail(id, Errno.EHOSTUNREACH).Succeeded);
        Assert.Equal($"-1 {(int)Errno.EHOSTUNREACH}", program.ReadLine());
        Assert.Equal(Errno.ENOENT, program.Listener.Fail(id, Errno.EPERM).Error);
        Assert.Equal(0, program.Finish());
    }

    [Fact]
    public void ADescriptorIsPutInAndReturned()
    {
        using var program = new FilteredProgram(_features.ListenerFlags);

        program.Tell("receive 1");
        using (Descriptor text = PipeWith("one"))
        {
            LinuxResult number = program.Listener.InstallDescriptorAndReturn(program.Receive().Id, text, true);
            Assert.Equal($"{number.OrThrow()} 3 one 1", program.ReadLine());
        }

        program.Tell("receive 2");
        using (Descriptor text = PipeWith("two"))
        {
            ulong id = program.Receive().Id;
            Assert.Equal(77, program.Listener.InstallDescriptor(id, text, 77, false).OrThrow());
            Assert.True(program.Listener.IsAlive(id));
            program.Listener.Return(id, 77).OrThrow();
            Assert.Equal("77 3 two 0", program.ReadLine());
        }

        program.Tell("receive 3");
        using (Descriptor text = PipeWith("three"))
        {
            ulong id = program.Receive().Id;
            long number = program.Listener.InstallDescriptor(id, text, null, true).OrThrow();
            program.Listener.Return(id, number).OrThrow();
            Assert.Equal($"{number} 5 three 1", program.ReadLine());
        }
    }

    /// <summary>A10: a process without a free number gets an error, and the call still waits for one.</summary>
    [Fact]
    public void ADescriptorThatDoesNotFitLeavesTheCallWaiting()
    {
        using var program = new FilteredProgram(_features.ListenerFlags);
        program.Tell("call 1");
        ulong id = program.Receive().Id;
        using Descriptor text = PipeWith("text");

        Assert.Equal(Errno.EBADF, program.Listener.InstallDescriptor(id, text, int.MaxValue, true).Error);
        Assert.True(program.Listener.IsAlive(id));
        program.Listener.Fail(id, Errno.EACCES).OrThrow();
        Assert.Equal($"-1 {(int)Errno.EACCES}", program.ReadLine());
    }

    [Fact]
    public void ADeadThreadIsNoticed()
    {
        using var program = new FilteredProgram(_features.ListenerFlags);
        program.Tell("fork 1");
        int child = int.Parse(program.ReadLine());
        Notification notification = program.Receive();
        Assert.Equal(child, notification.ThreadId);

        Kernel.Call(SystemCall.kill, child, SIGKILL).OrThrow();
        Assert.Equal("killed", program.ReadLine());
        using Descriptor text = PipeWith("text");

        Assert.False(program.Listener.IsAlive(notification.Id));
        Assert.Equal(Errno.ENOENT, program.Listener.Continue(notification.Id).Error);
        Assert.Equal(Errno.ENOENT, program.Listener.Fail(notification.Id, Errno.EPERM).Error);
        Assert.Equal(Errno.ENOENT, program.Listener.Return(notification.Id, 0).Error);
        Assert.Equal(Errno.ENOENT, program.Listener.InstallDescriptor(notification.Id, text, null, true).Error);
        Assert.Equal(Errno.ENOENT, program.Listener.InstallDescriptorAndReturn(notification.Id, text, true).Error);
    }

    [Fact]
    public void TheEndOfTheLastProcessEndsTheWait()
    {
        using var program = new FilteredProgram(_features.ListenerFlags);
        Assert.Equal(0, program.Listener.Wait(0).OrThrow());
        Thread answers = program.AnswerAll(notification => program.Listener.Return(notification.Id, 0));
        program.Tell("call 1");
        Assert.Equal("0 0", program.ReadLine());

        Assert.Equal(0, program.Finish());
        Assert.Equal(Errno.EPIPE, program.Listener.Wait(10_000).Error);
        Assert.True(answers.Join(10_000), "the blocked receive did not end");
        Assert.Equal(Errno.EPIPE, program.Listener.Receive(out _).Error);
    }

    /// <summary>A6: signals while the call waits. Once received, nothing but death interrupts it, whatever the
    /// handler; before, the kernel restarts the call where the handler says SA_RESTART.</summary>
    [Theory]
    [InlineData(true, true, 0)]
    [InlineData(true, true, 3)]
    [InlineData(true, false, 3)]
    [InlineData(false, false, 3)]
    public void SignalsInterruptTheCallOnlyWhereNothingElseIsPossible(bool killable, bool restart, int busyMilliseconds)
    {
        using var program = new FilteredProgram(
            killable ? _features.ListenerFlags : SECCOMP_FILTER_FLAG.NEW_LISTENER);
        program.AnswerAll(notification =>
        {
            Thread.Sleep(busyMilliseconds);
            return program.Listener.Return(notification.Id, 1);
        });
        int calls = busyMilliseconds == 0 ? 40_000 : 300;
        program.Tell($"storm 500 {calls} {(restart ? 1 : 0)}");
        int[] counts = [.. program.ReadLine().Split(' ').Select(int.Parse)];
        output.WriteLine(
            $"{calls} calls, {counts[0]} signals, {counts[1]} interrupted "
            + $"(killable {killable}, SA_RESTART {restart}, busy {busyMilliseconds} ms)");

        Assert.True(counts[0] > 50, "too few signals to show anything");
        Assert.Equal(0, counts[2]);
        if (restart)
        {
            Assert.Equal(0, counts[1]);
        }
        else if (killable)
        {
            // Between the call and its receipt, some microseconds, the kernel lets a signal through.
            Assert.InRange(counts[1], 0, calls / 2);
        }
        else
        {
            // What the flag is for: every call is interrupted, since a signal comes before each answer.
            Assert.InRange(counts[1], (calls / 2) + 1, calls);
        }
    }

    [Fact]
    public void RoundTripsAreMeasured()
    {
        foreach (bool synchronous in new[] { false, true })
        {
            using var program = new FilteredProgram(_features.ListenerFlags);
            LinuxResult enabled = synchronous ? program.Listener.EnableSynchronousWakeUp() : default;
            Assert.True(enabled.Succeeded || enabled.Error == Errno.EINVAL);
            program.AnswerAll(notification => program.Listener.Return(notification.Id, 1));
            program.Tell("measure 2000");
            program.ReadLine();
            program.Tell("measure 20000");
            string[] nanoseconds = program.ReadLine().Split(' ');
            output.WriteLine($"synchronous {synchronous}: median {nanoseconds[0]} ns, 99 % {nanoseconds[1]} ns");
            Assert.InRange(long.Parse(nanoseconds[0]), 1, long.MaxValue);
        }
    }

    [Fact]
    public void AnsweringAllocatesNothing()
    {
        using var program = new FilteredProgram(_features.ListenerFlags);
        const int Calls = 2000;
        program.Tell($"measure {Calls}");
        long before = 0;
        for (int i = 0; i < Calls; i++)
        {
            // The first half warms up: the compiler replaces hot methods and allocates meanwhile.
            if (i == Calls / 2)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            program.Listener.Receive(out Notification notification).OrThrow();
            program.Listener.IsAlive(notification.Id);
            program.Listener.Return(notification.Id, 1).OrThrow();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        program.ReadLine();
    }

    /// <summary>The reading end of a pipe with a text in it, whose writing end is closed.</summary>
    private static unsafe Descriptor PipeWith(string text)
    {
        int* ends = stackalloc int[2];

        // SAFETY: the kernel writes two ints to the stack, and reads the text while it is pinned.
        Kernel.Call(SystemCall.pipe2, (nint)ends, (nint)(uint)O.CLOEXEC).OrThrow();
        var reading = new Descriptor(ends[0]);
        using var writing = new Descriptor(ends[1]);
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            Kernel.Call(SystemCall.write, writing.Number, (nint)start, bytes.Length).OrThrow();
        }

        return reading;
    }
}
