using ShellGuard.Cells.View;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Supervision.Apart;

/// <summary>Which files two cells have in common: those that are reached by a mount of the host's. What is reached by a
/// mount that the cell made has an inode of its own here, also where an overlay shows the host's file.</summary>
internal sealed class OwnMounts
{
    private readonly HashSet<ulong> _shared = [];

    /// <param name="mounts">What process 1 of the cell sees, whose view is complete; no mount is added to it later.</param>
    /// <param name="view">What was mounted.</param>
    public OwnMounts(IEnumerable<MountLine> mounts, ViewPlan view)
    {
        HashSet<string> own = new(StringComparer.Ordinal);
        foreach (ViewEntry entry in view.Entries)
        {
            // A direct path is the host's as well, but the policy handed it over, and the flow graph knows that.
            if (entry is ViewEntry.Private or ViewEntry.Overlay or ViewEntry.WithoutStorage or ViewEntry.Proc
                or ViewEntry.Devpts or ViewEntry.EmptyBase or ViewEntry.HostBind { ReadOnly: false, Device: false })
            {
                own.Add(entry.Target);
            }
        }

        foreach (MountLine mount in mounts)
        {
            if (!own.Contains(mount.Point))
            {
                _shared.Add(mount.Id);
            }
        }
    }

    /// <summary>Whether another cell can have the very same file. Pipes, sockets and files in memory are on no mount of
    /// the view, and no descriptor of theirs crosses a wall.</summary>
    public bool IsShared(Descriptor file) =>
        ObjectPath.Describe(file, out ObjectIdentity identity).Failed || _shared.Contains(identity.MountId);
}
