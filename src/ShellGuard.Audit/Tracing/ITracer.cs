using ShellGuard.Audit.Import;

namespace ShellGuard.Audit.Tracing;

/// <summary>Runs a command and records what it touches. The command keeps its terminal, its process group, its standard
/// streams and its signals; it is a child of this process like any other.</summary>
public interface ITracer : IDisposable
{
    /// <summary>The command's process; 0 before it exists.</summary>
    int Process { get; }

    /// <summary>Runs the command and everything that it starts to their end. Once.</summary>
    /// <exception cref="TraceException">It could not be started or traced.</exception>
    /// <exception cref="ImportException">The recording could not be written.</exception>
    TraceResult Run();

    /// <summary>Ends the command and everything that it started; what was recorded is kept. Any thread may call it.
    /// </summary>
    void Stop();
}
