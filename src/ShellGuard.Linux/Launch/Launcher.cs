using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Launch;

/// <summary>Runs one launch script in a new process.</summary>
public sealed unsafe class Launcher : IDisposable
{
    private static readonly Lazy<nint> Code = new(MapCode);

    private readonly LaunchScript _script;
    private readonly CompiledLaunch _compiled;
    private readonly NativeArena _arena = new();
    private readonly int* _pid;

    public Launcher(LaunchScript script)
    {
        _script = script;
        _compiled = new CompiledLaunch(script, new NativeArena());

        // SAFETY: four zeroed, aligned bytes that live until Dispose; only the kernel writes them.
        _pid = (int*)_arena.Allocate(sizeof(int));
    }

    /// <summary>The new process's number, written by the kernel before the process takes its first step; 0 before.
    /// For the thread that answers the script's handshake while <see cref="Run"/> blocks.</summary>
    public int Pid => Volatile.Read(ref *_pid);

    /// <summary>Creates the process and blocks until it called execve or failed. The parent-death signal that the
    /// script asks for is bound to the calling thread, prctl(2): the thread must live as long as the cell.</summary>
    public LaunchOutcome Run()
    {
        CloneArguments arguments = default;
        int pidfd = -1;
        arguments.flags = (ulong)(_script.Namespaces | CloneFlags.VM | CloneFlags.VFORK | CloneFlags.PIDFD
            | CloneFlags.PARENT_SETTID | CloneFlags.CLEAR_SIGHAND);
        arguments.pidfd = (ulong)&pidfd;
        arguments.parent_tid = (ulong)_pid;
        arguments.exit_signal = SIG.CHLD;

        // SAFETY: the code page is mapped for the life of the process. The child shares our memory until it execs and
        // touches only the compiled steps, which live until Dispose; with VFORK this frame outlives the child's use.
        var run = (delegate* unmanaged<CloneArguments*, nuint, RawStep*, nint, nint>)Code.Value;
        nint result;

        // A signal handler running in the child would run managed code on our stack: all are blocked until the
        // script, with every handler reset by CLEAR_SIGHAND, unblocks them.
        ulong everything = ulong.MaxValue;
        ulong before = 0;
        if (NativeMethods.pthread_sigmask(SIG_BLOCK, &everything, &before) != 0)
        {
            throw new InvalidOperationException("signals could not be blocked for a launch");
        }

        try
        {
            result = run(&arguments, (nuint)sizeof(CloneArguments), _compiled.Steps, _compiled.Count);
        }
        finally
        {
            _ = NativeMethods.pthread_sigmask(SIG_SETMASK, &before, null);
        }

        if (result < 0)
        {
            return new LaunchOutcome(null, null, (Errno)(-result));
        }

        return Outcome(new ChildProcess(pidfd, (int)result));
    }

    public void Dispose()
    {
        _compiled.Dispose();
        _arena.Dispose();
    }

    private const int SIG_BLOCK = 0;
    private const int SIG_SETMASK = 2;

    private LaunchOutcome Outcome(ChildProcess process) =>
        new(process, _compiled.FailedStep(_script, out Errno error), error);

    private static nint MapCode()
    {
        byte[] code = Convert.FromHexString(LaunchCode.Hex);

        // SAFETY: a fresh private page that nothing else knows; written once, then made executable and read-only.
        nint page = NativeMethods.mmap(0, 4096, 3, 0x22, -1, 0);
        if (page == -1)
        {
            throw new InvalidOperationException("mmap of the launch code failed");
        }

        code.CopyTo(new Span<byte>((void*)page, 4096));
        return NativeMethods.mprotect(page, 4096, 5) == 0
            ? page
            : throw new InvalidOperationException(
                "the launch code could not be made executable; a security module forbids it");
    }
}
