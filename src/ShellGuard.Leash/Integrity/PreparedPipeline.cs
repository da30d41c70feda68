using ShellGuard.Leash.Configuration;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Integrity;

/// <summary>A pipeline whose files are all open and checked.</summary>
/// <param name="Entry">As configured.</param>
/// <param name="Directory">Where it runs.</param>
/// <param name="Stages">In their order.</param>
public sealed record PreparedPipeline(LeashEntry Entry, Descriptor Directory, IReadOnlyList<PreparedStage> Stages)
    : IDisposable
{
    /// <summary>What makes a cell around it; null where it runs without one.</summary>
    public CellWrapper? Cell { get; init; }

    /// <summary>Who its processes become; null for the leash's own user.</summary>
    public RunAs? User { get; init; }

    public void Dispose()
    {
        Cell?.Dispose();
        Directory.Dispose();
        foreach (PreparedStage stage in Stages)
        {
            stage.Dispose();
        }
    }
}
