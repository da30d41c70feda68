namespace ShellGuard.Core;

/// <summary>One process, told apart from a later one with the same number.</summary>
/// <param name="Pid">The number on the host.</param>
/// <param name="StartTicks">Start time in clock ticks since boot (proc(5), stat field 22); with
/// <paramref name="Pid"/> it names one process for ever.</param>
/// <param name="ParentPid">The parent's number on the host; 0 when the parent is outside what can be seen.</param>
/// <param name="Program">The executable's path as the process sees it.</param>
public sealed record ProcessIdentity(int Pid, ulong StartTicks, int ParentPid, string Program);
