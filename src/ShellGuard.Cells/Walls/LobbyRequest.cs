using System.Runtime.CompilerServices;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cells.Walls;

/// <summary>A command that the lobby's shell wants to run, waiting in its stub for where.</summary>
/// <param name="Call">The stub's call, to be answered.</param>
/// <param name="Process">The stub, in the supervisor's pid namespace.</param>
/// <param name="ProcessGroup">Its job in the lobby's shell.</param>
/// <param name="Name">The name it was called by, without directories.</param>
/// <param name="Arguments">The whole argument vector.</param>
/// <param name="Environment">As the shell gave it.</param>
/// <param name="WorkingDirectory">Absolute, as the lobby sees it.</param>
/// <param name="Files">Standard input, output and error.</param>
/// <param name="Arrived">When, by <see cref="System.Diagnostics.Stopwatch"/>.</param>
internal sealed record LobbyRequest(
    Notification Call,
    int Process,
    int ProcessGroup,
    string Name,
    IReadOnlyList<string> Arguments,
    IReadOnlyList<string> Environment,
    string WorkingDirectory,
    IReadOnlyList<LobbyFile> Files,
    long Arrived) : IDisposable
{
    /// <summary>The supervisor's end of the descriptor that the stub waits on, once it was answered.</summary>
    public Descriptor? Stub { get; set; }

    public LobbyFile Input => Files[0];

    /// <summary>Whether it writes into the pipe that another reads.</summary>
    public bool WritesTo(LobbyRequest other) => other.Input.Kind is LobbyFileKind.Pipe
        && Files.Skip(1).Any(file => file.Kind is LobbyFileKind.Pipe && file.Identity == other.Input.Identity);

    /// <summary>By identity: its stub comes and goes.</summary>
    public bool Equals(LobbyRequest? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    public void Dispose()
    {
        Stub?.Dispose();
        foreach (LobbyFile file in Files)
        {
            file.Dispose();
        }
    }
}
