using ShellGuard.Core;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Presets;
using ShellGuard.Policy.Toml;

namespace ShellGuard.Leash.Configuration;

/// <content>Values of keys. Each reports what is wrong and returns something harmless: after a mistake nothing of the
/// configuration is used.</content>
public sealed partial class ConfigurationReader
{
    private const int HashDigits = 64;

    private bool Boolean(TomlEntry entry)
    {
        if (entry.Value is TomlBoolean value)
        {
            return value.Value;
        }

        WrongKind(entry, "true or false");
        return false;
    }

    private string? Text(TomlEntry entry)
    {
        if (entry.Value is TomlString text)
        {
            return text.Value;
        }

        WrongKind(entry, "a string");
        return null;
    }

    private long? Number(TomlEntry entry, long least, long most)
    {
        if (entry.Value is not TomlInteger number)
        {
            WrongKind(entry, "a whole number");
        }
        else if (number.Value < least || number.Value > most)
        {
            Error(number.Span, $"'{entry.Key.Name}' is {least} to {most}");
        }
        else
        {
            return number.Value;
        }

        return null;
    }

    private long? Size(TomlEntry entry) => Parsed(entry, ValueText.Size, "a size such as \"64 MiB\"");

    private TimeSpan? Duration(TomlEntry entry) => Parsed(entry, ValueText.Duration, "a time such as \"90s\" or \"10m\"");

    private RateLimit? Rate(TomlEntry entry) => Parsed(
        entry, RateLimit.Parse, $"runs and a time such as \"10/1m\", at most {RateLimit.MaximumRuns} runs");

    private T? Parsed<T>(TomlEntry entry, Func<string, T?> parse, string what)
        where T : struct
    {
        T? value = entry.Value is TomlString text ? parse(text.Value) : null;
        if (value is null)
        {
            WrongKind(entry, what);
        }

        return value;
    }

    private T Choice<T>(TomlEntry entry, T fallback, params (string Name, T Value)[] choices)
    {
        foreach ((string name, T value) in choices)
        {
            if (entry.Value is TomlString text && text.Value == name)
            {
                return value;
            }
        }

        WrongKind(entry, string.Join(" or ", choices.Select(choice => $"\"{choice.Name}\"")));
        return fallback;
    }

    private string? AbsolutePath(TomlEntry entry)
    {
        if (Text(entry) is not { } path)
        {
            return null;
        }

        if (path is ['/', ..] && !path.Contains('\0', StringComparison.Ordinal))
        {
            return path;
        }

        Error(entry.Value.Span, $"'{entry.Key.Name}' is a path from the root");
        return null;
    }

    private string? UserName(TomlEntry entry)
    {
        if (Text(entry) is not { } name)
        {
            return null;
        }

        if (name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '$') && name[0] != '-')
        {
            return name;
        }

        Error(entry.Value.Span, $"'{SafeText.Shorten(name, 60)}' is no user's name");
        return null;
    }

    /// <summary>A preset, or a file that does not depend on where somebody stands.</summary>
    private string? PolicyName(TomlEntry entry)
    {
        if (Text(entry) is not { } name)
        {
            return null;
        }

        if (name is ['/', ..] || PolicyPresets.Names.Contains(name))
        {
            return name;
        }

        Error(entry.Value.Span, $"'{SafeText.Shorten(name, 60)}' is neither a preset nor a path from the root");
        return null;
    }

    private string SearchPath(TomlEntry entry)
    {
        if (Text(entry) is { } path)
        {
            if (path.Length > 0 && path.Split(':').All(part => part is ['/', ..] && !part.Contains('\0', StringComparison.Ordinal)))
            {
                return path;
            }

            Error(entry.Value.Span, "'path' holds directories by their paths from the root, with colons between");
        }

        return LeashSettings.DefaultPath;
    }

    private List<(string Value, TomlSpan Span)> Texts(TomlEntry entry)
    {
        List<(string, TomlSpan)> texts = [];
        if (entry.Value is not TomlArray { IsTables: false } array)
        {
            WrongKind(entry, "an array of strings");
            return texts;
        }

        foreach (TomlValue item in array.Items)
        {
            if (item is TomlString text)
            {
                texts.Add((text.Value, text.Span));
            }
            else
            {
                Error(item.Span, $"'{entry.Key.Name}' holds strings, not {item.Kind}");
            }
        }

        return texts;
    }

    private List<string> VariableNames(TomlEntry entry)
    {
        List<string> names = [];
        foreach ((string name, TomlSpan span) in Texts(entry))
        {
            if (IsVariableName(name))
            {
                names.Add(name);
            }
            else
            {
                Error(span, $"'{SafeText.Shorten(name, 60)}' is no variable's name");
            }
        }

        return names;
    }

    private List<KeyValuePair<string, string>> Variables(TomlEntry entry)
    {
        List<KeyValuePair<string, string>> variables = [];
        foreach ((string text, TomlSpan span) in Texts(entry))
        {
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            string shown = SafeText.Shorten(equals < 0 ? text : text[..equals], 60);
            if (equals < 0)
            {
                Error(span, $"'{shown}' is not KEY=VALUE");
            }
            else if (!IsVariableName(text[..equals]))
            {
                Error(span, $"'{shown}' is no variable's name", "a name is letters, digits and underscores");
            }
            else if (text.Contains('\0', StringComparison.Ordinal))
            {
                Error(span, $"the value of {shown} has a NUL character");
            }
            else
            {
                variables.Add(new(text[..equals], text[(equals + 1)..]));
            }
        }

        return variables;
    }

    private List<string> Hashes(TomlEntry entry)
    {
        List<string> hashes = [];
        foreach ((string text, TomlSpan span) in Texts(entry))
        {
            // What is wrong is reported; the place is kept so that the number of them is right.
            hashes.Add(Hash(text, span) ?? new string('0', HashDigits));
        }

        return hashes;
    }

    /// <returns>In lower case, or null for what is none.</returns>
    private string? Hash(string text, TomlSpan span)
    {
        if (text.Length == HashDigits && text.All(char.IsAsciiHexDigit))
        {
            return text.ToLowerInvariant();
        }

        Error(span, $"'{SafeText.Shorten(text, 70)}' is not {HashDigits} hex digits", "shellguard leash hash writes them");
        return null;
    }

    private void WrongKind(TomlEntry entry, string expected) => Error(
        entry.Value.Span,
        entry.Value is TomlString text
            ? $"'{entry.Key.Name}' is {expected}, not \"{SafeText.Shorten(text.Value, 60)}\""
            : $"'{entry.Key.Name}' is {expected}, not {entry.Value.Kind}");

    private static bool IsVariableName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
