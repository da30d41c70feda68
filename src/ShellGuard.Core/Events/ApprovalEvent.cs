namespace ShellGuard.Core.Events;

/// <summary>People are asked whether these very bytes may go through a gate, or answered.</summary>
/// <param name="Request">The question's name.</param>
/// <param name="Step">What happened.</param>
/// <param name="Gate">The gate's name.</param>
/// <param name="Sha256">Of the bytes, in lower-case hex.</param>
/// <param name="Bytes">How many.</param>
public sealed record ApprovalEvent(string Request, ApprovalStep Step, string Gate, string Sha256, long Bytes)
    : JournalEvent(EventKind.Approval)
{
    /// <summary>Who answered, by login name; empty where nobody did.</summary>
    public string By { get; init; } = "";

    /// <summary>What who asked, or who denied, had to say.</summary>
    public HostileText Reason { get; init; } = HostileText.Empty;
}
