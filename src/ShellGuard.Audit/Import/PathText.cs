namespace ShellGuard.Audit.Import;

/// <summary>Paths as bytes.</summary>
internal static class PathText
{
    /// <summary>Joins a directory and a path and takes out <c>.</c>, <c>//</c> and <c>..</c>. A <c>..</c> behind a link
    /// leads elsewhere than this says; where the recorder shows what was really opened, that is kept beside it.</summary>
    /// <param name="directory">Absolute, or empty.</param>
    /// <param name="path">Absolute, or relative to the directory.</param>
    /// <param name="destination">As long as both and 2 bytes at least.</param>
    /// <returns>The length.</returns>
    public static int Join(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> path, Span<byte> destination)
    {
        int length = 0;
        if (path.StartsWith("/"u8))
        {
            directory = default;
        }

        bool absolute = path.StartsWith("/"u8) || directory.StartsWith("/"u8);
        Append(directory, destination, ref length, absolute);
        Append(path, destination, ref length, absolute);
        if (length == 0)
        {
            destination[length++] = absolute ? (byte)'/' : (byte)'.';
        }

        return length;
    }

    private static void Append(ReadOnlySpan<byte> path, Span<byte> destination, ref int length, bool absolute)
    {
        while (!path.IsEmpty)
        {
            int slash = path.IndexOf((byte)'/');
            ReadOnlySpan<byte> part = slash < 0 ? path : path[..slash];
            path = slash < 0 ? default : path[(slash + 1)..];
            if (part.IsEmpty || part.SequenceEqual("."u8))
            {
                continue;
            }

            if (part.SequenceEqual(".."u8) && (absolute || (length > 0 && !EndsWithParent(destination[..length]))))
            {
                int last = destination[..length].LastIndexOf((byte)'/');
                length = Math.Max(0, last);
                continue;
            }

            if (absolute || length > 0)
            {
                destination[length++] = (byte)'/';
            }

            part.CopyTo(destination[length..]);
            length += part.Length;
        }
    }

    private static bool EndsWithParent(ReadOnlySpan<byte> path) =>
        path.EndsWith("/.."u8) || path.SequenceEqual(".."u8);
}
