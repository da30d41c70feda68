using System.Text;
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
                return MountLine.All(Encoding.UTF8.GetString(buffer, 0, (int)read.Value)).FirstOrDefault(mount => mount.Id == mountId)?.Device;
            }
        }

        return null;
    }
}
