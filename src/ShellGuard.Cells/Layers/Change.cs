using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Layers;

/// <summary>One difference between a layer and the host's directory beneath it.</summary>
public sealed record Change
{
    /// <summary>See <see cref="LayerPath"/>; empty for the directory itself.</summary>
    public required string Path { get; init; }

    public required ChangeKind Kind { get; init; }

    public ChangeAspects Aspects { get; init; }

    /// <summary>In the layer; <see cref="FileType.None"/> when deleted.</summary>
    public FileType Type => Mine?.Type ?? FileType.None;

    /// <summary>On the host; <see cref="FileType.None"/> when there is nothing.</summary>
    public FileType HostType => Host?.Type ?? FileType.None;

    /// <summary>The layer's inode, or null when deleted.</summary>
    public FileStatus? Mine { get; init; }

    /// <summary>The host's inode when the two were compared, or null when there is none.</summary>
    public FileStatus? Host { get; init; }

    /// <summary>Where the layer's symbolic link leads.</summary>
    public string? Target { get; init; }

    /// <summary>Where the host's symbolic link leads.</summary>
    public string? HostTarget { get; init; }

    /// <summary>The path in the layer that is the same file, when an earlier one is.</summary>
    public string? HardLinkTo { get; init; }

    /// <summary>How many of the host's files and directories go: 1 for a file, all of a tree. 0 when nothing does.
    /// </summary>
    public int Entries { get; init; }

    /// <summary>Why it is never committed, or null.</summary>
    public string? Refusal { get; init; }

    /// <summary>Whether that is because the policy hides the path: then there is nothing to decide.</summary>
    public bool IsHidden { get; init; }

    /// <summary>What the host did there since the session started, or null. To commit over it takes a decision.
    /// </summary>
    public string? Conflict { get; init; }

    /// <summary>What a commit leaves out, for example the setuid bit.</summary>
    public string? Note { get; init; }
}
