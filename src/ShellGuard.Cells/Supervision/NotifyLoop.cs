using ShellGuard.Cells.Supervision.Apart;
using ShellGuard.Cells.Supervision.Exec;
using ShellGuard.Cells.Supervision.Files;
using ShellGuard.Cells.Supervision.Network;
using ShellGuard.Cells.Walls;
using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cells.Supervision;

/// <summary>Answers the trapped system calls of one cell.</summary>
/// <param name="listener">The cell's traps; stays the caller's.</param>
/// <param name="table">The table that the cell's filter was compiled from.</param>
/// <param name="init">Process 1 of the cell, as this process numbers it.</param>
/// <param name="network">Decides connect and listen.</param>
/// <param name="exec">Writes program starts down.</param>
/// <param name="writes">Explains writes that fail.</param>
/// <param name="reads">Explains looks for what is hidden.</param>
/// <param name="sink">Takes denials.</param>
internal sealed class NotifyLoop(
    NotifyFd listener,
    SystemCallTable table,
    int init,
    NetworkMediator network,
    ExecObserver exec,
    WriteExplainer writes,
    ReadExplainer reads,
    IAccessSink sink)
{
    private int _command;

    /// <summary>Where stubs ask; null where the cell is no lobby.</summary>
    public LobbyDoor? Door { get; set; }

    /// <summary>Answers what could tell another cell something; null where no wall separates this one from others.</summary>
    public ApartMediator? Apart { get; set; }

    /// <summary>Process 2 of the cell, the command, as this process numbers it; 0 until it was executed.</summary>
    public int Command => Volatile.Read(ref _command);

    /// <summary>Begins to answer until the last process of the cell is gone.</summary>
    /// <param name="second">Answers too: one thread may hash a large program while another answers.</param>
    public void Start(SecondThread second)
    {
        OwnThread.Begin("supervisor", Run);
        second.Begin(Run);
    }

    private void Run()
    {
        try
        {
            Receive();
        }
        catch (ObjectDisposedException) when (listener.IsClosed)
        {
            // The cell is gone, and its owner closed the traps before this thread looked at them again.
        }
    }

    private void Receive()
    {
        while (true)
        {
            LinuxResult received = listener.Receive(out Notification call);
            if (received.Error is Errno.ENOENT or Errno.EINTR)
            {
                // The caller was killed between its call and our look at it.
                continue;
            }

            if (received.Failed)
            {
                return;
            }

            Answer(call);
        }
    }

    private void Answer(in Notification call)
    {
        bool answered = false;
        try
        {
            answered = Decide(call);
        }
#pragma warning disable CA1031 // A defect of ours must not let a program hang: whatever went wrong, the call is refused below.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            sink.Record(new Access(
                ProcessChain.Of(call.ThreadId), Operation.SystemCall, call.Call.ToString(),
                Verdict.Deny(
                    NetworkRecorder.BuiltIn("failures end in a refusal"),
                    $"the supervisor failed: {failure.GetType().Name}", null)));
        }

        if (!answered)
        {
            listener.Fail(call.Id, Errno.EACCES);
        }
    }

    /// <returns>Whether an answer was given, or will be.</returns>
    private bool Decide(in Notification call)
    {
        switch (call.Call)
        {
            case SystemCall.connect or SystemCall.listen or SystemCall.epoll_create or SystemCall.epoll_create1:
                network.Handle(call);
                return true;

            case SystemCall.socket when table.Judge(call).Action is FilterAction.Mediate:
                network.Handle(call);
                return true;

            case SystemCall.execveat when Door is { } door && LobbyDoor.IsQuestion(call):
                door.Enter(call);
                return true;

            case SystemCall.execve or SystemCall.execveat:
                if (call.ThreadId != init)
                {
                    Interlocked.CompareExchange(ref _command, call.ThreadId, 0);
                    Errno refused = exec.Observe(call);
                    if (refused != Errno.None)
                    {
                        listener.Fail(call.Id, refused);
                        return true;
                    }
                }

                // Harmless whatever the arguments become: the view and Landlock decide what can be executed, no
                // decision was made on the path, and no_new_privs keeps every program from gaining anything. The
                // record says what the arguments were when the call was made.
                return listener.Continue(call.Id).Succeeded || !listener.IsAlive(call.Id);

            default:
                return Refuse(call) || Apart?.Handle(call) is true || Explain(call);
        }
    }

    /// <summary>Calls that the table denies, sent here to be written down.</summary>
    private bool Refuse(in Notification call)
    {
        FilterOutcome outcome = table.Judge(call);
        if (outcome.Action is not FilterAction.Deny)
        {
            return false;
        }

        string reason = table.ReasonFor(call);
        sink.Record(new Access(
            ProcessChain.Of(call.ThreadId), Operation.SystemCall, RefusedCall.Of(call),
            Verdict.Deny(NetworkRecorder.BuiltIn($"{call.Call}: {reason}"), reason, RefusedCall.WayOn(call))));
        listener.Fail(call.Id, outcome.Error);
        return true;
    }

    private bool Explain(in Notification call)
    {
        if (table.Judge(call).Action is not FilterAction.Mediate)
        {
            return false;
        }

        if (!reads.Explain(call))
        {
            writes.Explain(call);
        }

        // Harmless whatever the arguments become: the explainers decided nothing. What is hidden is not in the view; its
        // mounts, and Landlock behind them, refuse every write that the policy does not hand over.
        return listener.Continue(call.Id).Succeeded || !listener.IsAlive(call.Id);
    }
}
