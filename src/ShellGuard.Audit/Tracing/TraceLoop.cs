using System.Buffers.Binary;
using ShellGuard.Audit.Coverage;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Tracing;

namespace ShellGuard.Audit.Tracing;

/// <summary>Follows a command and everything that it starts, ptrace(2). A thread runs at full speed until it makes a call
/// of <see cref="TracedCalls"/>; then it stops twice, before and behind the call.</summary>
/// <remarks>A request can fail with ESRCH at any time, because the thread was killed meanwhile: its end is the next thing
/// that is heard of it, so such a failure is no news.</remarks>
internal sealed partial class TraceLoop(Recording recording)
{
    private const PTRACE_O Options = PTRACE_O.TRACESYSGOOD | PTRACE_O.TRACEFORK | PTRACE_O.TRACEVFORK | PTRACE_O.TRACECLONE
        | PTRACE_O.TRACEEXEC | PTRACE_O.TRACESECCOMP | PTRACE_O.EXITKILL;

    /// <summary>Kinds of stops at a call, ptrace(2), PTRACE_GET_SYSCALL_INFO.</summary>
    private const byte CallBegin = 1;

    private const byte CallEnd = 2;

    /// <summary>Bytes of six arguments of a 32-bit program.</summary>
    private const int IndirectSize = SystemCallArguments.Count * sizeof(uint);

    private const ulong SECCOMP_FILTER_FLAG_NEW_LISTENER = 8;

    private readonly Dictionary<int, TracedThread> _threads = [];

    /// <summary>New threads that stopped before their parent said that it made them.</summary>
    private readonly HashSet<int> _early = [];

    /// <summary>Guards changes of <see cref="_threads"/> and <see cref="_early"/>, which another thread may read.</summary>
    private readonly Lock _lock = new();

    /// <summary>Calls by process whose name was written.</summary>
    private readonly HashSet<long> _named = [];

    /// <summary>A thread was killed: it may have left a child of which it could not tell.</summary>
    private bool _anyKilled;

    private readonly LiveView _view = new();
    private readonly LineBuffer _line = new();

    /// <summary>How the command itself ended; null while it runs.</summary>
    public ProcessExit? Exit { get; private set; }

    /// <summary>Whether threads stop at every call, because they have no filter of ours.</summary>
    public bool EveryCall { get; init; }

    /// <summary>Called when the command ended and processes that it started go on.</summary>
    public Action<int>? LeftBehind { get; init; }

    /// <summary>How many threads are traced. Any thread may ask.</summary>
    public int ThreadCount
    {
        get
        {
            lock (_lock)
            {
                return _threads.Count + _early.Count;
            }
        }
    }

    /// <summary>Ends everything that is traced. Any thread may call it; the loop hears of each end.</summary>
    public void KillAll()
    {
        lock (_lock)
        {
            foreach (TracedThread thread in _threads.Values)
            {
                Processes.Kill(thread.Process);
            }

            foreach (int thread in _early)
            {
                Processes.Kill(thread);
            }
        }
    }

    /// <summary>Follows until no process is left.</summary>
    public void Run(int root)
    {
        while (true)
        {
            LinuxResult waited = Ptrace.Wait(out WaitStatus status, out ProcessUsage use);
            if (waited.Error == Errno.ECHILD)
            {
                return;
            }

            int id = (int)waited.OrThrow();
            if (status.IsExited || status.IsKilled)
            {
                End(id, status, use);
                if (id == root)
                {
                    Exit = status.IsExited
                        ? new ProcessExit(status.ExitStatus, null)
                        : new ProcessExit(128 + status.KillSignal, status.KillSignal);
                    if (ThreadCount > 0)
                    {
                        LeftBehind?.Invoke(ThreadCount);
                    }
                }
            }
            else if (!_threads.TryGetValue(id, out TracedThread? thread))
            {
                CameEarly(id);
            }
            else
            {
                Stopped(thread, status);
            }
        }
    }

    private void Continue(int thread, int signal)
    {
        if (EveryCall)
        {
            Ptrace.ContinueToCall(thread, signal);
        }
        else
        {
            Ptrace.Continue(thread, signal);
        }
    }

    private void Know(TracedThread thread)
    {
        lock (_lock)
        {
            _threads[thread.Id] = thread;
        }
    }

    private TracedThread? Forget(int id)
    {
        lock (_lock)
        {
            return _threads.Remove(id, out TracedThread? thread) ? thread : null;
        }
    }

