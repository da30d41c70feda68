using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Reports;

/// <summary>The lines of recordings in which something stands first.</summary>
public static class Evidence
{
    /// <summary>The line of the recording where something stands first, for as many places as are asked. A recording
    /// that is not there any more, or is another one now, gives none.</summary>
    public static EvidenceLines Lines(ImportResult result, IEnumerable<SeenAccess> accesses)
    {
        ArgumentNullException.ThrowIfNull(result);
        EvidenceLines lines = new();
        HashSet<string>[] wanted = new HashSet<string>[result.Inputs.Count];
        foreach (SeenAccess seen in accesses)
        {
            if (seen.Origin.Line > 0 && seen.Origin.Input < wanted.Length)
            {
                (wanted[seen.Origin.Input] ??= new HashSet<string>(StringComparer.Ordinal)).Add(EvidenceLines.Key(seen.Origin));
            }
        }

        for (int input = 0; input < wanted.Length; input++)
        {
            if (wanted[input] is { } places && result.Inputs[input] is { Sha256: not null, Name: not "-" } recording)
            {
                Read(recording, input, places, lines);
            }
        }

        return lines;
    }

    private static void Read(ImportedInput recording, int input, HashSet<string> places, EvidenceLines lines)
    {
        EvidenceLines found = new();
        try
        {
            using OpenInput opened = OpenInput.Again(recording.Name);
            using InputFile file = InputFile.Open(opened);
            while (file.Lines.TryRead(out ReadOnlySpan<byte> line))
            {
                string key = EvidenceLines.Key(new Origin(input, file.Lines.Number));
                if (places.Contains(key))
                {
                    found.Add(key, line[..Math.Min(line.Length, 2000)].ToArray());
                }
            }

            if (file.Finish(recording.Format, isWhole: true).Sha256 != recording.Sha256)
            {
                return;
            }
        }
        catch (Exception failure) when (failure is ImportException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // The place is still said; only the text of the line cannot be shown.
            return;
        }

        lines.Add(found);
    }
}
