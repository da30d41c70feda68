using System.Diagnostics.CodeAnalysis;
using ShellGuard.Core.Flow.Forms.Regular;

namespace ShellGuard.Core.Flow.Forms;

/// <summary><c>lines matching EXPRESSION</c>: one or more lines, each of which matches as a whole.</summary>
internal sealed class LinesForm : OutputForm
{
    /// <summary>Counting the outputs takes a step for each byte and state.</summary>
    private const long MostSteps = 20_000_000;

    private readonly RegularLanguage _line;

    private LinesForm(string text, int maximumBytes, RegularLanguage line, long bits)
        : base(text, maximumBytes)
    {
        _line = line;
        Bits = bits;
    }

    public override long Bits { get; }

    public static bool TryParse(
        string text, string expression, int maximumBytes, [NotNullWhen(true)] out OutputForm? form,
        [NotNullWhen(false)] out string? problem)
    {
        form = null;
        if (!RegularLanguage.TryParse(expression, out RegularLanguage? line, out problem))
        {
            return false;
        }

        if ((long)line.States * maximumBytes > MostSteps)
        {
            problem = $"the outputs are too many to count: make max-bytes smaller, to at most {MostSteps / line.States}";
            return false;
        }

        long bits = line.BitsOfLines(maximumBytes);
        problem = bits == 0 ? $"no line matches that has room in {maximumBytes} bytes with its line feed" : null;
        form = problem is null ? new LinesForm(text, maximumBytes, line, bits) : null;
        return problem is null;
    }

    protected override bool TryReadForm(
        ReadOnlySpan<byte> output, [NotNullWhen(true)] out byte[]? passed, [NotNullWhen(false)] out string? problem)
    {
        passed = null;
        problem = output.IsEmpty ? "the output is empty" : null;
        ReadOnlySpan<byte> rest = WithoutLineFeed(output);
        for (int number = 1; problem is null; number++)
        {
            int end = rest.IndexOf((byte)'\n');
            if (!_line.Matches(end < 0 ? rest : rest[..end]))
            {
                problem = $"line {number} does not match";
            }
            else if (end < 0)
            {
                passed = [.. WithoutLineFeed(output), (byte)'\n'];
                return true;
            }
            else
            {
                rest = rest[(end + 1)..];
            }
        }

        return false;
    }
}
