using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Jobs;

/// <summary>What a stage of a job has as one of its three standard descriptors.</summary>
public abstract record JobFile
{
    private JobFile()
    {
    }

    /// <summary>The cell's terminal.</summary>
    public static JobFile Terminal { get; } = new CellTerminal();

    /// <summary>The cell's own null device: through the host's, a cell of root could change that one's mode.</summary>
    public static JobFile Nothing { get; } = new Path("/dev/null", OpenFlags.RDWR);

    internal sealed record CellTerminal : JobFile;

    /// <summary>A file of the cell's view, opened inside the cell.</summary>
    public sealed record Path(string Name, OpenFlags Flags) : JobFile;

    /// <summary>A descriptor of the supervisor: one end of a pipe that it made.</summary>
    public sealed record Given(Descriptor Descriptor) : JobFile;

    /// <summary>The same as another of the three, which must come before it.</summary>
    public sealed record SameAs(int Number) : JobFile;
}
