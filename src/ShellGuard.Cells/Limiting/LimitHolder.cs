namespace ShellGuard.Cells.Limiting;

/// <summary>What holds a limit.</summary>
public enum LimitHolder
{
    /// <summary>Nothing on this host.</summary>
    Nothing,

    /// <summary>A control group of the unified hierarchy, cgroups(7) version 2.</summary>
    Cgroup2,

    /// <summary>A control group of the controller's own hierarchy, cgroups(7) version 1.</summary>
    Cgroup1,

    /// <summary>A limit of each process, setrlimit(2).</summary>
    ResourceLimit,

    /// <summary>The supervisor, which looks and ends the session.</summary>
    Supervisor,
}
