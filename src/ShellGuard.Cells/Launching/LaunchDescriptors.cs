namespace ShellGuard.Cells.Launching;

/// <summary>Descriptors of the supervisor that a launch uses by their numbers.</summary>
/// <param name="Handshake">The cell's end of the socket pair over which launch and supervisor wait for each
/// other.</param>
/// <param name="Init">An executable file with <see cref="Linux.Launch.InitProgram"/>, or
/// <see cref="Linux.Launch.PorterProgram"/> for a cell that takes jobs.</param>
/// <param name="Stops">Where process 1 says that the command stopped: a pipe's end that does not block.</param>
/// <param name="Jobs">Where the jobs come from, a socket; not used where the plan has a command.</param>
public sealed record LaunchDescriptors(int Handshake, int Init, int Stops, int Jobs)
{
    /// <summary>What the command gets as 0, 1 and 2 instead of the supervisor's own, by these numbers.</summary>
    public IReadOnlyDictionary<int, int> Standard { get; init; } = new Dictionary<int, int>();
}
