using ShellGuard.Cells.Hosting;
using ShellGuard.Cells.Launching;
using ShellGuard.Cells.Limiting;
using ShellGuard.Cells.View;
using ShellGuard.Linux.Launch;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Planning;

/// <summary>A cell before it exists: pure data, what <c>shellguard plan</c> prints and a launch is built from.</summary>
/// <param name="Name">The cell's name in its session.</param>
/// <param name="Identity">Who its processes are.</param>
/// <param name="View">What it sees.</param>
/// <param name="Command">What runs in it; null where its process 1 takes jobs, one after another.</param>
/// <param name="Filter">The system-call filter: <c>struct sock_filter</c>s, 8 bytes each.</param>
/// <param name="TerminalDescriptors">Which of 0, 1 and 2 become the cell's own terminal.</param>
/// <param name="OutputFiles">Which of 1 and 2 are regular files that the user handed over for writing.</param>
/// <param name="FileModeMask">The user's umask(2).</param>
/// <param name="Limits">What it may use.</param>
public sealed record CellPlan(
    string Name,
    CellIdentity Identity,
    ViewPlan View,
    CellCommand? Command,
    byte[] Filter,
    IReadOnlyList<int> TerminalDescriptors,
    IReadOnlyList<int> OutputFiles,
    int FileModeMask,
    Limits Limits)
{
    /// <summary>Which of 0, 1 and 2 become the cell's own /dev/null: through the host's, a cell of root could change
    /// the mode and the owner of the host's node.</summary>
    public IReadOnlyList<int> NullDevices { get; init; } = [];

    /// <summary>What holds each limit on this host.</summary>
    public LimitPlan LimitPlan { get; init; } = LimitPlan.None;

    /// <summary>What it does without.</summary>
    public HostConcessions Concessions { get; init; } = HostConcessions.None;

    /// <summary>Whether a wall separates it from others: then it gets no table of the network in which the kernel counts what
    /// the whole machine does; docs/adr/0022-tables-of-the-network-are-closed.md.</summary>
    public bool Apart { get; init; }

    /// <summary>SHA-256 of the launch that this plan describes, in lower-case hex.</summary>
    public string Digest => LaunchDigest.Of(LaunchBuilder.Build(this, new LaunchDescriptors(0, 0, 0, 0)));
}
