using ShellGuard.Audit.Import;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Tracing;

namespace ShellGuard.Audit.Tracing;

/// <summary>What the command was given and what it used, which no call shows.</summary>
internal sealed partial class TraceLoop
{
    /// <summary>Lines of <c>/proc/PID/io</c> that are kept.</summary>
    private static readonly string[] Transfers = ["rchar", "wchar", "read_bytes", "write_bytes"];

    private readonly LineBuffer _transferred = new();
    private int _command;
    private long _peak;

    /// <summary>A new thread stands at its beginning, or any thread stands still for another reason.</summary>
    /// <remarks>A child has the options of its parent. Only the command itself stops at its end.</remarks>
    private void Begun(TracedThread thread)
    {
        if (thread.Id != _command && !thread.HasBegun)
        {
            thread.HasBegun = true;
            Ptrace.SetOptions(thread.Id, Options);
        }

        Continue(thread.Id, 0);
    }

    /// <summary>The command is about to end, and its counters can still be read: with those of the children that it waited
    /// for, proc(5).</summary>
    private void Ending(TracedThread thread)
    {
        Span<byte> text = stackalloc byte[4096];
        if (thread.Id == _command && ProcFile.Read($"/proc/{thread.Id}/status", text) is { Succeeded: true } told)
        {
            ReadOnlySpan<byte> status = text[..(int)told.Value];
            int at = status.IndexOf("\nVmHWM:"u8);
            _peak = at >= 0 && LogText.Decimal(status[(at + "\nVmHWM:".Length)..].TrimStart(" \t"u8), out long peak) > 0 ? peak : 0;
        }

        if (thread.Id == _command && ProcFile.Read($"/proc/{thread.Id}/io", text) is { Succeeded: true } read)
        {
            _transferred.Clear();
            ReadOnlySpan<byte> rest = text[..(int)read.Value];
            while (rest.IndexOf((byte)'\n') is >= 0 and int end)
            {
                AddTransfer(rest[..end]);
                rest = rest[(end + 1)..];
            }
        }

        Continue(thread.Id, 0);
    }

    /// <param name="counter"><c>rchar: 4292</c>.</param>
    private void AddTransfer(ReadOnlySpan<byte> counter)
    {
        int colon = counter.IndexOf(": "u8);
        foreach (string name in Transfers)
        {
            if (colon > 0 && System.Text.Ascii.Equals(counter[..colon], name))
            {
                _transferred.Add((byte)' ');
                _transferred.Add(name);
                _transferred.Add((byte)'=');
                _transferred.Add(counter[(colon + 2)..]);
            }
        }
    }

    /// <summary>What a process and the children that it waited for used; said once, when its first thread ends.</summary>
    private void WriteUse(TracedThread thread, ProcessUsage use)
    {
        if (thread.Id != thread.Process)
        {
            return;
        }

        CallWriter.BeginLine(_line, thread.Id, CallWriter.Now);
        _line.Add("+++ used: utime="u8);
        _line.Add((long)use.User.TotalMicroseconds);
        _line.Add(" stime="u8);
        _line.Add((long)use.System.TotalMicroseconds);
        _line.Add(" maxrss="u8);

        // What the kernel counts for the command begins with the memory of shellguard, out of which it came.
        _line.Add(thread.Id == _command && _peak > 0 ? _peak : use.PeakBytes / 1024);
        if (thread.Id == _command)
        {
            _line.Add(_transferred.Written);
        }

        _line.Add(" +++"u8);
        recording.Add(_line.Written);
    }
}
