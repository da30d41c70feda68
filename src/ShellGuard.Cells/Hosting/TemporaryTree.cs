using ShellGuard.Cells.Layers;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Hosting;

/// <summary>Directories that are made for a moment, with what overlayfs leaves in them.</summary>
internal static class TemporaryTree
{
    /// <summary>Removes a directory with everything in it. What cannot be removed stays; it is private to its owner.
    /// </summary>
    public static LinuxResult Remove(string path)
    {
        LinuxResult opened = Files.Open(
            Path.GetDirectoryName(path)!, OpenFlags.PATH | OpenFlags.DIRECTORY, out Descriptor parent);
        using (parent)
        {
            return opened.Failed ? opened : TreeRemoval.Remove(parent, Path.GetFileName(path));
        }
    }
}
