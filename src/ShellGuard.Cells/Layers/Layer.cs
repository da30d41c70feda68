using System.Diagnostics.CodeAnalysis;
using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>An opened layer: its storage, the host's directory beneath it, and what was recorded when the session
/// started. Not for use by several threads.</summary>
public sealed class Layer : IDisposable
{
    internal const string UpperName = "upper";
    internal const string WorkName = "work";
    internal const string MetadataName = "layer.json";

    private readonly Dictionary<string, PlantedEntry> _planted;
    private readonly TimeSpec _threshold;
    private BaseStore? _bases;

    private Layer(
        Descriptor storage, Descriptor upper, Descriptor target, CommitLog log, LayerMetadata metadata)
    {
        Storage = storage;
        Upper = upper;
        Target = target;
        Log = log;
        Metadata = metadata;
        _planted = metadata.Planted.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        _threshold = SessionClock.Threshold(metadata);
    }

    public LayerMetadata Metadata { get; }

    internal Descriptor Storage { get; }

    internal Descriptor Upper { get; }

    internal Descriptor Target { get; }

    internal CommitLog Log { get; }

    /// <summary>What the host's files were when the session started.</summary>
    internal BaseStore Bases => _bases ??= BaseStore.Open(Storage);

    /// <summary>Opens a layer's directory (the one with <c>upper</c> and <c>layer.json</c>).</summary>
    /// <param name="problem">One line that says why not.</param>
    public static bool TryOpen(
        string directory, [NotNullWhen(true)] out Layer? layer, [NotNullWhen(false)] out string? problem)
    {
        layer = null;
        problem = null;
        Descriptor? upper = null;
        Descriptor? target = null;
        CommitLog? log = null;
        LinuxResult result = Files.Open(directory, LayerDirectory.Listing, out Descriptor storage);
        try
        {
            if (result.Failed)
            {
                problem = $"cannot open the layer: {SafeText.Escape(result.ToString())}";
                return false;
            }

            if (ReadMetadata(storage, out problem) is not { } metadata)
            {
                return false;
            }

            result = OpenUpper(storage, out upper);
            if (result.Failed)
            {
                problem = $"cannot open the layer's files: {result}";
                return false;
            }

            result = Files.Open(metadata.Target, OpenFlags.RDONLY | OpenFlags.DIRECTORY, out target);
            if (result.Error == Errno.EACCES)
            {
                result = Files.Open(metadata.Target, OpenFlags.PATH | OpenFlags.DIRECTORY, out target);
            }

            FileStatus found = default;
            result = result.Failed ? result : Files.Status(target, out found);
            if (result.Failed)
            {
                problem = $"cannot open the directory that the layer changes: {SafeText.Escape(result.ToString())}";
                return false;
            }

            if (found.Inode != metadata.TargetInode || found.Device != metadata.TargetDevice)
            {
                problem = $"{SafeText.Escape(metadata.Target)} is another directory than the one that the session saw";
                return false;
            }

            result = CommitLog.Open(storage, out log);
            if (result.Failed || log is null)
            {
                problem = $"cannot open the layer's commit log: {result}";
                return false;
            }

            Layer opened = new(storage, upper, target, log, metadata);
            problem = ModeLoan.ReturnAll(opened);
            if (problem is not null)
            {
                return false;
            }

            layer = opened;
            return true;
        }
        finally
        {
            if (layer is null)
            {
                storage.Dispose();
                upper?.Dispose();
                target?.Dispose();
                log?.Dispose();
            }
        }
    }

    /// <summary>flock(2) on the layer's directory, for commit and discard; waits a moment, see
    /// <see cref="LockPatience"/>. Given back when the layer is closed.</summary>
    /// <returns>False when somebody else has it.</returns>
    public bool TryLock() => LockPatience.Take(Storage).Succeeded;

    /// <summary>Whether the path is, or lies beneath, one that the policy hides.</summary>
    public bool IsHidden(string path)
    {
        foreach (string hidden in Metadata.Hidden)
        {
            if (LayerPath.IsAtOrBeneath(path, hidden))
            {
                return true;
            }
        }

        return false;
    }

    internal PlantedEntry? Planted(string path) => _planted.GetValueOrDefault(path);

    /// <summary>Whether the host changed an inode since the session started, other than by a commit of this layer.
    /// The time of change cannot be set back, and a session that read a file early and wrote it late did not see the
    /// change in between; so the session's start decides, not the moment of the copy.</summary>
    internal bool IsChangedByHost(in FileStatus host) => host.Changed >= _threshold && !Log.IsOurs(host);

    /// <summary>Whether an inode of the host is provably as it was when the session started.</summary>
    internal bool IsFromBefore(in FileStatus host) => host.Changed < _threshold;

    public void Dispose()
    {
        _bases?.Dispose();
        Storage.Dispose();
        Upper.Dispose();
        Target.Dispose();
        Log.Dispose();
    }

    private static LinuxResult OpenUpper(Descriptor storage, out Descriptor upper)
    {
        LinuxResult result = Files.Open(storage, UpperName, LayerDirectory.Listing, LayerDirectory.Beneath, out upper);
        if (result.Error != Errno.EACCES)
        {
            return result;
        }

        // The session took its own directory's mode away. It is widened for good: nothing could be read otherwise, and
        // the difference is reported all the same.
        result = Files.Open(
            storage, UpperName, LayerDirectory.Handle, LayerDirectory.Beneath, out Descriptor handle);
        using (handle)
        {
            FileStatus status = default;
            result = result.Failed ? result : Files.Status(handle, out status);
            result = result.Failed ? result : FileMetadata.SetMode(handle, status.Mode | 0x1C0);
        }

        return result.Failed
            ? result
            : Files.Open(storage, UpperName, LayerDirectory.Listing, LayerDirectory.Beneath, out upper);
    }

    private static LayerMetadata? ReadMetadata(Descriptor storage, out string problem)
    {
        LinuxResult result = Files.Open(
            storage, MetadataName, OpenFlags.RDONLY | OpenFlags.NOFOLLOW, out Descriptor file);
        using (file)
        {
            FileStatus status = default;
            result = result.Failed ? result : Files.Status(file, out status);
            byte[] bytes = new byte[status.Size];
            result = result.Failed ? result : FileContent.ReadFully(file, bytes, 0);
            problem = result.Failed
                ? $"cannot read the layer's record: {result}"
                : $"the layer's record {MetadataName} is damaged; the layer can only be discarded";
            return result.Failed ? null : LayerMetadata.FromJson(bytes);
        }
    }
}
