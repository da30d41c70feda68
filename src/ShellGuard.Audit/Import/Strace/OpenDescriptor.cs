namespace ShellGuard.Audit.Import.Strace;

/// <summary>What a descriptor is open on, as far as the log tells.</summary>
/// <param name="Path">The path in the pool; 0 where it has none or it is not known.</param>
/// <param name="Socket">What kind of socket it is.</param>
/// <param name="Address">The address that a socket is bound to, in the pool; 0 for none.</param>
/// <param name="IsUnresolved">The path is relative to something unknown.</param>
/// <param name="IsMemory">It is no path but the name of a file in memory.</param>
/// <param name="Opened">The name that it was opened by, in the pool, where links led from there to <paramref name="Path"/>; else 0.</param>
internal sealed record OpenDescriptor(
    int Path, SocketKind Socket = SocketKind.None, int Address = 0, bool IsUnresolved = false, bool IsMemory = false, int Opened = 0)
{
    /// <summary>A pipe, an event counter and the like: it has no name, and that is no gap.</summary>
    public static readonly OpenDescriptor Nameless = new(0);
}
