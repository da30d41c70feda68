namespace ShellGuard.Cells.Planning;

/// <summary>Who the cell's processes are.</summary>
/// <param name="Uid">The user's number, the same inside and outside.</param>
/// <param name="Gid">The group's number, the same inside and outside.</param>
/// <param name="KeepsRoot">Whether the cell was started by root: then every number is mapped, and inside its own user
/// namespace the cell has what root needs to work on files, <see cref="RootCapabilities"/>, and nothing else.</param>
public sealed record CellIdentity(uint Uid, uint Gid, bool KeepsRoot)
{
    /// <summary>CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER, CAP_FSETID, CAP_KILL, CAP_SETGID, CAP_SETUID and
    /// CAP_NET_BIND_SERVICE, capabilities(7): over files that the view shows and processes and ports of the cell.
    /// They count in the cell's user namespace only.</summary>
    public static IReadOnlyList<int> RootCapabilities { get; } = [0, 1, 3, 4, 5, 6, 7, 10];

    /// <summary>Whether root's other groups cannot be given up, because a namespace around us has given that right up,
    /// user_namespaces(7): then they stay, as an ordinary user's do.</summary>
    public bool KeepsGroups { get; init; }

    /// <summary>What may stand in the cell's bounding set.</summary>
    public IReadOnlyList<int> Capabilities => KeepsRoot ? RootCapabilities : [];
}
