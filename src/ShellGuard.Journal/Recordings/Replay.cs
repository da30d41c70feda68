using System.Buffers;
using System.Text;

namespace ShellGuard.Journal.Recordings;

/// <summary>Plans how a recording is played. What it yields is safe to write to a terminal.</summary>
public static class Replay
{
    private const double MaxSeconds = 1e9;

    /// <summary>Where the journal's record stands in the recording, or the first one after it.</summary>
    /// <returns>Seconds since the start; null when the recording marks no such record.</returns>
    public static double? Find(IEnumerable<AsciicastEvent> recording, long sequence) => recording
        .FirstOrDefault(item => item.Code == AsciicastEvent.Marker
            && AsciicastMarker.TryRead(item.Data, out long marked) && marked >= sequence)
        ?.Seconds;

    /// <summary>The steps to play, one for each output. Recordings whose clock goes back are played without a pause
    /// there.</summary>
    public static IEnumerable<ReplayStep> Plan(IEnumerable<AsciicastEvent> recording, ReplayOptions options)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(options);
        if (!(options.Speed > 0))
        {
            throw new ArgumentException("the speed must be more than 0", nameof(options));
        }

        return Steps(recording, options);
    }

    private static IEnumerable<ReplayStep> Steps(IEnumerable<AsciicastEvent> recording, ReplayOptions options)
    {
        TerminalSanitizer sanitizer = new(options.Features);
        ArrayBufferWriter<byte> safe = new();
        double played = Math.Max(0, options.From);
        double pause = 0;
        foreach (AsciicastEvent item in recording)
        {
            if (item.Code != AsciicastEvent.Output)
            {
                continue;
            }

            double gap = Math.Max(0, item.Seconds - played);
            played = Math.Max(played, item.Seconds);
            pause += Math.Min(Math.Min(gap, options.IdleLimit ?? MaxSeconds) / options.Speed, MaxSeconds);
            safe.ResetWrittenCount();
            sanitizer.Filter(Encoding.UTF8.GetBytes(item.Data), safe);
            if (safe.WrittenCount > 0)
            {
                yield return new ReplayStep(
                    TimeSpan.FromSeconds(Math.Min(pause, MaxSeconds)), safe.WrittenSpan.ToArray());
                pause = 0;
            }
        }

        safe.ResetWrittenCount();
        sanitizer.Complete(safe);
        if (safe.WrittenCount > 0)
        {
            yield return new ReplayStep(TimeSpan.Zero, safe.WrittenSpan.ToArray());
        }
    }
}
