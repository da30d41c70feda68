using System.Diagnostics.CodeAnalysis;
using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>Records, before a session's first process runs, what later tells the session's changes from the planner's
/// and from the host's: <c>layer.json</c>.</summary>
public static class BaselineRecorder
{
    /// <summary>Everything that <c>upper</c> holds now counts as planted.</summary>
    /// <param name="layerDirectory">The layer's directory, with <c>upper</c> in it.</param>
    /// <param name="target">The host's directory, absolute.</param>
    /// <param name="hidden">Paths in it at and beneath which nothing is ever committed, see <see cref="LayerPath"/>.
    /// </param>
    /// <param name="problem">One line that says why not.</param>
    public static bool TryRecord(
        string layerDirectory,
        string target,
        IEnumerable<string> hidden,
        [NotNullWhen(false)] out string? problem)
    {
        LinuxResult result = Files.Open(layerDirectory, LayerDirectory.Listing, out Descriptor storage);
        using (storage)
        {
            LinuxResult opened = Files.Open(
                target, OpenFlags.RDONLY | OpenFlags.DIRECTORY, out Descriptor directory);
            if (opened.Error == Errno.EACCES)
            {
                opened = Files.Open(target, OpenFlags.PATH | OpenFlags.DIRECTORY, out directory);
            }

            using (directory)
            {
                result = result.Failed ? result : opened;
                FileStatus status = default;
                TimeSpec start = default;
                result = result.Failed ? result : Files.Status(directory, out status);
                result = result.Failed ? result : SessionClock.Now(directory, storage, out start);
                List<PlantedEntry> planted = [];
                result = result.Failed ? result : Planted(storage, Layer.UpperName, "", planted);
                if (result.Succeeded)
                {
                    LayerMetadata metadata = new()
                    {
                        Target = target,
                        TargetDevice = status.Device,
                        TargetInode = status.Inode,
                        Start = start,
                        BootId = SessionClock.BootId(),
                        ClockOffset = SessionClock.Offset(),
                        Planted = planted,
                        Hidden = [.. hidden.Order(StringComparer.Ordinal)],
                    };
                    result = Write(storage, metadata.ToJson());
                }
            }
        }

        problem = result.Failed ? $"cannot record the layer's start: {SafeText.Escape(result.ToString())}" : null;
        return result.Succeeded;
    }

    private static LinuxResult Planted(Descriptor parent, string name, string path, List<PlantedEntry> planted)
    {
        LinuxResult result = Files.Status(parent, name, out FileStatus status);
        if (result.Failed)
        {
            return result;
        }

        planted.Add(new PlantedEntry(path, status.Type, status.Mode, status.Owner, status.Group));
        if (!status.IsDirectory)
        {
            return result;
        }

        result = Files.Open(parent, name, LayerDirectory.Listing, LayerDirectory.Beneath, out Descriptor directory);
        using (directory)
        {
            List<string> names = [];
            result = result.Failed ? result : DirectoryEntries.List(directory, out names);
            foreach (string child in names)
            {
                result = result.Failed
                    ? result
                    : Planted(directory, child, LayerPath.Join(path, child), planted);
            }

            return result;
        }
    }

    private static LinuxResult Write(Descriptor storage, byte[] json)
    {
        const string temporary = Layer.MetadataName + ".new";
        LinuxResult result = Files.Open(
            storage,
            temporary,
            OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.TRUNC | OpenFlags.NOFOLLOW,
            out Descriptor file,
            mode: 0x180);
        using (file)
        {
            // Not forced to the disk, as nothing is that the session writes into the layer: what of both a power cut
            // leaves is a layer, or one whose record is damaged and that can only be discarded.
            result = result.Failed ? result : FileContent.Write(file, json, 0);
        }

        return result.Failed
            ? result
            : Files.Rename(storage, temporary, storage, Layer.MetadataName, RenameFlags.None);
    }
}
