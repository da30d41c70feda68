using System.Security.Cryptography;
using ShellGuard.Cells.Layers;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Tests.Layers;

/// <summary>Everything of a tree that two runs of one script must agree on.</summary>
internal static class Snapshot
{
    internal static List<string> Of(string directory)
    {
        List<string> lines = [];
        Dictionary<ulong, string> links = [];
        Files.Open(directory, OpenFlags.RDONLY | OpenFlags.DIRECTORY, out Descriptor root).OrThrow();
        using (root)
        {
            Walk(root, "", lines, links);
        }

        return lines;
    }

    private static void Walk(Descriptor directory, string path, List<string> lines, Dictionary<ulong, string> links)
    {
        DirectoryEntries.List(directory, out List<string> names).OrThrow();
        foreach (string name in names)
        {
            string child = path + "/" + name;
            Files.Status(directory, name, out FileStatus status).OrThrow();
            string line = $"{child} {status.Type} {Convert.ToString(status.Mode, 8)} {status.Owner}:{status.Group}";
            if (status.IsSymbolicLink)
            {
                Files.ReadLink(directory, name, out string target).OrThrow();
                lines.Add($"{line} -> {target}");
                continue;
            }

            Files.Open(directory, name, OpenFlags.RDONLY | OpenFlags.NOFOLLOW | OpenFlags.NONBLOCK, out Descriptor file)
                .OrThrow();
            using (file)
            {
                Attributes.List(file, out IReadOnlyList<string> attributes).OrThrow();
                foreach (string attribute in attributes.Where(PortableAttributes.IsPortable))
                {
                    Attributes.Get(file, attribute, out byte[] value).OrThrow();
                    line += $" {attribute}={Convert.ToHexString(value)}";
                }

                if (status.IsRegular)
                {
                    byte[] content = new byte[status.Size];
                    FileContent.ReadFully(file, content, 0).OrThrow();
                    line += $" {status.Size} {Convert.ToHexString(SHA256.HashData(content))[..16]}";
                    if (status.Links > 1)
                    {
                        links.TryAdd(status.Inode, child);
                        line += $" = {links[status.Inode]}";
                    }
                }

                lines.Add(line);
                if (status.IsDirectory)
                {
                    Walk(file, child, lines, links);
                }
            }
        }
    }
}
