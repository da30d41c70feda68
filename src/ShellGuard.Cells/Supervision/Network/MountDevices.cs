using System.Buffers.Text;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Which file system a mount shows, proc_pid_mountinfo(5). Asked instead of st_dev because an overlay lets
/// st_dev of its files be that of the host's file system below, inode numbers and all.</summary>
internal static class MountDevices
{
    private const int Most = 4 << 20;

    /// <param name="thread">A thread in the mount namespace.</param>
    /// <param name="mountId">The mount.</param>
    /// <returns>The device as st_dev gives it; null when the mount is not in that namespace.</returns>
    internal static ulong? Find(int thread, ulong mountId)
    {
        for (int size = 64 * 1024; size <= Most; size *= 8)
        {
            byte[] buffer = new byte[size];
            var read = ProcFile.Read($"/proc/{thread}/mountinfo", buffer);
            if (read.Failed)
            {
                return null;
            }

            if (read.Value < size)
            {
                return Find(buffer.AsSpan(0, (int)read.Value), mountId);
            }
        }

        return null;
    }

    /// <summary>Finds the line <c>36 35 98:0 …</c> of mount 36.</summary>
    internal static ulong? Find(ReadOnlySpan<byte> mountInfo, ulong mountId)
    {
        foreach (Range range in mountInfo.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = mountInfo[range];
            if (!Utf8Parser.TryParse(line, out ulong id, out int length) || id != mountId)
            {
                continue;
            }

            // mount id, parent id, major:minor.
            line = line[(length + 1)..];
            line = line[(line.IndexOf((byte)' ') + 1)..];
            return Utf8Parser.TryParse(line, out uint major, out int colon) && line[colon] == ':' &&
                Utf8Parser.TryParse(line[(colon + 1)..], out uint minor, out _)
                ? ObjectPath.MakeDevice(major, minor)
                : null;
        }

        return null;
    }
}
