using System.Diagnostics.CodeAnalysis;

namespace ShellGuard.Core.Flow.Forms;

/// <summary>Reads the forms of policies.</summary>
public static class OutputForms
{
    /// <summary>How a form begins, for messages.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["integer A..B", "one of WORD WORD", "lines matching EXPRESSION", "json SCHEMA"];

    /// <summary>Reads a form.</summary>
    /// <param name="text">For example <c>integer 0..1000000</c>.</param>
    /// <param name="maximumBytes">The longest output, at least 1.</param>
    /// <param name="problem">What is wrong, in lower case without a full stop.</param>
    public static bool TryParse(
        string text, int maximumBytes, [NotNullWhen(true)] out OutputForm? form,
        [NotNullWhen(false)] out string? problem)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumBytes, 1);
        if (Rest(text, "integer ") is { } range)
        {
            return IntegerForm.TryParse(text, range, maximumBytes, out form, out problem);
        }

        if (Rest(text, "one of ") is { } words)
        {
            return OneOfForm.TryParse(text, words, maximumBytes, out form, out problem);
        }

        if (Rest(text, "lines matching ") is { } expression)
        {
            return LinesForm.TryParse(text, expression, maximumBytes, out form, out problem);
        }

        if (Rest(text, "json ") is { } schema)
        {
            return JsonForm.TryParse(text, schema, maximumBytes, out form, out problem);
        }

        form = null;
        problem = $"a form is one of: {string.Join("; ", Kinds)}";
        return false;
    }

    private static string? Rest(string text, string start) =>
        text.StartsWith(start, StringComparison.Ordinal) ? text[start.Length..] : null;
}
