using System.Security.Cryptography;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>What files of the host were when the session started, for those that the session changes: <c>base</c> in
/// the layer's directory, with a line for each file in <c>base/index</c> and the content of text files under its hash.
/// </summary>
/// <remarks>Only to show a conflict with. So nothing here may hinder a session or a commit: what cannot be kept, for a
/// limit or a full disk, is not kept, and the conflict is then shown without it. Nothing is flushed: content that a
/// crash cut off no longer has its hash and counts as not kept, and so does a line without its end.</remarks>
internal sealed class BaseStore : IDisposable
{
    internal const string DirectoryName = "base";

    internal const uint OwnerFile = 0x180;

    /// <summary>Larger files are not kept, in bytes.</summary>
    internal const long LargestFile = 1 << 20;

    /// <summary>What all files of a layer may take, in bytes.</summary>
    internal const long LargestStore = 32 << 20;

    /// <summary>How many files of a layer are kept.</summary>
    internal const int MostFiles = 1024;

    private const uint OwnerOnly = 0x1C0;

    private readonly Descriptor _storage;
    private BaseIndex _index = new();
    private Descriptor? _directory;
    private long _bytes;

    private BaseStore(Descriptor storage) => _storage = storage;

    internal bool IsFull => _index.Count >= MostFiles || _bytes >= LargestStore;

    /// <param name="storage">The layer's directory; stays the caller's.</param>
    internal static BaseStore Open(Descriptor storage)
    {
        BaseStore store = new(storage);
        if (Files.Open(storage, DirectoryName, LayerDirectory.Listing, LayerDirectory.Beneath, out Descriptor directory).Succeeded)
        {
            store._directory = directory;
            store._index = BaseIndex.Load(directory);
            store._bytes = store._index.TextBytes;
        }

        return store;
    }

    /// <summary>Keeps a file of the host, when it is provably as it was at the session's start: its time of change is
    /// earlier, before it was read and after.</summary>
    /// <returns>Whether it is kept.</returns>
    internal bool Keep(Layer layer, string path)
    {
        bool isKept = _index.Find(path) is not null;
        if (isKept || IsFull || layer.IsHidden(path))
        {
            return isKept;
        }

        LinuxResult result = LayerDirectory.Open(layer.Target, LayerPath.Parent(path), out Descriptor parent);
        using (parent)
        {
            FileStatus status = default;
            result = result.Failed ? result : Files.Status(parent, LayerPath.Name(path), out status);
            if (result.Failed || !status.IsRegular || status.Size > LargestFile || !layer.IsFromBefore(status))
            {
                return false;
            }

            result = LayerContent.OpenHost(parent, LayerPath.Name(path), out Descriptor file);
            using (file)
            {
                byte[] content = new byte[status.Size];
                result = result.Failed ? result : FileContent.ReadFully(file, content, 0);
                bool isWhole = result.Succeeded && result.Value == content.Length;
                return isWhole
                    && Files.Status(file, out FileStatus after).Succeeded
                    && after.IsSameInode(status) && after.Changed == status.Changed && after.Size == status.Size
                    && Keep(path, file, content);
            }
        }
    }

    /// <summary>What a file was when the session started; null when that was not kept.</summary>
    internal FileVersion? Find(string path)
    {
        if (_index.Find(path) is not { } entry)
        {
            return null;
        }

        byte[]? text = null;
        if (entry.IsText && _directory is not null)
        {
            LinuxResult result = Files.Open(
                _directory, entry.Sha256, OpenFlags.RDONLY | OpenFlags.NOFOLLOW, out Descriptor file);
            using (file)
            {
                text = new byte[entry.Size];
                result = result.Failed ? result : FileContent.ReadFully(file, text, 0);
                text = result.Succeeded && Hash(text) == entry.Sha256 ? text : null;
            }
        }

        return new FileVersion(entry.Size, entry.Sha256, text);
    }

    /// <summary>Removes what is not wanted any more.</summary>
    internal void Retain(Predicate<string> isWanted)
    {
        if (_directory is null)
        {
            return;
        }

        foreach (string content in _index.Retain(_directory, isWanted))
        {
            Files.Unlink(_directory, content);
        }

        _bytes = _index.TextBytes;
    }

    public void Dispose() => _directory?.Dispose();

    private bool Keep(string path, Descriptor file, byte[] content)
    {
        BaseIndex.Entry entry = new(Hash(content), content.Length, !UnifiedDiff.IsBinary(content));
        if ((entry.IsText && _bytes + content.Length > LargestStore) || !TryMake(out Descriptor? directory))
        {
            return false;
        }

        LinuxResult result = default;
        if (entry.IsText && Files.Status(directory, entry.Sha256, out _).Error == Errno.ENOENT)
        {
            const string temporary = "content.new";
            result = Copy(file, directory, temporary, content);
            result = result.Failed ? result : Files.Rename(directory, temporary, directory, entry.Sha256, RenameFlags.None);
            if (result.Failed)
            {
                Files.Unlink(directory, temporary);
                return false;
            }

            _bytes += content.Length;
        }

        return _index.Add(directory, path, entry).Succeeded;
    }

    private bool TryMake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Descriptor? directory)
    {
        if (_directory is null)
        {
            LinuxResult result = Files.MakeDirectory(_storage, DirectoryName, OwnerOnly);
            result = result.Error == Errno.EEXIST ? default : result;
            Descriptor made = new();
            result = result.Failed
                ? result
                : Files.Open(_storage, DirectoryName, LayerDirectory.Listing, LayerDirectory.Beneath, out made);
            _directory = result.Succeeded ? made : null;
        }

        directory = _directory;
        return directory is not null;
    }

    /// <summary>By copy_file_range(2), which shares the blocks where both are on one file system that can; else by
    /// writing.</summary>
    private static LinuxResult Copy(Descriptor file, Descriptor directory, string name, byte[] content)
    {
        const OpenFlags flags = OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.TRUNC | OpenFlags.NOFOLLOW;
        LinuxResult result = Files.Open(directory, name, flags, out Descriptor copy, OwnerFile);
        using (copy)
        {
            if (result.Failed)
            {
                return result;
            }

            result = FileContent.CopyRange(file, 0, copy, 0, content.Length);
            return result.Succeeded && result.Value == content.Length ? result : FileContent.Write(copy, content, 0);
        }
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
