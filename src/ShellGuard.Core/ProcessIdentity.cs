using ShellGuard.Core.Events;

namespace ShellGuard.Core;

/// <summary>One process, told apart from a later one with the same number.</summary>
/// <param name="Pid">The number on the host.</param>
/// <param name="StartTicks">Start time in clock ticks since boot (proc(5), stat field 22); with
/// <paramref name="Pid"/> it names one process for ever. 0 where the source does not have it, as in a log: then
/// <see cref="Generation"/> does.</param>
/// <param name="ParentPid">The parent's number on the host; 0 when the parent is outside what can be seen.</param>
/// <param name="Program">The executable's path as the process sees it; empty where it is not known.</param>
public sealed record ProcessIdentity(int Pid, ulong StartTicks, int ParentPid, string Program)
{
    /// <summary>1 for the first process that had this number in what was recorded, 2 for the second. 0 where
    /// <see cref="StartTicks"/> tells them apart.</summary>
    public int Generation { get; init; }

    /// <summary>The arguments of the program that the process ran; empty where they are not known.</summary>
    public ArgumentVector Arguments { get; init; } = ArgumentVector.Empty;

    /// <summary>The effective user's number; null where it is not known.</summary>
    public uint? User { get; init; }

    /// <summary>The command name, at most 15 bytes (proc(5), comm), where the source has no more; else empty.</summary>
    public string CommandName { get; init; } = "";
}
