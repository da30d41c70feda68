using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Core;

namespace ShellGuard.Audit.Reports;

/// <summary>What of an audit is about an object: the way from any name or rule back to processes and lines.</summary>
public static class Evidence
{
    /// <summary>The accesses to an object: what has this name or this pattern; else what lies beneath it.</summary>
    /// <param name="wanted">As it stands in a report, in a policy, or as the kernel has it.</param>
    public static IReadOnlyList<GeneralAccess> About(Generalised all, string wanted)
    {
        ArgumentNullException.ThrowIfNull(all);
        ArgumentException.ThrowIfNullOrEmpty(wanted);
        List<GeneralAccess> found = Narrowed(all, name => name == wanted || AccessText.Name(name, int.MaxValue) == wanted);
        string beneath = wanted.TrimEnd('/') + "/";
        return found.Count > 0 ? found : Narrowed(all, name => name.StartsWith(beneath, StringComparison.Ordinal));
    }

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

    /// <summary>A pattern is answered by the whole; a name in it by what has that name.</summary>
    private static List<GeneralAccess> Narrowed(Generalised all, Func<string, bool> isMeant)
    {
        List<GeneralAccess> found = [];
        foreach (GeneralAccess access in all.Accesses)
        {
            List<SeenAccess> members = isMeant(access.Target)
                ? [.. access.Members]
                : [.. access.Members.Where(seen => IsAbout(seen.Access, isMeant))];
            if (members.Count > 0)
            {
                found.Add(access with { Members = members });
            }
        }

        return found;
    }

    private static bool IsAbout(Access access, Func<string, bool> isMeant) => isMeant(access.Target)
        || (access.Resolved is not null && isMeant(access.Resolved)) || (access.Destination is not null && isMeant(access.Destination));

    private static void Read(ImportedInput recording, int input, HashSet<string> places, EvidenceLines lines)
    {
        EvidenceLines found = new();
        try
        {
            using OpenInput opened = OpenInput.Of(recording.Name, () => Stream.Null);
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
