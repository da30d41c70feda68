using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cells.Launching;

/// <summary>What a launch hands to the supervisor. The receiver owns them.</summary>
/// <param name="Listener">The trapped system calls.</param>
/// <param name="ResolverUdp">Bound to the resolver's address inside the cell.</param>
/// <param name="ResolverTcp">Listening there.</param>
/// <param name="Terminal">The master of the cell's own terminal, or null when it has none.</param>
/// <param name="Stops">Each byte is the number of a signal that stopped the command at its terminal.</param>
public sealed record CellDescriptors(
    NotifyFd Listener, Descriptor ResolverUdp, Descriptor ResolverTcp, Descriptor? Terminal, Descriptor Stops);
