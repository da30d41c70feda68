using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Integrity;

/// <summary>A program's file, opened once: what was hashed is what runs.</summary>
/// <param name="Path">Where it was found.</param>
/// <param name="Status">What statx(2) says of it.</param>
/// <param name="Sha256">Of its content, in lower-case hex.</param>
/// <param name="Head">Its first bytes.</param>
/// <param name="Executable">What is executed: the file itself where only root can write it, else a sealed copy of the
/// bytes that were hashed.</param>
public sealed record StageFile(
    string Path, FileStatus Status, string Sha256, ReadOnlyMemory<byte> Head, Descriptor Executable) : IDisposable
{
    /// <summary>Whether a sealed copy is executed and not the file itself.</summary>
    public bool IsCopy { get; init; }

    public void Dispose() => Executable.Dispose();
}
