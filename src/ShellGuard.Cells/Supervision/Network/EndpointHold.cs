using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>A connection to an endpoint in the making.</summary>
/// <param name="made">Told of the socket before the cell gets it.</param>
/// <param name="over">Told when it was handed over, or will never be.</param>
public sealed class EndpointHold(Action<Descriptor> made, Action over) : IDisposable
{
    /// <summary>The cell is about to get this socket.</summary>
    public void Made(Descriptor socket) => made(socket);

    public void Dispose() => over();
}
