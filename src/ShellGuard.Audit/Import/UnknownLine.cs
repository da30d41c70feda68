using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import;

/// <summary>A line that was not understood.</summary>
/// <param name="Origin">Where it stands.</param>
/// <param name="Text">Its beginning.</param>
/// <param name="Length">Its length in bytes.</param>
public sealed record UnknownLine(Origin Origin, ReadOnlyMemory<byte> Text, long Length);
