using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>Making new inodes as the layer has them.</summary>
public sealed partial class LayerCommit
{
    private const int ChunkSize = 1 << 20;

    /// <summary>Makes the temporary name a finished file: content, owner, mode, attributes, times, flushed.</summary>
    private LinuxResult MakeTemporary(Change change, Descriptor upper, Descriptor parent, out string? refusal)
    {
        refusal = null;
        FileStatus mine = change.Mine!.Value;
        Step($"make {change.Path}");
        if (change.HardLinkTo is { } leader && TryLink(leader, parent))
        {
            return default;
        }

        switch (mine.Type)
        {
            case FileType.REG:
                return MakeRegular(change, upper, parent, out refusal);
            case FileType.LNK:
                LinuxResult result = Files.MakeSymbolicLink(parent, _temporary, change.Target!);
                return result.Failed ? result : SetNamed(mine, parent, out refusal);
            case FileType.IFO:
                result = Files.MakeFifo(parent, _temporary, 0x180);
                return result.Failed ? result : SetNamed(mine, parent, out refusal);
            default:
                refusal = "only files, directories, links and FIFOs are committed";
                return new LinuxResult(-1, Errno.EINVAL, SystemCall.mknodat, change.Path);
        }
    }

    /// <summary>Another name for a file that this commit put in place, or that is equal on the host.</summary>
    private bool TryLink(string leader, Descriptor parent)
    {
        LinuxResult result = LayerDirectory.Open(_layer.Target, LayerPath.Parent(leader), out Descriptor directory);
        using (directory)
        {
            FileStatus there = default;
            result = result.Failed ? result : Files.Status(directory, LayerPath.Name(leader), out there);
            bool isExpected = result.Succeeded
                && there.IsRegular
                && (_published.TryGetValue(leader, out FileStatus published)
                    ? published.IsSameInode(there)
                    : IsUnchangedLeader(leader, there));
            if (!isExpected || _layer.Log.Touch(there).Failed)
            {
                return false;
            }

            result = Files.Link(directory, LayerPath.Name(leader), parent, _temporary);
            if (result.Failed)
            {
                return false;
            }

            // Between the look and the link the name may have been given to another file.
            if (Files.Status(parent, _temporary, out FileStatus linked).Succeeded && linked.IsSameInode(there))
            {
                return true;
            }

            Files.Unlink(parent, _temporary);
            return false;
        }
    }

    /// <summary>The first name has no change of its own: the host's file is the layer's, byte for byte.</summary>
    private bool IsUnchangedLeader(string leader, in FileStatus there)
    {
        LinuxResult result = LayerDirectory.Open(_layer.Upper, LayerPath.Parent(leader), out Descriptor upper);
        using (upper)
        {
            FileStatus mine = default;
            result = result.Failed ? result : Files.Status(upper, LayerPath.Name(leader), out mine);
            if (result.Failed
                || mine.Size != there.Size
                || CommittedMode(mine) != there.Mode
                || mine.Owner != there.Owner)
            {
                return false;
            }

            result = LayerDirectory.Open(_layer.Target, LayerPath.Parent(leader), out Descriptor host);
            using (host)
            {
                const OpenFlags flags = OpenFlags.RDONLY | OpenFlags.NOFOLLOW | OpenFlags.NONBLOCK;
                Descriptor left = new();
                Descriptor right = new();
                result = result.Failed ? result : ModeLoan.OpenFile(_layer, upper, leader, out left);
                result = result.Failed
                    ? result
                    : Files.Open(host, LayerPath.Name(leader), flags, LayerDirectory.Beneath, out right);
                using (left)
                using (right)
                {
                    return result.Succeeded
                        && new ContentComparison().Compare(left, right, mine.Size, out bool equal).Succeeded
                        && equal;
                }
            }
        }
    }

