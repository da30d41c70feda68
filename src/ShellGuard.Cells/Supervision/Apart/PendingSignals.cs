using System.Globalization;
using System.Text;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Supervision.Apart;

/// <summary>Whether a waiting thread has a signal to handle. Its wait for us ends for deadly ones only, and a program may
/// count on being interrupted: flock(1) with a time limit does.</summary>
internal static class PendingSignals
{
    /// <returns>False also where the thread is gone.</returns>
    public static bool Wake(int thread)
    {
        Span<byte> buffer = stackalloc byte[8192];
        var read = ProcFile.Read($"/proc/{thread}/status", buffer);
        if (read.Failed)
        {
            return false;
        }

        ReadOnlySpan<byte> text = buffer[..(int)read.Value];
        return ((Set(text, "\nSigPnd:\t"u8) | Set(text, "\nShdPnd:\t"u8)) & ~Set(text, "\nSigBlk:\t"u8)) != 0;
    }

    private static ulong Set(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        const int digits = 16;
        int start = text.IndexOf(key);
        return start >= 0 && text.Length >= start + key.Length + digits
            && ulong.TryParse(
                Encoding.ASCII.GetString(text.Slice(start + key.Length, digits)), NumberStyles.HexNumber,
                CultureInfo.InvariantCulture, out ulong set)
            ? set
            : 0;
    }
}
