using System.Diagnostics.CodeAnalysis;
using System.Text;
using ShellGuard.Policy.Toml;

namespace ShellGuard.Policy.Evaluation;

/// <summary>Adds a rule to the text of a policy and leaves everything else as it was written, comments included: what
/// "always" does after a question.</summary>
public static class PolicyEdit
{
    /// <summary>Adds a value to a list.</summary>
    /// <param name="text">The policy, perhaps empty.</param>
    /// <param name="key">A key that holds a list, for example <c>network.allow</c>.</param>
    /// <param name="value">The rule, for example <c>github.com:443</c>.</param>
    /// <param name="edited">The new text; the old one where the rule stands there already.</param>
    /// <param name="problem">Why the text was not changed, in lower case without a full stop.</param>
    public static bool TryAdd(
        ReadOnlySpan<byte> text, PolicyKey key, string value, [NotNullWhen(true)] out string? edited,
        [NotNullWhen(false)] out string? problem)
    {
        edited = null;
        var document = TomlReader.Read(text);
        if (document.Errors.Count > 0)
        {
            problem = $"the policy has a mistake in line {document.Errors[0].Span.Line}: {document.Errors[0].Message}";
            return false;
        }

        string old = document.Text.Text;
        if (Holds(document, key, value))
        {
            problem = null;
            edited = old;
            return true;
        }

        string? result = Insert(document, key, Quote(value));
        if (result is null)
        {
            problem =
                $"{key.FullName} is written in a form that cannot be added to; write it as a list under [{key.Table}]";
            return false;
        }

        // Whatever the form of the text, only an edit that reads as it was meant is handed out.
        var again = TomlReader.Read(Encoding.UTF8.GetBytes(result));
        if (again.Errors.Count > 0 || !Holds(again, key, value))
        {
            problem = $"{key.FullName} could not be added to; write it as a list under [{key.Table}]";
            return false;
        }

        problem = null;
        edited = result;
        return true;
    }

    private static string? Insert(TomlDocument document, PolicyKey key, string quoted)
    {
        string text = document.Text.Text;
        var found = document.Root.Find(key.Table)?.Value;
        if (found is null)
        {
            string gap = text.Length == 0 ? "" : text.EndsWith('\n') ? "\n" : "\n\n";
            return $"{text}{gap}[{key.Table}]\n{key.Name} = [{quoted}]\n";
        }

        if (found is not TomlTable table)
        {
            return null;
        }

        switch (table.Find(key.Name)?.Value)
        {
            case TomlArray { IsTables: false, Items.Count: > 0 } array:
                var first = array.Items[0].Span;
                return text.Insert(document.Text.Offset(first.Line, first.Column), quoted + ", ");
            case TomlArray { IsTables: false } empty:
                return text.Insert(document.Text.Offset(empty.Span.Line, empty.Span.Column) + 1, quoted);
            case not null:
                return null;
        }

        switch (table.Origin)
        {
            case TomlTableOrigin.Header:
                int lineEnd = text.IndexOf('\n', document.Text.Offset(table.Span.Line, table.Span.Column));
                string line = $"{key.Name} = [{quoted}]\n";
                return lineEnd < 0 ? $"{text}\n{line}" : text.Insert(lineEnd + 1, line);
            case TomlTableOrigin.Dotted:
                return $"{key.FullName} = [{quoted}]\n{text}";
            default:
                return null;
        }
    }

    private static bool Holds(TomlDocument document, PolicyKey key, string value) =>
        document.Root.Find(key.Table)?.Value is TomlTable table
        && table.Find(key.Name)?.Value is TomlArray array
        && array.Items.Exists(i => i is TomlString text && text.Value == value);

    private static string Quote(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in value)
        {
            quoted.Append(c is '"' or '\\' ? $"\\{c}" : c is < ' ' or '\x7F' ? $"\\u{(int)c:X4}" : c.ToString());
        }

        return quoted.Append('"').ToString();
    }
}