    private void Stopped(TracedThread thread, WaitStatus status)
    {
        switch (status.Event)
        {
            case PTRACE_EVENT.SECCOMP:
                BeginCall(thread);
                break;
            case PTRACE_EVENT.FORK or PTRACE_EVENT.VFORK or PTRACE_EVENT.CLONE:
                Started(thread);
                break;
            case PTRACE_EVENT.EXEC:
                Executed(thread);
                break;
            case PTRACE_EVENT.STOP when status.IsJobStop:
                Ptrace.Listen(thread.Id);
                break;
            case PTRACE_EVENT.STOP:
                Begun(thread);
                break;
            case PTRACE_EVENT.EXIT:
                Ending(thread);
                break;
            case PTRACE_EVENT.None when status.IsCall:
                Call(thread);
                break;
            case PTRACE_EVENT.None:
                Continue(thread.Id, status.StopSignal);
                break;
            default:
                Continue(thread.Id, 0);
                break;
        }
    }

    private void BeginCall(TracedThread thread)
    {
        if (Ptrace.ReadCall(thread.Id, out ptrace_syscall_info info).Succeeded)
        {
            BeginCall(thread, info);
        }
    }

    private void BeginCall(TracedThread thread, in ptrace_syscall_info info)
    {
        AUDIT_ARCH architecture = (AUDIT_ARCH)info.arch;
        TracedCall? call = CallIndex.Find(architecture, (int)info.nr);
        if (call is { Name: "clone" or "clone3" })
        {
            FollowUntraced(thread, call, architecture);
            Continue(thread.Id, 0);
            return;
        }

        Span<ulong> arguments = stackalloc ulong[SystemCallArguments.Count];
        ((ReadOnlySpan<ulong>)info.args)[..SystemCallArguments.Count].CopyTo(arguments);
        int size = CallIndex.PointerSize(architecture, (int)info.nr);
        if (architecture == AUDIT_ARCH.I386)
        {
            call = ReadIndirect(thread.Id, call, arguments);
        }

        if (call is null)
        {
            // One that reaches nothing, or a stop of a filter that the program has itself.
            NoteName(thread, architecture, (int)info.nr);
            Continue(thread.Id, 0);
            return;
        }

        thread.AsksForListener = call.Name == "seccomp" && (arguments[1] & SECCOMP_FILTER_FLAG_NEW_LISTENER) != 0;
        thread.Call = call;
        _view.Thread = thread.Id;
        CallWriter.Begin(thread, _view, call, arguments, size, CallWriter.Now);
        Ptrace.ContinueToCall(thread.Id, 0);
    }

    /// <summary>Writes the name of a call once for each process that makes it. That is all that a filter is made of.
    /// </summary>
    private void NoteName(TracedThread thread, AUDIT_ARCH architecture, int number)
    {
        SystemCall call = (SystemCall)number;
        if (architecture == AUDIT_ARCH.X86_64 && Enum.IsDefined(call) && _named.Add(((long)thread.Process << 32) | (uint)number))
        {
            CallWriter.BeginLine(_line, thread.Id, CallWriter.Now);
            _line.Add(call.ToString());
            _line.Add("() = ?"u8);
            recording.Add(_line.Written);
        }
    }

    /// <summary>The old calls of 32-bit programs that hand over one pointer to all arguments.</summary>
    private TracedCall? ReadIndirect(int thread, TracedCall? call, Span<ulong> arguments)
    {
        ulong at;
        if (call is { Name: "socketcall" })
        {
            call = CallIndex.OfSocketCall(arguments[0]);
            at = arguments[1];
        }
        else if (call is { Indirect: true })
        {
            at = arguments[0];
        }
        else
        {
            return call;
        }

        // As many as there are: what lies behind the last may be another page.
        Span<byte> words = stackalloc byte[IndirectSize];
        words = words[..((call?.Forms.Length ?? 0) * sizeof(uint))];
        arguments.Clear();
        if (RemoteMemory.Read(thread, at, words).Failed)
        {
            recording.Note(CoverageProblem.UndecodedArguments);
            return null;
        }

        for (int i = 0; i < words.Length / sizeof(uint); i++)
        {
            arguments[i] = BinaryPrimitives.ReadUInt32LittleEndian(words[(i * sizeof(uint))..]);
        }

        return call;
    }

    /// <summary>A stop before a call, where every call stops, or behind one.</summary>
    private void Call(TracedThread thread)
    {
        if (Ptrace.ReadCall(thread.Id, out ptrace_syscall_info info).Failed)
        {
            return;
        }

        if (info.op == CallBegin && EveryCall)
        {
            BeginCall(thread, info);
            return;
        }

        if (thread.Call is { } call && info.op == CallEnd)
        {
            _view.Thread = thread.Id;
            CallWriter.End(thread, _view, call, (long)info.nr);
            recording.Add(thread.Line.Written);
            thread.Call = null;
            if (thread.AsksForListener && (long)info.nr >= 0 && !EveryCall)
            {
                // A call that such a filter hands to the program, and the program lets pass, does not stop for us.
                recording.Note(CoverageProblem.OwnListener);
            }
        }

        Continue(thread.Id, 0);
    }
}
