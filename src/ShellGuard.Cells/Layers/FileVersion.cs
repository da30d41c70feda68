namespace ShellGuard.Cells.Layers;

/// <summary>A file's content at one moment.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">Lower-case hex; null where it could not be read.</param>
/// <param name="Text">The bytes, where they are text and not too many to show.</param>
public sealed record FileVersion(long Size, string? Sha256, byte[]? Text);
