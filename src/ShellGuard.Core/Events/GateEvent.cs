namespace ShellGuard.Core.Events;

/// <summary>Checked data goes through a gate. Written before the first byte does.</summary>
/// <param name="Gate">Its name.</param>
/// <param name="Sha256">Of the bytes that pass, in lower-case hex.</param>
/// <param name="Bytes">How many.</param>
/// <param name="Bits">What the passage costs.</param>
/// <param name="Left">What is left of the budget; 0 for an approval, which holds once.</param>
public sealed record GateEvent(string Gate, string Sha256, long Bytes, long Bits, long Left) : JournalEvent(EventKind.Gate);
