namespace ShellGuard.Audit.Model;

/// <summary>A distinct access: how often it was seen, and the first time.</summary>
internal sealed class AccessFact(ProcessImage first, Origin origin)
{
    /// <summary>The process that was the first to do it.</summary>
    public ProcessImage First { get; } = first;

    /// <summary>Where the first one stands.</summary>
    public Origin Origin { get; } = origin;

    public long Count { get; set; } = 1;

    /// <summary>Where links led the first time; 0 where it was not seen.</summary>
    public int Resolved { get; set; }
}
