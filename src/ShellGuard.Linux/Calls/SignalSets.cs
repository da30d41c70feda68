using System.Globalization;

namespace ShellGuard.Linux.Calls;

/// <summary>What signals wait for a thread, proc_pid_status(5): bit 0 is signal 1.</summary>
/// <param name="Pending">Sent to it or to its process, and not taken yet.</param>
/// <param name="Blocked">Those that it does not take now.</param>
public readonly record struct SignalSets(ulong Pending, ulong Blocked)
{
    /// <returns>Empty sets where the thread is gone.</returns>
    public static SignalSets Of(int thread)
    {
        Span<byte> buffer = stackalloc byte[8192];
        LinuxResult read = ProcFile.Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{thread}/status"), buffer);
        ReadOnlySpan<byte> text = read.Failed ? [] : buffer[..(int)read.Value];
        return new SignalSets(Find(text, "\nSigPnd:\t"u8) | Find(text, "\nShdPnd:\t"u8), Find(text, "\nSigBlk:\t"u8));
    }

    private static ulong Find(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        const int digits = 16;
        int start = text.IndexOf(key);
        return start >= 0 && text.Length >= start + key.Length + digits
            && ulong.TryParse(
                text.Slice(start + key.Length, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong set)
            ? set
            : 0;
    }
}
