using System.Net;
using ShellGuard.Core;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Decides what a cell whose label grows gets together with an endpoint that its rules grant. Called on several
/// threads; may wait.</summary>
public interface IEndpoints
{
    /// <summary>Takes an endpoint before there is a connection to it.</summary>
    /// <param name="name">The host's name; null where the program gave an address.</param>
    /// <param name="hold">Counts as a connection until it is disposed of; null on a refusal.</param>
    /// <returns>A refusal, or null.</returns>
    Verdict? Take(string? name, IPAddress address, int port, out EndpointHold? hold);
}
