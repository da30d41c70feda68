using ShellGuard.Linux.Abi;

namespace ShellGuard.Cells.View;

/// <summary>One thing that makes up a cell's view of the file system. Entries are applied in order; every target is
/// an absolute path as the cell sees it.</summary>
/// <param name="Target">Where.</param>
/// <param name="Because">Which rule or need it serves, for <c>shellguard plan</c>.</param>
public abstract record ViewEntry(string Target, string Because)
{
    /// <summary>The host as it is, with everything mounted on it, read-only.</summary>
    public sealed record HostBase(string Because) : ViewEntry("/", Because);

    /// <summary>An empty root.</summary>
    public sealed record EmptyBase(string Because) : ViewEntry("/", Because);

    /// <summary>An overlay of a host directory.</summary>
    /// <param name="Lower">The host's directory.</param>
    /// <param name="Mask">A directory laid over it whose white-outs hide and whose files replace, or null.</param>
    /// <param name="Layer">Where changes go, or null when it is read-only.</param>
    public sealed record Overlay(string Target, string Lower, string? Mask, LayerPlan? Layer, string Because)
        : ViewEntry(Target, Because)
    {
        /// <summary>Whether the lower directory is what the view has at the target so far, instead of the host's.</summary>
        public bool OverView { get; init; }

        /// <summary>Directories between the mask and the lower directory, the uppermost first: what other layers
        /// changed.</summary>
        public IReadOnlyList<string> Below { get; init; } = [];
    }

    /// <summary>A read-only overlay of a host directory in which one name is missing: the lower directory of a layer whose
    /// storage lies beneath that very directory, which overlayfs would refuse (overlapping layers).</summary>
    /// <param name="Missing">The name, relative to the target.</param>
    public sealed record WithoutStorage(string Target, string Missing, string Because) : ViewEntry(Target, Because);

    /// <summary>A private directory in memory.</summary>
    /// <param name="Mode">Permissions, for example 1777 octal.</param>
    /// <param name="SizeBytes">Its size limit.</param>
    /// <param name="Flags">NOEXEC where programs must not be run from it.</param>
    public sealed record Private(string Target, uint Mode, long SizeBytes, MountFlags Flags, string Because)
        : ViewEntry(Target, Because);

    /// <summary>Makes everything mounted at the target so far read-only.</summary>
    public sealed record Seal(string Target, string Because) : ViewEntry(Target, Because);

    /// <summary>Makes one part of what is mounted so far read-only, by a mount over itself.</summary>
    public sealed record ReadOnlyInPlace(string Target, string Because) : ViewEntry(Target, Because);

    /// <summary>A host file or directory as it is.</summary>
    public sealed record HostBind(string Source, string Target, bool ReadOnly, bool Device, string Because)
        : ViewEntry(Target, Because);

    /// <summary>A read-only file in place of the host's: one of procfs as it was once, or what tells programs whom to ask for
    /// names.</summary>
    /// <param name="Content">What it says for as long as the cell lives.</param>
    public sealed record Still(string Target, string Content, string Because) : ViewEntry(Target, Because);

    /// <summary>A directory made inside a private one, with its parents.</summary>
    public sealed record MakeDirectory(string Target, uint Mode, string Because) : ViewEntry(Target, Because);

    /// <summary>An empty file made inside a private directory, to mount something on.</summary>
    public sealed record MakeFile(string Target, string Because) : ViewEntry(Target, Because);

    /// <summary>A symbolic link made inside a private directory.</summary>
    public sealed record MakeLink(string Target, string To, string Because) : ViewEntry(Target, Because);

    /// <summary>A proc file system of the cell's own pid namespace, proc(5).</summary>
    public sealed record Proc(string Because) : ViewEntry("/proc", Because);

    /// <summary>A devpts instance of the cell's own, pts(4).</summary>
    public sealed record Devpts(string Because) : ViewEntry("/dev/pts", Because);
}
