using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Planning;

/// <summary>The files of the host that this process runs on.</summary>
public sealed class HostFiles : IHostFiles
{
    private readonly Lazy<IReadOnlyList<string>> _mountPoints = new(ReadMountPoints);

    public IReadOnlyList<string> MountPoints => _mountPoints.Value;

    public HostFileKind KindOf(string path)
    {
        LinuxResult opened = Files.Open(
            path, OpenFlags.PATH | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC, out Descriptor file);
        if (opened.Failed)
        {
            return HostFileKind.Missing;
        }

        using (file)
        {
            if (Files.Status(file, out FileStatus status).Failed)
            {
                return HostFileKind.Missing;
            }

            return status.Type switch
            {
                FileType.DIR => HostFileKind.Directory,
                FileType.REG => HostFileKind.File,
                FileType.LNK => HostFileKind.SymbolicLink,
                _ => HostFileKind.Special,
            };
        }
    }

    public string? RealPath(string path)
    {
        LinuxResult opened = Files.Open(path, OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor file);
        if (opened.Failed)
        {
            return null;
        }

        using (file)
        {
            LinuxResult read = Files.ReadLink(file, FileMetadata.ProcPath(file), out string target);
            return read.Succeeded && target.StartsWith('/') ? target : null;
        }
    }

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

    /// <summary>The fifth field of each line; blanks and backslashes are octal escapes, proc(5).</summary>
    private static List<string> ReadMountPoints()
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
}
