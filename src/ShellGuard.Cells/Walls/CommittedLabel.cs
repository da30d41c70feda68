namespace ShellGuard.Cells.Walls;

/// <summary>A path of the host that got data with a label from a commit, or to which such a file was moved since.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Tags">The label, by its tags' names: numbers mean something under one policy only.</param>
/// <param name="Session">Which session's.</param>
public sealed record CommittedLabel(string Path, IReadOnlyList<string> Tags, string Session)
{
    /// <summary>The file that was seen there; null before it is.</summary>
    internal FileIdentity? File { get; init; }

    /// <summary>Whether that file is not there any more, and was looked for.</summary>
    internal bool IsGone { get; init; }

    /// <summary>How many names the file had when they were looked for; 0 when they were not.</summary>
    internal uint Links { get; init; }

    /// <summary>What the file held; null where that was not looked at.</summary>
    internal SeenContent? Content { get; init; }
}
