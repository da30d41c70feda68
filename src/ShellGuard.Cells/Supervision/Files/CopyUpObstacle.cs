using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.View;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Supervision.Files;

/// <summary>Something of the host that overlayfs cannot copy into the layer: its owner or group has no number in the
/// cell's user namespace, where an ordinary user has one of each. overlayfs then says EOVERFLOW (since Linux 6.2).
/// </summary>
/// <param name="Path">What stands in the way: the file, or a directory on the way to it.</param>
/// <param name="Status">Its owner and group on the host.</param>
internal readonly record struct CopyUpObstacle(string Path, FileStatus Status)
{
    /// <summary>Looks for one.</summary>
    /// <param name="layer">The copy-on-write directory that the path is in.</param>
    /// <param name="path">Absolute, without links.</param>
    /// <param name="isCopied">Whether the file itself is copied where it exists, or its directories only.</param>
    public static CopyUpObstacle? Find(CellIdentity identity, LayerPlan layer, string path, bool isCopied)
    {
        if (identity.KeepsRoot)
        {
            return null;
        }

        for (bool isLooked = isCopied; Paths.IsBeneath(path, layer.Target); path = Paths.Parent(path), isLooked = true)
        {
            if (!isLooked)
            {
                continue;
            }

            // What is in the layer was copied already, with all directories on the way to it.
            string upper = $"{layer.Upper}/{Paths.Below(path, layer.Target)}";
            if (Linux.Calls.Files.Status(SessionPath.Root, upper, out _).Succeeded)
            {
                return null;
            }

            if (Linux.Calls.Files.Status(SessionPath.Root, path, out FileStatus status).Succeeded
                && (status.Owner != identity.Uid || status.Group != identity.Gid))
            {
                return new CopyUpObstacle(path, status);
            }
        }

        return null;
    }
}
