using System.Globalization;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>Removes trees of hostile origin by descriptors: follows no link, leaves no mount, opens its own entries
/// that modes keep shut, and is stopped by no depth.</summary>
internal sealed class TreeRemoval
{
    // Deeper directories are first moved up: one descriptor for each level that is open.
    private const int MaximumDepth = 100;
    private const uint OwnerAll = 0x1C0;

    private readonly Descriptor _root;
    private readonly string _rootName;
    private int _moved;
    private bool _again;

    private TreeRemoval(Descriptor root, string rootName)
    {
        _root = root;
        _rootName = rootName;
    }

    /// <summary>Removes what has the name, whatever it is. A name that is not there is a success.</summary>
    internal static LinuxResult Remove(Descriptor parent, string name)
    {
        LinuxResult result = Files.Unlink(parent, name);
        if (result.Succeeded || result.Error == Errno.ENOENT)
        {
            return default;
        }

        if (result.Error is not (Errno.EISDIR or Errno.EPERM))
        {
            return result;
        }

        TreeRemoval removal = new(parent, name);
        result = removal.Empty(parent, name, null, 0);
        return result.Failed ? result : Files.RemoveDirectory(parent, name);
    }

    private LinuxResult Empty(Descriptor parent, string name, Descriptor? top, int depth)
    {
        LinuxResult result = OpenWidened(parent, name, out Descriptor directory);
        using (directory)
        {
            if (result.Failed)
            {
                return result;
            }

            do
            {
                _again = top is not null && _again;
                bool isTop = top is null;
                result = DirectoryEntries.List(directory, out List<string> names);
                foreach (string child in names)
                {
                    result = result.Failed ? result : RemoveChild(directory, child, top ?? directory, depth);
                }

                if (!isTop)
                {
                    break;
                }
            }
            while (result.Succeeded && _again);

            return result;
        }
    }

    private LinuxResult RemoveChild(Descriptor directory, string name, Descriptor top, int depth)
    {
        LinuxResult result = Files.Unlink(directory, name);
        if (result.Succeeded || result.Error is not (Errno.EISDIR or Errno.EPERM))
        {
            return result;
        }

        if (depth < MaximumDepth)
        {
            result = Empty(directory, name, top, depth + 1);
            return result.Failed ? result : Files.RemoveDirectory(directory, name);
        }

        // Its own mode must allow the move: a directory's entry for its parent changes, rename(2).
        result = OpenWidened(directory, name, out Descriptor child);
        child.Dispose();
        while (result.Succeeded)
        {
            _moved++;
            string flat = string.Create(CultureInfo.InvariantCulture, $".shellguard-removed-{_moved}");
            result = Files.Rename(directory, name, top, flat, RenameFlags.NOREPLACE);
            if (result.Error != Errno.EEXIST)
            {
                _again = true;
                return result;
            }

            result = default;
        }

        return result;
    }

    private LinuxResult OpenWidened(Descriptor parent, string name, out Descriptor directory)
    {
        LinuxResult result = Files.Open(
            parent, name, LayerDirectory.Handle | OpenFlags.DIRECTORY, LayerDirectory.Beneath, out Descriptor handle);
        using (handle)
        {
            FileStatus status = default;
            result = result.Failed ? result : Files.Status(handle, out status);
            if (result.Succeeded && (status.Mode & OwnerAll) != OwnerAll && status.Owner == FileMetadata.EffectiveUser)
            {
                result = FileMetadata.SetMode(handle, status.Mode | OwnerAll);
            }
        }

        if (result.Failed)
        {
            directory = new Descriptor();
            return result with { Subject = ReferenceEquals(parent, _root) ? _rootName : name };
        }

        return Files.Open(parent, name, LayerDirectory.Listing, LayerDirectory.Beneath, out directory);
    }
}
