namespace ShellGuard.Cells.Planning;

/// <summary>What the planner needs to know about the host's files. The planner itself does no I/O.</summary>
public interface IHostFiles
{
    /// <summary>What stands at the path; symbolic links are not followed at the last component.</summary>
    HostFileKind KindOf(string path);

    /// <summary>The path with every symbolic link resolved, or null when it does not exist or cannot be reached.</summary>
    string? RealPath(string path);

    /// <summary>How many names a file has, its links; 0 when it does not exist or is no regular file.</summary>
    uint NamesOf(string path);

    /// <summary>How many of a file's names are among these paths. Two paths by which one directory is reached have one name
    /// between them.</summary>
    int NamesAmong(string path, IEnumerable<string> paths);

    /// <summary>The names in a directory, or none when it cannot be read.</summary>
    IReadOnlyList<string> List(string directory);

    /// <summary>What a file of procfs said when this process first asked for it; null where there is none.</summary>
    string? Once(string path);

    /// <summary>Whether this process's user may execute the file.</summary>
    bool IsExecutable(string path);

    /// <summary>Where file systems are mounted on the host.</summary>
    IReadOnlyList<string> MountPoints { get; }
}
