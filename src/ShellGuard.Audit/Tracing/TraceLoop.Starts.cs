using ShellGuard.Audit.Coverage;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Tracing;

namespace ShellGuard.Audit.Tracing;

/// <content>New threads, and threads that run another program.</content>
internal sealed partial class TraceLoop
{
    /// <summary>Takes CLONE_UNTRACED away: a child that nobody follows would find that all traced calls are ENOSYS. Where
    /// the flags lie in the program's memory, the call does not exist, as before Linux 5.3, and the C library takes the
    /// old one.</summary>
    private void FollowUntraced(TracedThread thread, TracedCall call, AUDIT_ARCH architecture)
    {
        if (Ptrace.ReadRegisters(thread.Id, out user_regs_struct registers).Failed)
        {
            return;
        }

        bool native = architecture != AUDIT_ARCH.I386;
        ref ulong first = ref native ? ref registers.rdi : ref registers.rbx;
        if (call.Name == "clone")
        {
            first &= ~TracedCalls.CLONE_UNTRACED;
        }
        else
        {
            _view.Thread = thread.Id;
            ulong at = native ? first : (uint)first;
            if (!_view.TryWord(at, sizeof(ulong), out ulong flags) || (flags & TracedCalls.CLONE_UNTRACED) == 0)
            {
                return;
            }

            registers.orig_rax = ulong.MaxValue;
            registers.rax = unchecked((ulong)-(long)Errno.ENOSYS);
        }

        Ptrace.WriteRegisters(thread.Id, registers);
    }

    /// <summary>A thread made another one.</summary>
    private void Started(TracedThread parent)
    {
        if (Ptrace.EventMessage(parent.Id, out int child).Succeeded)
        {
            ulong flags = CloneFlagsReader.Read(parent.Id, out string name);
            WriteStart(parent.Id, name, flags, child);
            bool isThread = (flags & (ulong)CLONE.THREAD) != 0;
            if (!_threads.ContainsKey(child))
            {
                Know(new TracedThread(child, isThread ? parent.Process : child));
            }

            if (IsEarly(child))
            {
                Begun(_threads[child]);
            }
        }

        Continue(parent.Id, 0);
    }

    private void WriteStart(int parent, string call, ulong flags, int child)
    {
        CallWriter.BeginLine(_line, parent, CallWriter.Now);
        _line.Add(call);
        _line.Add("(flags="u8);
        _line.AddHex(flags);
        _line.Add(") = "u8);
        _line.Add(child);
        recording.Add(_line.Written);
    }

    /// <summary>A thread stopped that nobody said to have made: its parent's event is on its way, or will never come.
    /// </summary>
    private void CameEarly(int id)
    {
        lock (_lock)
        {
            _early.Add(id);
        }

        if (_anyKilled)
        {
            Adopt(parent: null);
        }
    }

    private bool IsEarly(int id)
    {
        lock (_lock)
        {
            return _early.Remove(id);
        }
    }

    /// <summary>Lets processes go on whose parent was killed before it could say that it made them.</summary>
    /// <param name="parent">Who that was, as far as can be guessed.</param>
    private void Adopt(TracedThread? parent)
    {
        foreach (int id in _early.ToArray())
        {
            // Of a thread the process is dead, too; and a child of our own is one whose parent asked for that, clone(2).
            if (ProcessStatus.Read(id) is not { } status || status.Process != id || status.Parent == Environment.ProcessId
                || _threads.Values.Any(thread => thread.Process == status.Parent))
            {
                continue;
            }

            recording.Note(CoverageProblem.GuessedParents);
            if (parent is not null)
            {
                WriteStart(parent.Id, "fork", 0, id);
            }

            Know(new TracedThread(id, id));
            IsEarly(id);
            Begun(_threads[id]);
        }
    }

    /// <summary>A thread runs another program. All others of its process are gone, and it has the process's number.
    /// </summary>
    private void Executed(TracedThread leader)
    {
        if (Ptrace.EventMessage(leader.Id, out int former).Failed)
        {
            return;
        }

        if (former != leader.Id)
        {
            // Nothing is told of the end of the first thread, whose number this was.
            Abandon(leader);
            if (Forget(former) is { Call: not null } other)
            {
                Supersede(leader, other);
            }
        }
        else if (leader.Call is { Name: "execve" or "execveat" })
        {
            leader.Line.Add(") = 0"u8);
            recording.Add(leader.Line.Written);
        }

        leader.Call = null;
        Continue(leader.Id, 0);
    }

    /// <summary>A call whose end will not come.</summary>
    private void Abandon(TracedThread thread)
    {
        if (thread.Call is not null)
        {
            thread.Line.Add(") = ?"u8);
            recording.Add(thread.Line.Written);
            thread.Call = null;
        }
    }

    private void Supersede(TracedThread leader, TracedThread other)
    {
        other.Line.Add(" <unfinished ...>"u8);
        recording.Add(other.Line.Written);
        CallWriter.BeginLine(_line, leader.Id, CallWriter.Now);
        _line.Add("+++ superseded by execve in pid "u8);
        _line.Add(other.Id);
        _line.Add(" +++"u8);
        recording.Add(_line.Written);
        CallWriter.BeginLine(_line, leader.Id, CallWriter.Now);
        _line.Add("<... "u8);
        _line.Add(other.Call!.Name);
        _line.Add(" resumed>) = 0"u8);
        recording.Add(_line.Written);
    }
}
