using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Terminals;

/// <summary>The cell's command as a job at its terminal, seen from outside.</summary>
/// <param name="Stops">Each byte is the number of a signal that stopped the command. Does not block.</param>
/// <param name="IsStopped">Whether it is stopped now: a report may be older than the last continuation.</param>
/// <param name="Continue">Continues the command's process group.</param>
public sealed record CellJob(Descriptor Stops, Func<bool> IsStopped, Action Continue);
