namespace ShellGuard.Audit.Tracing;

/// <summary>A thread that is traced.</summary>
/// <param name="id">Its number.</param>
/// <param name="process">The number of its process.</param>
internal sealed class TracedThread(int id, int process)
{
    public int Id { get; } = id;

    public int Process { get; } = process;

    /// <summary>It stopped for the first time.</summary>
    public bool HasBegun { get; set; }

    /// <summary>The call that it is in; null outside of the traced ones.</summary>
    public TracedCall? Call { get; set; }

    /// <summary>That call is to make a filter of system calls that asks the program itself.</summary>
    public bool AsksForListener { get; set; }

    /// <summary>The line of that call so far.</summary>
    public LineBuffer Line { get; } = new();
}
