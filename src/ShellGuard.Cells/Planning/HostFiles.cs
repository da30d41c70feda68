using System.Collections.Concurrent;
using System.Text;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Planning;

/// <summary>The files of the host that this process runs on, each looked at once: a plan is made of one moment. Most
/// rules name what does not exist, so a path is looked at from the top, and nothing beneath a missing directory is.
/// Not for use by several threads.</summary>
public sealed class HostFiles : IHostFiles
{
    // The paths are absolute, so the kernel never looks at the directory, openat(2).
    private static readonly Descriptor Nowhere = new();

    /// <summary>For all cells of a session: one that starts later must not learn what others did before.</summary>
    private static readonly ConcurrentDictionary<string, string?> First = new(StringComparer.Ordinal);

    private readonly Lazy<IReadOnlyList<string>> _mountPoints = new(() => [.. MountLine.Of("self").Select(mount => mount.Point)]);
    private readonly Dictionary<string, Probed> _probed = new(StringComparer.Ordinal)
    {
        ["/"] = new Probed(HostFileKind.Directory, "/"),
    };

    public IReadOnlyList<string> MountPoints => _mountPoints.Value;

    /// <inheritdoc/>
    public HostFileKind KindOf(string path) => Probe(path).Kind;

    /// <inheritdoc/>
    public string? RealPath(string path) => Probe(path).RealPath;

    /// <inheritdoc/>
    public uint NamesOf(string path) =>
        Files.Status(Nowhere, path, out FileStatus status).Succeeded && status.IsRegular ? status.Links : 0;

    /// <inheritdoc/>
    public int NamesAmong(string path, IEnumerable<string> paths)
    {
        HashSet<(ulong Device, ulong Directory, string Name)> names = [];
        if (Files.Status(Nowhere, path, out FileStatus file).Succeeded)
        {
            foreach (string other in paths)
            {
                if (Files.Status(Nowhere, other, out FileStatus same).Succeeded && same.IsSameInode(file)
                    && Files.Status(Nowhere, RealPath(Paths.Parent(other)) ?? "", out FileStatus directory).Succeeded)
                {
                    names.Add((directory.Device, directory.Inode, other[(other.LastIndexOf('/') + 1)..]));
                }
            }
        }

        return names.Count;
    }

    public bool IsExecutable(string path) => KindOf(RealPath(path) ?? path) == HostFileKind.File && Files.MayExecute(path);

    /// <inheritdoc/>
    public string? Once(string path) => First.GetOrAdd(path, static file =>
    {
        byte[] buffer = new byte[1 << 20];
        LinuxResult read = ProcFile.Read(file, buffer);
        return read.Failed ? null : Encoding.UTF8.GetString(buffer, 0, (int)read.Value);
    });

    public IReadOnlyList<string> List(string directory)
    {
        LinuxResult opened = Files.Open(
            directory, OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.CLOEXEC, out Descriptor file);
        if (opened.Failed)
        {
            return [];
        }

        using (file)
        {
            return DirectoryEntries.List(file, out List<string> names).Succeeded ? names : [];
        }
    }

    private Probed Probe(string path)
    {
        if (!_probed.TryGetValue(path, out Probed? known))
        {
            _probed[path] = known = Look(path);
        }

        return known;
    }

    private Probed Look(string path)
    {
        string? parent = Probe(Paths.Parent(path)).RealPath;
        string name = path[(path.LastIndexOf('/') + 1)..];
        if (parent is null || Files.Status(Nowhere, Paths.Join(parent, name), out FileStatus status).Failed)
        {
            return Probed.Missing;
        }

        HostFileKind kind = status.Type switch
        {
            FileType.DIR => HostFileKind.Directory,
            FileType.REG => HostFileKind.File,
            FileType.LNK => HostFileKind.SymbolicLink,
            _ => HostFileKind.Special,
        };
        return new Probed(kind, kind == HostFileKind.SymbolicLink ? Follow(path) : Paths.Join(parent, name));
    }

    private static string? Follow(string path)
    {
        LinuxResult opened = Files.Open(path, OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor file);
        using (file)
        {
            return opened.Succeeded
                && Files.ReadLink(file, FileMetadata.ProcPath(file), out string target).Succeeded
                && target.StartsWith('/')
                ? target
                : null;
        }
    }

    /// <summary>What was found at a path.</summary>
    private sealed record Probed(HostFileKind Kind, string? RealPath)
    {
        public static Probed Missing { get; } = new(HostFileKind.Missing, null);
    }
}
