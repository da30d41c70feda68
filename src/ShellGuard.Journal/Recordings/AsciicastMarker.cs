using System.Globalization;
using ShellGuard.Core.Events;
using ShellGuard.Journal.Format;

namespace ShellGuard.Journal.Recordings;

/// <summary>The label that ties a place in a recording to a record of the journal: <c>#12 exec</c>.</summary>
internal static class AsciicastMarker
{
    public static string Label(long sequence, EventKind kind) =>
        string.Create(CultureInfo.InvariantCulture, $"#{sequence} {EventNames.Kebab(kind.ToString())}");

    public static bool TryRead(string label, out long sequence)
    {
        sequence = 0;
        int end = label.IndexOf(' ', StringComparison.Ordinal);
        return label.StartsWith('#') && end > 1
            && long.TryParse(label.AsSpan(1, end - 1), NumberStyles.None, CultureInfo.InvariantCulture, out sequence);
    }
}
