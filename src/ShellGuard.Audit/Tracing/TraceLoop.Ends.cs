using System.Globalization;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Tracing;

namespace ShellGuard.Audit.Tracing;

/// <content>How processes come under the tracer, and leave it.</content>
internal sealed partial class TraceLoop
{
    /// <summary>Begins to trace. The thread that calls this must make all the other calls as well.</summary>
    public static LinuxResult Seize(int process) => Ptrace.Seize(process, Options | PTRACE_O.TRACEEXIT);

    /// <summary>Begins to trace a thread of somebody else's process, which has no filter that stops it at calls.</summary>
    /// <returns>EPERM where it is traced already, which it is when a thread that is traced made it.</returns>
    public LinuxResult Attach(int process, int thread)
    {
        LinuxResult seized = Seize(thread);
        if (seized.Succeeded)
        {
            Know(new TracedThread(thread, process));
            Ptrace.Interrupt(thread);
        }

        return seized;
    }

    /// <summary>Writes who starts where.</summary>
    /// <param name="variables">Of its environment; only their names are written. Null where they are not known.</param>
    /// <param name="hasOtherRoot">Its root directory is another one than ours.</param>
    public void Begin(
        int process, int? user, ReadOnlySpan<byte> directory, IReadOnlyList<string>? variables, bool hasOtherRoot = false)
    {
        if (!_threads.ContainsKey(process))
        {
            Know(new TracedThread(process, process));
        }

        CallWriter.BeginLine(_line, process, CallWriter.Now);
        _line.Add("+++ started by shellguard as user "u8);
        _line.AddOrUnknown(user);
        _line.Add(" in \""u8);
        _line.AddEscaped(directory);
        _line.Add(hasOtherRoot ? "\" of another root +++"u8 : "\" +++"u8);
        recording.Add(_line.Written);
        _command = process;
        if (variables is not null)
        {
            GivenLine.Write(_line, process, CallWriter.Now, variables);
            recording.Add(_line.Written);
        }
    }

    private void End(int id, WaitStatus status, ProcessUsage use)
    {
        IsEarly(id);
        if (Forget(id) is not { } thread)
        {
            return;
        }

        Abandon(thread);
        _anyKilled |= status.IsKilled;
        Adopt(thread);
        WriteUse(thread, use);
        CallWriter.BeginLine(_line, id, CallWriter.Now);
        _line.Add(status.IsExited
            ? string.Create(CultureInfo.InvariantCulture, $"+++ exited with {status.ExitStatus} +++")
            : string.Create(CultureInfo.InvariantCulture, $"+++ killed by {SignalNames.Of(status.KillSignal)}{(status.IsCoreDumped ? " (core dumped)" : "")} +++"));
        recording.Add(_line.Written);
    }
}