    private LinuxResult MakeRegular(Change change, Descriptor upper, Descriptor parent, out string? refusal)
    {
        refusal = null;
        LinuxResult result = ModeLoan.OpenFile(_layer, upper, change.Path, out Descriptor source);
        using (source)
        {
            if (result.Failed)
            {
                refusal = $"cannot be read in the layer: {LayerDirectory.Explain(result)}";
                return result;
            }

            result = Files.Open(
                parent,
                _temporary,
                OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.NOFOLLOW,
                out Descriptor file,
                mode: 0x180);
            using (file)
            {
                FileStatus mine = default;
                result = result.Failed ? result : Files.Status(source, out mine);
                Step($"fill {change.Path}");
                result = result.Failed ? result : CopyContent(source, file, mine.Size);
                Step($"finish {change.Path}");
                List<KeyValuePair<string, byte[]>> attributes = [];
                result = result.Failed
                    ? result
                    : ModeLoan.ReadAttributes(_layer, upper, change.Path, out attributes);
                result = result.Failed
                    ? result
                    : SetOpen(file, mine, CommittedMode(mine), attributes, out refusal);
                result = result.Failed ? result : FileMetadata.SetTimes(file, mine.Accessed, mine.Modified);
                return result.Failed ? result : FileContent.Flush(file);
            }
        }
    }

    /// <summary>Copies extents of data and leaves holes as holes.</summary>
    private static LinuxResult CopyContent(Descriptor source, Descriptor file, long size)
    {
        LinuxResult result = FileContent.SetLength(file, size);
        long offset = 0;
        while (result.Succeeded && offset < size)
        {
            LinuxResult data = FileContent.Seek(source, offset, SeekFrom.DATA);
            if (data.Error == Errno.ENXIO)
            {
                break;
            }

            long start = data.Failed ? offset : data.Value;
            LinuxResult hole = data.Failed ? data : FileContent.Seek(source, start, SeekFrom.HOLE);
            long end = hole.Failed ? size : Math.Min(hole.Value, size);
            result = CopyExtent(source, file, start, end);
            offset = end;
        }

        return result;
    }

    private static LinuxResult CopyExtent(Descriptor source, Descriptor file, long offset, long end)
    {
        byte[]? buffer = null;
        while (offset < end)
        {
            LinuxResult copied;
            if (buffer is null)
            {
                copied = FileContent.CopyRange(source, offset, file, offset, Math.Min(end - offset, 1L << 30));
                // Not between these two file systems, copy_file_range(2): by hand.
                if (copied.Error is Errno.EXDEV or Errno.EINVAL or Errno.EOPNOTSUPP or Errno.ENOSYS)
                {
                    buffer = new byte[ChunkSize];
                    continue;
                }
            }
            else
            {
                Span<byte> chunk = buffer.AsSpan(0, (int)Math.Min(end - offset, ChunkSize));
                copied = FileContent.Read(source, chunk, offset);
                LinuxResult written = copied.Failed
                    ? copied
                    : FileContent.Write(file, chunk[..(int)copied.Value], offset);
                copied = written.Failed ? written : copied;
            }

            if (copied.Failed)
            {
                return copied;
            }

            if (copied.Value == 0)
            {
                break;
            }

            offset += copied.Value;
        }

        return default;
    }

    /// <summary>Owner first, because chown(2) clears set-id bits and the mode must never be wider for the wrong owner;
    /// then user attributes, while the owner may write; then the mode; then access control lists.</summary>
    /// <param name="attributes">Null to leave them as they are.</param>
    private static LinuxResult SetOpen(
        Descriptor file,
        in FileStatus mine,
        uint mode,
        List<KeyValuePair<string, byte[]>>? attributes,
        out string? refusal)
    {
        const uint ownerReadWrite = 0x180;
        LinuxResult result = SetOwner(file, mine, out refusal);
        if (attributes is not null)
        {
            result = result.Failed ? result : FileMetadata.SetMode(file, mode | ownerReadWrite);
            result = result.Failed ? result : PortableAttributes.WriteUser(file, attributes);
        }

        result = result.Failed ? result : FileMetadata.SetMode(file, mode);
        return result.Failed || attributes is null ? result : PortableAttributes.WriteAccessLists(file, attributes);
    }

