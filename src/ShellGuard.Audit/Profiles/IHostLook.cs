namespace ShellGuard.Audit.Profiles;

/// <summary>What deriving rights needs to know about the host's files. Deriving itself does no I/O.</summary>
public interface IHostLook
{
    /// <summary>What stands at the path, links followed; null where nothing does or it cannot be seen.</summary>
    HostObject? Look(string path);

    /// <summary>It is a container's files that are looked at.</summary>
    bool IsOfContainer { get; }

    /// <summary>The group's name, or null where there is none.</summary>
    string? GroupName(uint group);
}
