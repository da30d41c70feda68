using ShellGuard.Audit.Coverage;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using ShellGuard.Linux.Seccomp;
using ShellGuard.Linux.Terminals;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Audit.Tracing;

/// <summary>Traces by ptrace(2): every call that counts stops, and nothing is lost.</summary>
public sealed class Tracer : ITracer
{
    private const int CAP_SYS_ADMIN = 21;

    /// <summary>Milliseconds that a container's end may come behind its client's.</summary>
    private const int Patience = 1000;

    private readonly TraceOptions _options;
    private readonly Recording _recording;
    private readonly TraceLoop _loop;

    /// <summary>A pair of sockets: here the new process says that it is there, and waits until it is traced.</summary>
    private readonly Descriptor _gate;

    private readonly Descriptor _open;
    private Launcher? _launcher;
    private volatile bool _isStopped;
    private volatile bool _isClientOver;
    private Exception? _failure;

    public Tracer(TraceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Sockets.CreatePair((int)SOCK.STREAM, out _gate, out _open).OrThrow();
        _recording = new Recording("ptrace", options.Record, options.OnlyPayload, options.Seen);
        _loop = new TraceLoop(_recording) { LeftBehind = options.LeftBehind, EveryCall = options.IdentifierFile is not null };
    }

    public int Process => _launcher?.Pid ?? 0;

    public void Stop()
    {
        _isStopped = true;
        _loop.KillAll();
    }

    public void Dispose()
    {
        _launcher?.Dispose();
        _gate.Dispose();
        _open.Dispose();
        _recording.Dispose();
    }

    public TraceResult Run()
    {
        _launcher = new Launcher(Script());
        _recording.Begin();
        Thread follower = new(Follow) { Name = "tracer" };
        follower.Start();
        LaunchOutcome outcome = _launcher.Run();
        _gate.Dispose();
        using ChildProcess? process = outcome.Process;
        ProcessExit? client = _options.IdentifierFile is null ? null : WaitForClient(process, follower);
        follower.Join();
        if (_failure is not null)
        {
            throw _failure;
        }

        if (process is null || outcome.FailedStep is { Call: not SystemCall.execve })
        {
            throw new TraceException(outcome.FailedStep is { } step
                ? $"the command could not be started: {step.Purpose}: {step.Call}: {outcome.Error}"
                : $"the command could not be started: clone3: {outcome.Error}");
        }

        if (outcome.FailedStep is not null)
        {
            throw new TraceException($"{_options.Program} cannot be executed: {outcome.Error}", outcome.Error);
        }

        if (_isStopped)
        {
            _recording.Note(CoverageProblem.Interrupted);
        }

        return new TraceResult(
            client ?? _loop.Exit ?? throw new TraceException("the end of the command was not seen"), _recording.Finish());
    }

    /// <summary>The command is no child of the tracer's thread where a service does the work.</summary>
    private ProcessExit? WaitForClient(ChildProcess? process, Thread follower)
    {
        ProcessExit? exit = process is not null && process.Wait(out ProcessExit ended).Succeeded ? ended : null;
        _isClientOver = true;
        if (!follower.Join(Patience) && _loop.ThreadCount is > 0 and int threads)
        {
            _options.LeftBehind?.Invoke(threads);
        }

        return exit;
    }

    /// <summary>Everything between clone and exec.</summary>
    private LaunchScript Script()
    {
        LaunchScript script = new();
        if (_options.IdentifierFile is null)
        {
            // Else it would hold open for itself what it waits for, and never meet its end.
            script.Add("only the tracer opens the gate", SystemCall.close, _open.Number);
            script.Add("this process is there", SystemCall.write, _gate.Number, new Block(new byte[1], [], "[1]"), 1);
            script.Expect(
                1, "the tracer is there", SystemCall.read, _gate.Number, new Block(new byte[1], [], "[1]"), 1);
        }

        script.Add(
            "as .NET found it", SystemCall.rt_sigaction, Named(13, "SIGPIPE"), new Block(new byte[32], [], "SIG_DFL"), Null, 8);
        script.Add("no signal is blocked", SystemCall.rt_sigprocmask, Named(2, "SIG_SETMASK"), new Block(new byte[8], [], "[]"), Null, 8);
        if (_options.IdentifierFile is null)
        {
            AddFilter(script);
        }

        script.Add(
            "the command", SystemCall.execve, _options.Program, new TextArray(_options.Arguments),
            new TextArray(_options.Environment));
        return script;
    }

    private void AddFilter(LaunchScript script)
    {
        if (!MayFilter)
        {
            // What seccomp(2) asks of everybody else. A tracer without rights takes set-user-ID bits away anyhow.
            script.Add("no new privileges", SystemCall.prctl, Named(38, "PR_SET_NO_NEW_PRIVS"), 1, 0, 0, 0);
        }

        script.Add(
            "stop at the calls that count", SystemCall.seccomp, Named(1, "SECCOMP_SET_MODE_FILTER"), 0,
            (_options.AllCalls ? TraceFilter.All : CallIndex.Filter).ToArgument());
    }

    /// <summary>The tracer's thread.</summary>
    private void Follow()
    {
        try
        {
            if (_options.IdentifierFile is { } file)
            {
                if (new ContainerFollower(_loop, file, () => _isClientOver).Attach())
                {
                    _loop.Run(0);
                }

                return;
            }

            if (DescriptorIo.Read(_open, new byte[1]).Value != 1)
            {
                // There is no process, and the other end is closed.
                return;
            }

            int process = _launcher!.Pid;
            LinuxResult seized = TraceLoop.Seize(process);
            if (seized.Failed)
            {
                // The command meets the end of the file behind the gate and ends before it began.
                _open.Dispose();
                throw new TraceException(
                    $"the command cannot be traced: {seized.Error}; something traces shellguard already, or the system "
                    + "forbids tracing (kernel.yama.ptrace_scope, a container's filter)");
            }

            _loop.Begin(process, (int)FileMetadata.EffectiveUser, ProcFile.ReadLink("/proc/self/cwd") ?? "/"u8, _options.Environment);
            DescriptorIo.Write(_open, [0]).OrThrow();
            _loop.Run(process);
        }
        catch (Exception failure) when (failure is TraceException or LinuxException)
        {
            _failure = failure;
        }
    }

    /// <summary>Whether the kernel takes a filter without further conditions.</summary>
    private static bool MayFilter
    {
        get
        {
            Span<byte> status = stackalloc byte[4096];
            LinuxResult read = ProcFile.Read("/proc/self/status", status);
            ReadOnlySpan<byte> text = read.Failed ? default : status[..(int)read.Value];
            int at = text.IndexOf("CapEff:\t"u8);
            return at >= 0 && System.Buffers.Text.Utf8Parser.TryParse(text[(at + 8)..], out ulong effective, out _, 'x')
                && (effective & (1UL << CAP_SYS_ADMIN)) != 0;
        }
    }
}