    private static LinuxResult SetOwner(Descriptor file, in FileStatus mine, out string? refusal)
    {
        refusal = null;
        LinuxResult result = Files.Status(file, out FileStatus now);
        if (result.Failed || (now.Owner == mine.Owner && now.Group == mine.Group))
        {
            return result;
        }

        result = FileMetadata.SetOwner(file, mine.Owner, mine.Group);
        refusal = result.Failed ? $"its owner {mine.Owner}:{mine.Group} cannot be kept; commit as root" : null;
        return result;
    }

    /// <summary>For what is made complete by one call: symbolic links and FIFOs.</summary>
    private LinuxResult SetNamed(in FileStatus mine, Descriptor parent, out string? refusal)
    {
        refusal = null;
        LinuxResult result = Files.Open(
            parent, _temporary, LayerDirectory.Handle, LayerDirectory.Beneath, out Descriptor file);
        using (file)
        {
            result = result.Failed ? result : SetOwner(file, mine, out refusal);
            if (result.Succeeded && !mine.IsSymbolicLink)
            {
                result = FileMetadata.SetMode(file, CommittedMode(mine));
            }
        }

        return result.Failed ? result : FileMetadata.SetTimes(parent, _temporary, mine.Accessed, mine.Modified);
    }

    /// <summary>Only attributes differ and the host's file has no other name: its inode stays.</summary>
    private string? SetInPlace(Change change, Descriptor upper, Descriptor parent, in FileStatus host)
    {
        string name = LayerPath.Name(change.Path);
        string? refusal = null;
        LinuxResult result = Files.Open(
            parent, name, LayerDirectory.Handle, LayerDirectory.Beneath, out Descriptor file);
        List<KeyValuePair<string, byte[]>>? attributes = null;
        if (change.Aspects.HasFlag(ChangeAspects.Attributes))
        {
            result = result.Failed ? result : ModeLoan.ReadAttributes(_layer, upper, change.Path, out attributes);
        }

        using (file)
        {
            FileStatus opened = default;
            result = result.Failed ? result : Files.Status(file, out opened);
            if (result.Succeeded && !opened.IsSameInode(host))
            {
                return Overtaken;
            }

            result = result.Failed ? result : _layer.Log.Touch(host);
            Step($"set attributes of {change.Path}");
            FileStatus mine = change.Mine!.Value;
            result = result.Failed ? result : SetOpen(file, mine, CommittedMode(mine), attributes, out refusal);
        }

        return result.Failed ? refusal ?? LayerDirectory.Explain(result) : null;
    }

    private LinuxResult Finish(DirectoryEnd end)
    {
        LinuxResult result = LayerDirectory.Open(_layer.Target, end.Path, out Descriptor directory);
        FileStatus host = default;
        using (directory)
        {
            result = result.Failed ? result : Files.Status(directory, out host);
            // The set-group bit of a directory hands its group down and is the host's to decide.
            const uint inherited = ModeBits.UID | ModeBits.GID;
            uint mode = (end.Mode & ~inherited) | (host.Mode & inherited);
            result = result.Failed ? result : _layer.Log.Touch(host with { Mode = mode });
            Step($"finish directory {end.Path}");
            if (end.Change?.Mine is not { } mine)
            {
                return result.Failed || host.Mode == mode ? result : FileMetadata.SetMode(directory, mode);
            }

            List<KeyValuePair<string, byte[]>>? attributes = null;
            if (end.Path.Length > 0
                && (end.Change.Kind != ChangeKind.Modified || end.Change.Aspects.HasFlag(ChangeAspects.Attributes)))
            {
                LinuxResult own = LayerDirectory.Open(
                    _layer.Upper, LayerPath.Parent(end.Path), out Descriptor upper);
                using (upper)
                {
                    result = result.Failed ? result : own;
                    result = result.Failed
                        ? result
                        : ModeLoan.ReadAttributes(_layer, upper, end.Path, out attributes);
                }
            }

            if (attributes is not null)
            {
                result = result.Failed ? result : _layer.Log.Touch(host with { Mode = mode | 0x180 });
            }

            result = result.Failed ? result : SetOpen(directory, mine, mode, attributes, out _);
            return result.Failed || end.Change.Kind == ChangeKind.Modified
                ? result
                : FileMetadata.SetTimes(directory, mine.Accessed, mine.Modified);
        }
    }
}
