using System.Buffers.Binary;
using System.Security.Cryptography;
using ShellGuard.Audit.Coverage;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>Traces by programs in the kernel, for root: nothing stops, and what is traced can be set-user-ID or trace
/// others itself. Events that are not read in time are lost, and counted.</summary>
public sealed class EbpfTracer : ITracer
{
    /// <summary>Milliseconds between two looks at what the command left.</summary>
    private const int Patience = 50;

    private readonly TraceOptions _options;
    private readonly Capture _capture;
    private readonly EventReader _reader;
    private readonly ulong _word = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private Launcher? _launcher;
    private volatile bool _isStopped;

    /// <exception cref="TraceException">The kernel or our rights do not allow it.</exception>
    public EbpfTracer(TraceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.AllCalls)
        {
            throw new TraceException("the names of all calls are recorded by ptrace only; use --backend ptrace");
        }

        _options = options;
        _capture = new Capture(_word, options.RingSize, cgroup: null);
        _reader = new EventReader(_capture, options);
    }

    public int Process => _launcher?.Pid ?? 0;

    public void Stop()
    {
        _isStopped = true;
        KillAll();
    }

    public void Dispose()
    {
        _launcher?.Dispose();
        _reader.Dispose();
        _capture.Dispose();
    }

    public TraceResult Run()
    {
        _launcher = new Launcher(Script());
        _reader.Start();
        ProcessExit exit;
        try
        {
            LaunchOutcome outcome = _launcher.Run();
            using ChildProcess process = outcome.Process
                ?? throw new TraceException($"the command could not be started: clone3: {outcome.Error}");
            process.Wait(out exit).OrThrow();
            if (outcome.FailedStep is { } step)
            {
                throw step.Call == SystemCall.execve
                    ? new TraceException($"{_options.Program} cannot be executed: {outcome.Error}", outcome.Error)
                    : new TraceException($"the command could not be started: {step.Purpose}: {step.Call}: {outcome.Error}");
            }

            FollowRest();
        }
        finally
        {
            _reader.Stop();
        }

        return new TraceResult(exit, _reader.Finish(_isStopped ? [CoverageProblem.Interrupted] : []));
    }

    /// <summary>Everything between clone and exec.</summary>
    private LaunchScript Script()
    {
        LaunchScript script = new();
        script.Add(
            "as .NET found it", SystemCall.rt_sigaction, Named(13, "SIGPIPE"), new Block(new byte[32], [], "SIG_DFL"), Null, 8);
        script.Add("no signal is blocked", SystemCall.rt_sigprocmask, Named(2, "SIG_SETMASK"), new Block(new byte[8], [], "[]"), Null, 8);
        script.Add("from here on it is followed", SystemCall.getpgrp, (long)_word);
        script.Add(
            "the command", SystemCall.execve, _options.Program, new TextArray(_options.Arguments),
            new TextArray(_options.Environment));
        return script;
    }

    /// <summary>The command ended; waits for what it left. The kernel's own list of threads says when all are gone, also
    /// where events were lost.</summary>
    private void FollowRest()
    {
        int left = CountLeft();
        if (left > 0)
        {
            _options.LeftBehind?.Invoke(left);
        }

        while (CountLeft() > 0)
        {
            if (_isStopped)
            {
                // What was started meanwhile as well.
                KillAll();
            }

            Thread.Sleep(Patience);
        }
    }

    /// <summary>Threads that go on. The kernel cannot always take one from its list, where it is interrupted at the wrong
    /// moment: what has no process any more does not count.</summary>
    private int CountLeft()
    {
        int left = 0;
        foreach (int process in _capture.LiveProcesses())
        {
            left += process <= 0 || Processes.GroupOf(process) != 0 ? 1 : 0;
        }

        return left;
    }

    private void KillAll()
    {
        foreach (int process in _capture.LiveProcesses())
        {
            // 0 is a process of another namespace, and to kill(2) our own group.
            if (process > 0)
            {
                Processes.Kill(process);
            }
        }
    }
}
