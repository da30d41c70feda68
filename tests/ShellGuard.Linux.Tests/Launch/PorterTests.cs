using System.Buffers.Binary;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using ShellGuard.Linux.Terminals;
using Xunit;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Linux.Tests.Launch;

/// <summary>Process 1 of a cell that takes jobs, here as an ordinary child.</summary>
public sealed class PorterTests : IDisposable
{
    private const int SOCK_SEQPACKET = 5;

    private readonly Descriptor _socket;
    private readonly ChildProcess _porter;

    public PorterTests()
    {
        Sockets.CreatePair(SOCK_SEQPACKET, out _socket, out Descriptor theirs).OrThrow();
        using Descriptor end = theirs;
        MemoryFiles.CreateProgram("porter", PorterProgram.Bytes, out Descriptor program).OrThrow();
        using Descriptor file = program;
        LaunchScript script = new() { Namespaces = CloneFlags.None };
        script.Add("its socket", SystemCall.dup3, end.Number, 0, 0);
        LaunchSlot nothing = script.Get("null", "instead of a terminal", SystemCall.open, "/dev/null", 2);
        script.Add("out", SystemCall.dup3, nothing, 1, 0);
        script.Add("errors", SystemCall.dup3, nothing, 2, 0);
        script.Add("the program", SystemCall.dup3, file.Number, 100, Named(0x80000, "O_CLOEXEC"));
        script.Add("nothing else", SystemCall.close_range, 3, 99, 0);
        script.Add(
            "the porter", SystemCall.execveat, 100, "", new TextArray(["porter"]), new TextArray([]),
            Named(0x1000, "AT_EMPTY_PATH"));
        using Launcher launcher = new(script);
        LaunchOutcome outcome = launcher.Run();
        Assert.True(outcome.Succeeded, $"{outcome.FailedStep}: {outcome.Error}");
        _porter = outcome.Process!;
        GC.KeepAlive(file);
    }

    public void Dispose()
    {
        _porter.Kill();
        _porter.Wait(out _);
        _porter.Dispose();
        _socket.Dispose();
    }

    [Fact]
    public void A_pipeline_runs_and_every_status_comes_back()
    {
        DescriptorIo.Pipe(out Descriptor read, out Descriptor write).OrThrow();
        DescriptorIo.Pipe(out Descriptor result, out Descriptor output).OrThrow();
        LaunchScript script = new();
        LaunchSlot first = script.Vfork("first", child =>
        {
            child.Add("a job", SystemCall.setpgid, 0, 0);
            child.Add("out", SystemCall.dup2, 6, 1);
            Execute(child, "echo one; echo two; exit 3");
        });
        script.Vfork("second", child =>
        {
            child.Add("the same job", SystemCall.setpgid, 0, first);
            child.Add("in", SystemCall.dup2, 5, 0);
            child.Add("out", SystemCall.dup2, 7, 1);
            Execute(child, "wc -l; exit 4");
        });
        using JobMemory job = new(script);
        Send(job, read, write, output);
        write.Dispose();
        output.Dispose();
        read.Dispose();

        // The porter says that the steps were walked before it looks for children that ended.
        Assert.Equal((-1, 0), Receive());
        Assert.Null(job.FailedStep(out _));
        Assert.Equal(2, job.Children.Count);
        Dictionary<int, int> ends = new() { [Receive(out int status)] = status, [Receive(out status)] = status };
        Assert.Equal(3 << 8, ends[job.Children[0]]);
        Assert.Equal(4 << 8, ends[job.Children[1]]);
        Assert.Equal((0, 0), Receive());

        byte[] text = new byte[100];
        int length = (int)DescriptorIo.Read(result, text).OrThrow();
        Assert.Equal("2\n"u8, text.AsSpan(0, length));
        result.Dispose();
    }

    [Fact]
    public void A_step_that_fails_is_named_and_the_next_job_runs()
    {
        LaunchScript missing = new();
        missing.Vfork("the command", child => child.Add(
            "no such program", SystemCall.execve, "/no/such/program", new TextArray(["x"]), new TextArray([])));
        using JobMemory failed = new(missing);
        Send(failed);
        Assert.Equal((-1, 0), Receive());
        Assert.Equal("no such program", failed.FailedStep(out Errno error)?.Purpose);
        Assert.Equal(Errno.ENOENT, error);
        Assert.Equal((failed.Children[0], 127 << 8), Receive());
        Assert.Equal((0, 0), Receive());

        LaunchScript signal = new();
        signal.Vfork("the command", child => Execute(child, "kill -9 $$"));
        using JobMemory killed = new(signal);
        Send(killed);
        Assert.Equal((-1, 0), Receive());
        Assert.Equal((killed.Children[0], 9), Receive());
    }

    [Fact]
    public void A_job_that_stops_is_reported_and_goes_on_by_another()
    {
        LaunchScript script = new();
        script.Vfork("the command", child =>
        {
            child.Add("a job", SystemCall.setpgid, 0, 0);
            Execute(child, "kill -STOP $$; exit 5");
        });
        using JobMemory job = new(script);
        Send(job);
        Assert.Equal((-1, 0), Receive());
        int process = job.Children[0];
        Assert.Equal((process, (19 << 8) | 0x7f), Receive());

        LaunchScript go = new();
        go.Try("go on", SystemCall.kill, -process, 18);
        using JobMemory continued = new(go);
        Send(continued);
        Assert.Equal((-1, 0), Receive());
        Assert.Equal((process, 5 << 8), Receive());
    }

    [Fact]
    public void It_ends_with_its_socket()
    {
        Sockets.Shutdown(_socket, 2);
        _porter.Wait(out ProcessExit exit).OrThrow();
        Assert.Equal(0, exit.Status);
    }

    private static void Execute(LaunchScript script, string command) => script.Add(
        "run", SystemCall.execve, "/bin/sh", new TextArray(["sh", "-c", command]), new TextArray(["PATH=/usr/bin:/bin"]));

    private void Send(JobMemory job, params Descriptor[] descriptors) =>
        Sockets.SendDescriptors(_socket, job.Message, [job.Descriptor, .. descriptors]).OrThrow();

    private (int Process, int Status) Receive() => (Receive(out int status), status);

    private int Receive(out int status)
    {
        byte[] report = new byte[8];
        Assert.Equal(8, Sockets.ReceiveDescriptors(_socket, report, 0, out _).OrThrow());
        status = BinaryPrimitives.ReadInt32LittleEndian(report.AsSpan(4));
        return BinaryPrimitives.ReadInt32LittleEndian(report);
    }
}
