using System.Text;
using ShellGuard.Cells.View;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Sessions;

/// <summary>Puts white-outs and stand-in files into layers and masks before the cell exists.</summary>
internal sealed class PlantWriter
{
    private const OpenFlags Directory = OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC;

    private readonly HashSet<string> _made = new(StringComparer.Ordinal);

    /// <summary>Makes a layer's or mask's directory itself, with the attributes of the host's: in an overlay the top
    /// directory's own count.</summary>
    public static LinuxResult MakeRoot(string root, string hostRoot)
    {
        DirectoryInfo made = System.IO.Directory.CreateDirectory(root);
        return CopyAttributes(hostRoot, made.FullName);
    }

    public LinuxResult Write(Plant plant)
    {
        string[] parts = plant.Relative.Split('/');
        string directory = plant.Root;
        string host = plant.HostRoot;
        foreach (string part in parts[..^1])
        {
            directory = $"{directory}/{part}";
            host = host == "/" ? $"/{part}" : $"{host}/{part}";
            if (!_made.Add(directory))
            {
                continue;
            }

            LinuxResult made = Files.MakeDirectory(SessionPath.Root, directory, 0x1c0);
            if (made.Succeeded)
            {
                made = CopyAttributes(host, directory);
            }

            if (made.Failed && made.Error != Errno.EEXIST)
            {
                return made;
            }
        }

        string path = $"{directory}/{parts[^1]}";
        return plant.Kind switch
        {
            PlantKind.Whiteout => MakeWhiteout(plant.Root, path),
            PlantKind.File => WriteFile(path, plant.Content ?? ""),
            _ => throw new InvalidOperationException($"unknown plant {plant.Kind}"),
        };
    }

    /// <summary>White-outs of one root are one inode with many names, as overlayfs makes them itself: a name costs half
    /// of an inode.</summary>
    private static LinuxResult MakeWhiteout(string root, string path)
    {
        string shared = $"{root}.whiteout";
        LinuxResult linked = Files.Link(SessionPath.Root, shared, SessionPath.Root, path);
        if (linked.Error != Errno.ENOENT)
        {
            return linked;
        }

        LinuxResult made = Files.MakeWhiteout(SessionPath.Root, shared);
        return made.Failed ? made : Files.Link(SessionPath.Root, shared, SessionPath.Root, path);
    }

    private static LinuxResult WriteFile(string path, string content)
    {
        LinuxResult opened = Files.Open(
            path, OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.CLOEXEC, out Descriptor file, 0x1a4);
        if (opened.Failed)
        {
            return opened;
        }

        using (file)
        {
            LinuxResult written = FileContent.Append(file, Encoding.UTF8.GetBytes(content));
            return written.Failed ? written : FileMetadata.SetMode(file, 0x1a4);
        }
    }

    private static LinuxResult CopyAttributes(string from, string to)
    {
        LinuxResult result = Files.Open(from, OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor source);
        if (result.Failed)
        {
            return result;
        }

        using (source)
        {
            result = Files.Status(source, out FileStatus status);
            if (result.Failed)
            {
                return result;
            }

            result = Files.Open(to, Directory, out Descriptor target);
            if (result.Failed)
            {
                return result;
            }

            using (target)
            {
                // An ordinary user cannot give the copy to the original's owner (EPERM), nor can root of a container
                // that has no number for that owner (EINVAL); it then stays the caller's own, whose directory it is in
                // the cell in any case.
                LinuxResult owner = FileMetadata.SetOwner(target, status.Owner, status.Group);
                result = owner.Failed && owner.Error is not (Errno.EPERM or Errno.EINVAL)
                    ? owner
                    : FileMetadata.SetMode(target, status.Mode & 0xfff);
                return result.Failed ? result : FileMetadata.SetTimes(target, status.Accessed, status.Modified);
            }
        }
    }
}
