using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>One entry of an epoll instance, as proc_pid_fdinfo(5) shows it.</summary>
/// <param name="Epoll">The instance's number in the program's table.</param>
/// <param name="Number">The number under which the file was added.</param>
/// <param name="Events">The event mask.</param>
/// <param name="Data">The program's own value.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EpollRegistration(int Epoll, int Number, uint Events, ulong Data)
{
    /// <summary>Reads a line <c>tfd: 5 events: 1d data: 5 pos:0 ino:8a3 sdev:8</c>.</summary>
    /// <param name="inode">The registered file's inode number.</param>
    internal static bool TryRead(
        ReadOnlySpan<byte> line, int epoll, out EpollRegistration registration, out ulong inode)
    {
        registration = default;
        inode = 0;
        if (!line.StartsWith("tfd:"u8) ||
            !Utf8Parser.TryParse(line[4..].TrimStart((byte)' '), out int number, out _) ||
            !TryField(line, "events:"u8, out ulong events) ||
            !TryField(line, "data:"u8, out ulong data) ||
            !TryField(line, "ino:"u8, out inode))
        {
            return false;
        }

        registration = new EpollRegistration(epoll, number, (uint)events, data);
        return true;
    }

    private static bool TryField(ReadOnlySpan<byte> line, ReadOnlySpan<byte> key, out ulong value)
    {
        value = 0;
        int start = line.IndexOf(key);
        return start >= 0 &&
            Utf8Parser.TryParse(line[(start + key.Length)..].TrimStart((byte)' '), out value, out _, 'x');
    }
}
