using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace ShellGuard.Core.Flow.Forms;

/// <summary><c>one of A B C</c>: one of some words.</summary>
internal sealed class OneOfForm : OutputForm
{
    private readonly string[] _words;

    private OneOfForm(string text, int maximumBytes, string[] words)
        : base(text, maximumBytes)
    {
        _words = words;
        Bits = BitsOf(words.Length);
    }

    public override long Bits { get; }

    public static bool TryParse(
        string text, string list, int maximumBytes, [NotNullWhen(true)] out OutputForm? form,
        [NotNullWhen(false)] out string? problem)
    {
        form = null;
        string[] words = list.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || words.Any(word => word.Any(c => c is <= ' ' or > '~')))
        {
            problem = "words are written as in one of yes no, in printable ASCII";
            return false;
        }

        if (words.Distinct(StringComparer.Ordinal).Count() != words.Length)
        {
            problem = "a word stands there twice";
            return false;
        }

        int longest = words.Max(word => word.Length) + 1;
        if (longest > maximumBytes)
        {
            problem = $"the longest word needs {longest} bytes with the line feed, and max-bytes is {maximumBytes}";
            return false;
        }

        problem = null;
        form = new OneOfForm(text, maximumBytes, words);
        return true;
    }

    protected override bool TryReadForm(
        ReadOnlySpan<byte> output, [NotNullWhen(true)] out byte[]? passed, [NotNullWhen(false)] out string? problem)
    {
        string written = Encoding.Latin1.GetString(WithoutLineFeed(output));
        bool known = Array.Exists(_words, word => word == written);
        passed = known ? Encoding.ASCII.GetBytes(written + "\n") : null;
        problem = known ? null : "the output is none of the words";
        return known;
    }
}
