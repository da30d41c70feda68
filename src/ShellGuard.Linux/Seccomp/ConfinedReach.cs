namespace ShellGuard.Linux.Seccomp;

/// <summary>What a process that confines itself may still do with names of files.</summary>
public enum ConfinedReach
{
    /// <summary>Nothing: it works with what is open.</summary>
    Nothing,

    /// <summary>See what stands there and who owns it, not what is in it.</summary>
    Look,

    /// <summary>Read it. Nothing can be made or changed by its name.</summary>
    Read,
}
