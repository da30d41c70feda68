using ShellGuard.Core;

namespace ShellGuard.Policy.Model;

/// <summary>Limits of one session; null is no limit of our own.</summary>
/// <param name="MemoryBytes">Memory of all processes together, in bytes.</param>
/// <param name="Processes">Processes and threads at once.</param>
/// <param name="CpuPercent">CPU time in percent of one core; 200 is two cores.</param>
/// <param name="WallTime">After this time the session is ended.</param>
/// <param name="OpenFiles">Open descriptors of one process.</param>
/// <param name="LayerBytes">Size of everything that the session changed, in bytes.</param>
/// <param name="Sources">The rule behind each limit that is set, by its key in the policy.</param>
public sealed record Limits(
    long? MemoryBytes,
    int? Processes,
    int? CpuPercent,
    TimeSpan? WallTime,
    int? OpenFiles,
    long? LayerBytes,
    IReadOnlyDictionary<string, RuleSource> Sources)
{
    public static Limits None { get; } =
        new(null, null, null, null, null, null, new Dictionary<string, RuleSource>(StringComparer.Ordinal));
}
