namespace ShellGuard.Cells.Hosting;

/// <summary>One guarantee that does not hold.</summary>
/// <param name="Guarantee">What does not hold, and what that means.</param>
/// <param name="Reason">One clause: what the host lacks.</param>
public sealed record Concession(string Guarantee, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Guarantee} ({Reason})";
}
