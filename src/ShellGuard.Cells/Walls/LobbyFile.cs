using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Walls;

/// <summary>One of the three standard descriptors that the lobby's shell gave a command.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Held">The supervisor's duplicate of it; null where there is none.</param>
internal sealed record LobbyFile(LobbyFileKind Kind, Descriptor? Held = null) : IDisposable
{
    /// <summary>The same for all descriptors of one pipe or file: device and inode.</summary>
    public (ulong Device, ulong Inode) Identity { get; init; }

    /// <summary>How it was opened.</summary>
    public OpenFlags Flags { get; init; }

    /// <summary>For a file, its path in the lobby.</summary>
    public string Path { get; init; } = "";

    /// <summary>For a file, whether nothing is in it yet.</summary>
    public bool IsEmpty { get; init; }

    public void Dispose() => Held?.Dispose();
}
