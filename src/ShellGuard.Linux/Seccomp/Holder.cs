namespace ShellGuard.Linux.Seccomp;

/// <summary>What keeps a system call from reaching beyond the cell.</summary>
public enum Holder
{
    /// <summary>It reaches only the process that makes it.</summary>
    OwnProcess,

    /// <summary>It acts on descriptors, and a cell has only those that it was given or opened in its view.</summary>
    Descriptors,

    /// <summary>It acts on names, and the view decides which there are and which can be changed.</summary>
    View,

    /// <summary>It acts on processes, and the pid namespace has only the cell's.</summary>
    PidNamespace,

    /// <summary>It acts on IPC objects, and the ipc namespace has only the cell's.</summary>
    IpcNamespace,

    /// <summary>It acts on networks, and the network namespace has only loopback.</summary>
    NetworkNamespace,

    /// <summary>It needs capabilities of the initial user namespace, which no cell has.</summary>
    UserNamespace,

    /// <summary>The cgroup or the resource limits bound what it uses.</summary>
    Limits,

    /// <summary>The filter refuses it, always or by its arguments.</summary>
    Filter,

    /// <summary>The supervisor carries it out or looks at it first.</summary>
    Supervisor,
}
