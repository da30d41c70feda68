using ShellGuard.Leash.Configuration;

namespace ShellGuard.Leash.Holes;

/// <summary>A name with holes. Behind each hole stands the end or a character that no value has, so there is one way at most
/// to read a line, found without going back.</summary>
public sealed class HolePattern
{
    /// <summary>The most holes of one name.</summary>
    public const int MaximumHoles = 8;

    private readonly List<(string Text, Hole? Hole)> _parts = [];

    private HolePattern()
    {
    }

    /// <summary>The holes in their order.</summary>
    public IEnumerable<Hole> Holes => _parts.Select(part => part.Hole).OfType<Hole>();

    /// <summary>Reads a name such as <c>rows {table:ident} {days:int 1..30}</c>.</summary>
    /// <returns>Null with the reason for what is none.</returns>
    public static HolePattern? Parse(string name, out string? problem)
    {
        HolePattern pattern = new();
        int at = 0;
        while (at < name.Length)
        {
            int open = name.IndexOfAny(['{', '}'], at);
            string text = open < 0 ? name[at..] : name[at..open];
            if (text.Length > 0)
            {
                if (pattern._parts is [.., (_, not null)] && HoleType.IsPart(text[0]))
                {
                    problem = "behind a hole stands a blank or another character that no value has";
                    return null;
                }

                pattern._parts.Add((text, null));
            }

            if (open < 0)
            {
                break;
            }

            if (ReadHole(name, ref open, pattern, out problem) is not { } hole)
            {
                return null;
            }

            pattern._parts.Add(("", hole));
            at = open;
        }

        int count = pattern.Holes.Count();
        problem = count is 0 or > MaximumHoles ? $"a name with holes has 1 to {MaximumHoles} of them"
            : pattern.Holes.DistinctBy(hole => hole.Name).Count() != count ? "two holes have the same name"
            : null;
        return problem is null ? pattern : null;
    }

    /// <summary>The values that a line gives, by the holes' names; null where it is not of this form.</summary>
    public IReadOnlyDictionary<string, string>? Match(string line)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        int at = 0;
        foreach ((string text, Hole? hole) in _parts)
        {
            if (hole is null)
            {
                if (string.CompareOrdinal(line, at, text, 0, text.Length) != 0)
                {
                    return null;
                }

                at += text.Length;
                continue;
            }

            int end = at;
            while (end < line.Length && HoleType.IsPart(line[end]))
            {
                end++;
            }

            string value = line[at..end];
            if (!hole.Type.Accepts(value))
            {
                return null;
            }

            values[hole.Name] = hole.Type.Expand(value);
            at = end;
        }

        return at == line.Length ? values : null;
    }

    /// <summary>The stages with values in the place of <c>{name}</c>. Words are split before, so a value is never two.
    /// </summary>
    public static IReadOnlyList<LeashStage> Fill(
        IReadOnlyList<LeashStage> stages, IReadOnlyDictionary<string, string> values) =>
    [
        .. stages.Select(stage => new LeashStage([.. stage.Words.Select(word => values.Aggregate(
            word, (text, value) => text.Replace($"{{{value.Key}}}", value.Value, StringComparison.Ordinal)))])),
    ];

    private static Hole? ReadHole(string name, ref int at, HolePattern pattern, out string? problem)
    {
        int close = name.IndexOf('}', at);
        int colon = name.IndexOf(':', at);
        problem = name[at] == '}' || close < 0 || colon < 0 || colon > close ? "a hole is written {NAME:TYPE}"
            : pattern._parts is [.., (_, not null)] ? "two holes stand side by side"
            : null;
        if (problem is not null)
        {
            return null;
        }

        string hole = name[(at + 1)..colon];
        if (hole.Length == 0 || !hole.All(c => char.IsAsciiLetterLower(c) || c == '_'))
        {
            problem = "a hole's name is lower-case letters and underscores";
            return null;
        }

        HoleType? type = HoleType.Parse(name[(colon + 1)..close], out problem);
        at = close + 1;
        return type is null ? null : new Hole(hole, type);
    }
}
