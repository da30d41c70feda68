namespace ShellGuard.Cells.Gates;

/// <summary>A question that waits for people, as a session tells of it. Its texts come from that session and are safe to
/// print only once they are escaped.</summary>
/// <param name="Session">The session's name.</param>
/// <param name="Uid">Whose session it is, by the kernel's word.</param>
/// <param name="Id">The question's name.</param>
/// <param name="Gate">The gate's name.</param>
/// <param name="Cell">Where the bytes come from.</param>
/// <param name="Reason">What who asks has to say.</param>
/// <param name="Sha256">Of the bytes.</param>
/// <param name="Bytes">How many.</param>
/// <param name="Expires">When it is too late.</param>
/// <param name="Needed">How many people must agree.</param>
/// <param name="Approved">Who did so far.</param>
/// <param name="IsMine">Whether the user who looks may decide.</param>
public sealed record ApprovalQuestion(
    string Session, uint Uid, string Id, string Gate, string Cell, string Reason, string Sha256, long Bytes,
    DateTimeOffset Expires, int Needed, string Approved, bool IsMine);
