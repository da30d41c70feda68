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

    private readonly Lazy<IReadOnlyList<string>> _mountPoints = new(ReadMountPoints);
    private readonly Dictionary<string, Probed> _probed = new(StringComparer.Ordinal)
    {
        ["/"] = new Probed(HostFileKind.Directory, "/"),
    };

    public IReadOnlyList<string> MountPoints => _mountPoints.Value;

    /// <inheritdoc/>
    public HostFileKind KindOf(string path) => Probe(path).Kind;

    /// <inheritdoc/>
    public string? RealPath(string path) => Probe(path).RealPath;

    public bool IsExecutable(string path) => KindOf(RealPath(path) ?? path) == HostFileKind.File && Files.MayExecute(path);

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

    /// <summary>The fifth field of each line; blanks and backslashes are octal escapes, proc(5).</summary>
    internal static List<string> ReadMountPoints()
    {
        List<string> points = [];
        foreach (string line in System.IO.File.ReadLines("/proc/self/mountinfo"))
        {
            string[] fields = line.Split(' ');
            if (fields.Length > 4)
            {
                points.Add(Unescape(fields[4]));
            }
        }

        return points;
    }

    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
        {
            return field;
        }

        return field.Replace("\\040", " ", StringComparison.Ordinal)
            .Replace("\\011", "\t", StringComparison.Ordinal)
            .Replace("\\012", "\n", StringComparison.Ordinal)
            .Replace("\\134", "\\", StringComparison.Ordinal);
    }

    /// <summary>What was found at a path.</summary>
    private sealed record Probed(HostFileKind Kind, string? RealPath)
    {
        public static Probed Missing { get; } = new(HostFileKind.Missing, null);
    }
}
