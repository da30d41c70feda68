namespace ShellGuard.Leash.Editing;

/// <summary>What the Tab key finds.</summary>
/// <param name="Inserted">What all names that fit have in common behind what was typed.</param>
/// <param name="Names">Those names.</param>
public sealed record Completion(string Inserted, IReadOnlyList<string> Names)
{
    /// <summary>Completes the beginning of a name.</summary>
    public static Completion Of(string typed, IEnumerable<string> names)
    {
        List<string> fitting = [.. names.Where(name => name.StartsWith(typed, StringComparison.Ordinal))];
        if (fitting.Count == 0)
        {
            return new Completion("", fitting);
        }

        int length = fitting[0].Length;
        foreach (string name in fitting)
        {
            int same = typed.Length;
            while (same < Math.Min(length, name.Length) && name[same] == fitting[0][same])
            {
                same++;
            }

            length = same;
        }

        // Never half a character.
        length -= length > typed.Length && char.IsHighSurrogate(fitting[0][length - 1]) ? 1 : 0;
        return new Completion(fitting[0][typed.Length..length], fitting);
    }
}
