using System.Text;
using ShellGuard.Leash.Configuration;
using ShellGuard.Policy.Toml;

namespace ShellGuard.Leash.Tools;

/// <summary>Writes hashes into the text of a configuration and leaves everything else as it is: comments, order, blanks.
/// </summary>
public static class HashEdit
{
    /// <summary>The edited text.</summary>
    /// <param name="configuration">What the text was read as.</param>
    /// <param name="problem">Why it cannot be done; null where it was.</param>
    public static byte[]? Apply(byte[] text, LeashConfiguration configuration, HashList hashes, out string? problem)
    {
        TomlDocument document = TomlReader.Read(text);
        List<(int Start, int End, string Text)> edits = [];
        problem = null;
        if (document.Errors.Count > 0 || document.Root.Find("whitelist")?.Value is not TomlArray { IsTables: true } list)
        {
            problem = "the entries are not written as [[whitelist]], and so have to be edited by hand";
            return null;
        }

        foreach ((LeashEntry entry, IReadOnlyList<string> values) in hashes.Entries)
        {
            int at = configuration.Entries.ToList().IndexOf(entry);
            edits.Add(EntryEdit(document.Text, (TomlTable)list.Items[at], values));
        }

        edits.AddRange(TableEdits(document, "interpreters", hashes.Interpreters));
        edits.AddRange(TableEdits(document, "libraries", hashes.Libraries));
        StringBuilder edited = new(document.Text.Text);
        foreach ((int start, int end, string replacement) in edits.OrderByDescending(edit => edit.Start))
        {
            edited.Remove(start, end - start).Insert(start, replacement);
        }

        byte[] bytes = Encoding.UTF8.GetBytes(edited.ToString());
        if (!Holds(ConfigurationReader.Read(configuration.File, bytes).Configuration, hashes))
        {
            problem = "the edited text would not say what it should; write the hashes by hand";
            return null;
        }

        return bytes;
    }

    /// <summary>An entry's hashes as a value of TOML.</summary>
    public static string Value(IEnumerable<string> hashes) => $"[{string.Join(", ", hashes.Select(hash => $"\"{hash}\""))}]";

    private static (int, int, string) EntryEdit(TomlText text, TomlTable table, IReadOnlyList<string> hashes)
    {
        if (table.Find("integrity") is { } known)
        {
            int start = text.Offset(known.Value.Span.Line, known.Value.Span.Column);
            return (start, EndOfArray(text.Text, start), Value(hashes));
        }

        TomlSpan command = table.Find("command_line")!.Key.Span;
        int line = text.Offset(command.Line, command.Column);
        return (line, line, $"integrity = {Value(hashes)}\n");
    }

    private static IEnumerable<(int, int, string)> TableEdits(
        TomlDocument document, string name, IReadOnlyDictionary<string, string> hashes)
    {
        TomlText text = document.Text;
        TomlTable? table = document.Root.Find(name)?.Value as TomlTable;
        StringBuilder added = new();
        foreach ((string path, string hash) in hashes)
        {
            if (table?.Find(path) is { } known)
            {
                int start = text.Offset(known.Value.Span.Line, known.Value.Span.Column);
                yield return (start, start + known.Value.Span.Length, $"\"{hash}\"");
            }
            else
            {
                added.Append($"'{path}' = \"{hash}\"\n");
            }
        }

        if (added.Length == 0)
        {
            yield break;
        }

        if (table is null)
        {
            string separator = text.Text.EndsWith('\n') ? "\n" : "\n\n";
            yield return (text.Text.Length, text.Text.Length, $"{separator}[{name}]\n{added}");
        }
        else
        {
            int header = text.Offset(table.Span.Line, 1);
            int end = text.Text.IndexOf('\n', header);
            int place = end < 0 ? text.Text.Length : end + 1;
            yield return (place, place, (end < 0 ? "\n" : "") + added);
        }
    }

    /// <summary>The end of an array of strings that the reader has accepted.</summary>
    private static int EndOfArray(string text, int start)
    {
        int at = start + 1;
        while (text[at] != ']')
        {
            at = text[at] switch
            {
                '"' => text.IndexOf('"', at + 1) + 1,
                '\'' => text.IndexOf('\'', at + 1) + 1,
                '#' => text.IndexOf('\n', at) + 1,
                _ => at + 1,
            };
        }

        return at + 1;
    }

    private static bool Holds(LeashConfiguration? edited, HashList hashes) =>
        edited is not null
        && hashes.Entries.All(wanted => edited.Entries.FirstOrDefault(entry => entry.Name == wanted.Entry.Name)?.Integrity
            .SequenceEqual(wanted.Hashes) == true)
        && hashes.Interpreters.All(wanted => edited.Interpreters.GetValueOrDefault(wanted.Key) == wanted.Value)
        && hashes.Libraries.All(wanted => edited.Libraries.GetValueOrDefault(wanted.Key) == wanted.Value);
}
