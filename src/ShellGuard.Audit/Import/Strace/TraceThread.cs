using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>A thread of the trace while it lives.</summary>
internal sealed class TraceThread(int id, TraceProcess process)
{
    public int Id { get; set; } = id;

    public TraceProcess Process { get; set; } = process;

    /// <summary>Some line is its own. Else it was only returned by the call that made it.</summary>
    public bool IsSeen { get; set; }

    /// <summary>The beginning of the call that it is in; null while it is in none.</summary>
    public byte[]? Pending { get; set; }

    /// <summary>Where that stands.</summary>
    public Origin PendingOrigin { get; set; }

    /// <summary>It is in a clone.</summary>
    public bool IsCloning { get; set; }

    /// <summary>For a thread that is in a clone whose child was not seen yet: its place among them.</summary>
    public LinkedListNode<TraceThread>? Expecting { get; set; }

    /// <summary>For a thread that is in a clone: the child that was seen before the clone returned.</summary>
    public TraceThread? Adopted { get; set; }
}
