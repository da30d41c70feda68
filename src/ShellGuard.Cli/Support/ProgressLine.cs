using System.Diagnostics;
using System.Globalization;
using ShellGuard.Audit.Import;

namespace ShellGuard.Cli.Support;

/// <summary>One line on a terminal that says how far a long import is, and is gone at the end.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _last;
    private bool _isShown;

    public void Show(ImportProgress progress)
    {
        if (!_isTerminal || Stopwatch.GetElapsedTime(_start) < First || Stopwatch.GetElapsedTime(_last) < Interval)
        {
            return;
        }

        _last = Stopwatch.GetTimestamp();
        _isShown = true;
        string share = progress.TotalBytes > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Bar(progress)} {100.0 * progress.Bytes / progress.TotalBytes,3:F0} %  ")
            : "";
        Terminal.Error.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"\r\e[K{share}{progress.Lines:N0} lines, {progress.Bytes / 1e6:N1} MB, {progress.Accesses:N0} accesses"));
    }

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        if (_isShown)
        {
            _isShown = false;
            Terminal.Error.Write("\r\e[K");
        }
    }

    public void Dispose() => Clear();

    private static string Bar(ImportProgress progress)
    {
        const int width = 24;
        int full = (int)Math.Clamp(progress.Bytes * width / progress.TotalBytes, 0, width);
        return $"[{new string('#', full)}{new string('.', width - full)}]";
    }
}
