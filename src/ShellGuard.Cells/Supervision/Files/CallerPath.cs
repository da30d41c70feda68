using System.Text;
using ShellGuard.Cells.Supervision.Network;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Supervision.Files;

/// <summary>Turns a path as a waiting thread wrote it into the path that it leads to in the cell's view.</summary>
internal static class CallerPath
{
    private const int AT_FDCWD = -100;

    /// <summary>The absolute path that the text stands for when nothing in it is a link.</summary>
    public static string? Textual(int thread, int directory, ReadOnlySpan<byte> path)
    {
        string text = Encoding.UTF8.GetString(path).Replace('\0', '_');
        if (path[0] == '/')
        {
            return Path.GetFullPath(text);
        }

        byte[]? start = ProcFile.ReadLink(
            directory == AT_FDCWD ? $"/proc/{thread}/cwd" : $"/proc/{thread}/fd/{directory}");
        return start is [(byte)'/', ..] ? Path.GetFullPath(text, Encoding.UTF8.GetString(start)) : null;
    }

    /// <summary>Resolves the directory of a path and keeps its last component, which need not exist.</summary>
    /// <returns>Null when the directory does not exist: then the kernel refuses the call for that reason.</returns>
    public static string? OfEntry(int thread, int directory, ReadOnlySpan<byte> path)
    {
        path = path.TrimEnd((byte)'/');
        int slash = path.LastIndexOf((byte)'/');
        ReadOnlySpan<byte> name = path[(slash + 1)..];
        if (name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8))
        {
            return Of(thread, directory, path);
        }

        ReadOnlySpan<byte> parent = slash < 0 ? "."u8 : slash == 0 ? "/"u8 : path[..slash];
        return Of(thread, directory, parent) is { } real
            ? (real == "/" ? "/" : real + "/") + Encoding.UTF8.GetString(name)
            : null;
    }

    /// <summary>Resolves the whole path, following links.</summary>
    public static string? Of(int thread, int directory, ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
        {
            return null;
        }

        byte[] whole = path.ToArray();
        if (path[0] != '/' && directory != AT_FDCWD)
        {
            byte[]? start = ProcFile.ReadLink($"/proc/{thread}/fd/{directory}");
            if (start is null || start.Length == 0 || start[0] != '/')
            {
                return null;
            }

            whole = [.. start, (byte)'/', .. path];
        }

        if (CallerRoot.Open(thread, out CallerRoot? root).Failed)
        {
            return null;
        }

        using (root)
        {
            LinuxResult result = root!.Find(whole, out Descriptor found);
            using (found)
            {
                byte[]? real = result.Succeeded ? ProcFile.ReadLink(FileMetadata.ProcPath(found)) : null;
                return real is null ? null : Encoding.UTF8.GetString(real);
            }
        }
    }
}
