using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using ShellGuard.Core.Flow.Forms;
using ShellGuard.Core.Flow.Forms.Regular;

namespace ShellGuard.Core.Tests.Flow.Forms;

/// <summary>Random expressions over a few letters, beside .NET's own matcher and beside counting one by one.</summary>
public sealed class RegularPropertyTests
{
    private const int Longest = 5;
    private const string Letters = "abc";

    private static readonly string[] _texts = [.. Enumerable.Range(0, Longest + 1).SelectMany(TextsOf)];

    [Fact]
    public void MatchesAsDotNetDoes() => Check.QuickThrowOnFailure(Prop.ForAll(Expressions("[^a]", ".", "\\w", "[^b-z]", "\\D"), expression =>
    {
        RegularLanguage? language = Parse(expression);
        Regex other = new($"^(?:{expression})\\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
        Assert.All(_texts, text => Assert.Equal(other.IsMatch(text), language?.Matches(Encoding.ASCII.GetBytes(text)) ?? false));
    }));

    [Fact]
    public void CountsWhatMatches() => Check.QuickThrowOnFailure(Prop.ForAll(Expressions("[ab]", "[a-c]", "[bc]"), expression =>
    {
        int[] counts = [.. Enumerable.Range(0, Longest + 1).Select(longest => _texts.Count(text =>
            text.Length <= longest && Parse(expression)?.Matches(Encoding.ASCII.GetBytes(text)) == true))];
        Assert.Equal(
            counts.Select(count => (BigInteger)count),
            Enumerable.Range(0, Longest + 1).Select(longest => Parse(expression)?.Count(longest) ?? BigInteger.Zero));
    }));

    [Fact]
    public void CountsOutputsOfLines() => Check.QuickThrowOnFailure(Prop.ForAll(Expressions("[ab]", "[a-c]", "[bc]"), expression =>
    {
        // Every text of letters and line feeds, as an output: those that pass as they are, are the outputs.
        bool parsed = OutputForms.TryParse($"lines matching {expression}", Longest, out OutputForm? form, out _);
        long outputs = Enumerable.Range(1, Longest).SelectMany(length => TextsOf(length, Letters + "\n"))
            .Count(text => parsed && form!.TryRead(Encoding.ASCII.GetBytes(text), out byte[]? passed, out _)
                && Encoding.ASCII.GetString(passed) == text);
        Assert.Equal(new BigInteger(outputs).GetBitLength(), parsed ? form!.Bits : 0);
    }));

    [Fact]
    public void CountsBeyondWhatADoubleHolds()
    {
        // All lines of printable ASCII: 96 characters with the line feed, and the last is one; exact by BigInteger.
        OutputForm form = OutputFormTests.Parse("lines matching .*", 2_000);
        BigInteger exact = BigInteger.Zero;
        for (int length = 0; length < 2_000; length++)
        {
            exact += BigInteger.Pow(96, length);
        }

        Assert.Equal(exact.GetBitLength(), form.Bits);
    }

    private static RegularLanguage? Parse(string expression) =>
        RegularLanguage.TryParse(expression, out RegularLanguage? language, out _) ? language : null;

    private static IEnumerable<string> TextsOf(int length) => TextsOf(length, Letters);

    private static IEnumerable<string> TextsOf(int length, string letters) => length == 0
        ? [""]
        : TextsOf(length - 1, letters).SelectMany(text => letters.Select(letter => text + letter));

    private static Arbitrary<string> Expressions(params string[] sets) =>
        Arb.From(Gen.Sized(size => Expression(Math.Min(size / 12, 4), Gen.Elements(["a", "b", "c", "(?:)", .. sets]))));

    private static Gen<string> Expression(int depth, Gen<string> letter)
    {
        if (depth == 0)
        {
            return letter;
        }

        Gen<string> smaller = Expression(depth - 1, letter);
        return Gen.OneOf(
            letter,
            from left in smaller from right in smaller select left + right,
            from left in smaller from right in smaller select $"(?:{left}|{right})",
            from what in smaller
            from count in Gen.Elements("*", "+", "?", "{2}", "{1,2}", "{0,3}", "{1,}", "{0}")
            select $"(?:{what}){count}");
    }
}
