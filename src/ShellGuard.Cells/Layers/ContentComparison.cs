using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>Whether two open files have the same bytes. What is a hole in both is not read.</summary>
internal sealed class ContentComparison
{
    private const int ChunkSize = 128 * 1024;

    private readonly byte[] _left = new byte[ChunkSize];
    private readonly byte[] _right = new byte[ChunkSize];

    /// <param name="size">The size of both, in bytes.</param>
    /// <param name="equal">False when the call failed.</param>
    internal LinuxResult Compare(Descriptor left, Descriptor right, long size, out bool equal)
    {
        equal = false;
        long offset = 0;
        while (offset < size)
        {
            if (size > ChunkSize)
            {
                offset = Math.Min(NextData(left, offset, size), NextData(right, offset, size));
            }

            LinuxResult one = FileContent.ReadFully(left, _left, offset);
            LinuxResult other = FileContent.ReadFully(right, _right, offset);
            if (one.Failed || other.Failed)
            {
                return one.Failed ? one : other;
            }

            if (!_left.AsSpan(0, (int)one.Value).SequenceEqual(_right.AsSpan(0, (int)other.Value)))
            {
                return other;
            }

            if (one.Value == 0)
            {
                break;
            }

            offset += one.Value;
        }

        equal = true;
        return new LinuxResult(0, Errno.None, SystemCall.pread64);
    }

    // ENXIO: no data from here to the end, lseek(2). A file system without holes answers with the offset itself.
    private static long NextData(Descriptor file, long offset, long size)
    {
        LinuxResult result = FileContent.Seek(file, offset, SeekFrom.DATA);
        return result.Error == Errno.ENXIO ? size : result.Failed ? offset : result.Value;
    }
}
