using System.Globalization;

namespace ShellGuard.Leash.Holes;

/// <summary>What may stand in a hole. Every type is a total test over letters, digits, dot, underscore and hyphen; nothing
/// that begins with a hyphen belongs to any of them, so that no value is ever an option.</summary>
public abstract record HoleType
{
    /// <summary>The longest value, in characters.</summary>
    public const int MaximumLength = 128;

    private HoleType()
    {
    }

    /// <summary>Whether a character can stand in a value at all.</summary>
    public static bool IsPart(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-';

    /// <summary>Whether a value belongs to the type.</summary>
    /// <param name="value">Only characters of <see cref="IsPart"/>.</param>
    public bool Accepts(string value) => value.Length is > 0 and <= MaximumLength && value[0] != '-' && Test(value);

    /// <summary>What the program gets for an accepted value.</summary>
    public virtual string Expand(string value) => value;

    /// <summary>Reads a type; null with the reason for what is none.</summary>
    public static HoleType? Parse(string text, out string? problem)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        problem = null;
        switch (words)
        {
            case ["ident"]:
                return new Ident();
            case ["word"]:
                return new Word();
            case ["date"]:
                return new Date();
            case ["hex"]:
                return new Hex();
            case ["int", var range] when range.Split("..") is [var low, var high]
                && Number(low) is { } least && Number(high) is { } most && least <= most:
                return new Int(least, most);
            case ["one", var choices] when choices.Split(',') is var names
                && names.All(name => name is [not '-', ..] && name.Length <= MaximumLength && name.All(IsPart)):
                return new One(names);
            case ["file", ['/', ..] directory] when directory.Split('/').Skip(1).All(part => part is not ("" or "." or "..")):
                return new Name(directory);
            default:
                problem = $"'{text}' is no type of a hole; there are ident, word, date, hex, int LOW..HIGH, one A,B and file DIRECTORY";
                return null;
        }
    }

    private protected abstract bool Test(string value);

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>A letter or an underscore, then letters, digits and underscores: a table, a user, a unit.</summary>
    public sealed record Ident : HoleType
    {
        private protected override bool Test(string value) =>
            !char.IsAsciiDigit(value[0]) && value.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
    }

    /// <summary>Letters, digits, dots, underscores and hyphens; no dot in front and no two in a row.</summary>
    public sealed record Word : HoleType
    {
        private protected override bool Test(string value) =>
            value[0] != '.' && !value.Contains("..", StringComparison.Ordinal);
    }

    /// <summary>A day that there is, as 2026-03-04.</summary>
    public sealed record Date : HoleType
    {
        private protected override bool Test(string value) =>
            DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
    }

    /// <summary>Hex digits in lower case: a commit, a container.</summary>
    public sealed record Hex : HoleType
    {
        private protected override bool Test(string value) => value.All(char.IsAsciiHexDigitLower);
    }

    /// <summary>A whole number without sign and leading zeros.</summary>
    public sealed record Int(long Least, long Most) : HoleType
    {
        private protected override bool Test(string value) =>
            (value == "0" || value[0] != '0') && Number(value) is { } number && number >= Least && number <= Most;
    }

    /// <summary>One of a few words.</summary>
    public sealed record One(IReadOnlyList<string> Choices) : HoleType
    {
        private protected override bool Test(string value) => Choices.Contains(value, StringComparer.Ordinal);

        /// <inheritdoc/>
        public bool Equals(One? other) => other is not null && Choices.SequenceEqual(other.Choices);

        /// <inheritdoc/>
        public override int GetHashCode() => Choices.Count;
    }

    /// <summary>The name of something directly in a directory; the program gets the path. Nothing on the way there and no
    /// link may be anybody's but root's, which is looked at when the line runs.</summary>
    public sealed record Name(string Directory) : HoleType
    {
        /// <inheritdoc/>
        public override string Expand(string value) => $"{Directory}/{value}";

        private protected override bool Test(string value) => value[0] != '.';
    }
}
