namespace ShellGuard.Escape.Tests.Support;

/// <summary>How a program ended.</summary>
/// <param name="Status">Its exit status, -1 when it was killed for taking too long.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal sealed record Outcome(int Status, string Output, string Errors)
{
    public override string ToString() => $"status {Status}\n--- output\n{Output}\n--- errors\n{Errors}";
}
