using System.Globalization;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Reports;

/// <summary>Lines of recordings by their places.</summary>
public sealed class EvidenceLines
{
    private readonly Dictionary<string, byte[]> _lines = new(StringComparer.Ordinal);

    /// <summary>The line's beginning; null where the recording is not there any more, or is another one.</summary>
    public byte[]? this[Origin place] => _lines.GetValueOrDefault(Key(place));

    internal static string Key(Origin place) => string.Create(CultureInfo.InvariantCulture, $"{place.Input}:{place.Line}");

    internal void Add(string key, byte[] line) => _lines[key] = line;

    internal void Add(EvidenceLines others)
    {
        foreach (string key in others._lines.Keys)
        {
            _lines[key] = others._lines[key];
        }
    }
}
