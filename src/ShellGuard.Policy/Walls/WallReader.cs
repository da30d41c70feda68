using System.Globalization;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Toml;

namespace ShellGuard.Policy.Walls;

/// <summary>Reads the tables about walls of a policy document.</summary>
internal sealed partial class WallReader(LayerBuilder builder, ValueReader values)
{
    // What somebody can write by hand; the checks compare each with all others.
    private const int MaximumOfAKind = 256;
    private const int LongestName = 100;

    private WallLayer Walls => builder.Layer.Walls;

    /// <summary>Reads one of <see cref="WallKeys.Tables"/>.</summary>
    /// <param name="key">Where the table's name stands first.</param>
    public void Read(string table, TomlValue value, TomlSpan key)
    {
        switch (table, value)
        {
            case (WallKeys.Tags, TomlTable tags):
                ReadTags(tags);
                break;
            case (WallKeys.Cell, TomlTable cells):
                ReadCells(cells);
                break;
            case (WallKeys.Resource or WallKeys.Conflict or WallKeys.Gate, TomlArray array)
                when array.Items.TrueForAll(item => item is TomlTable):
                ReadAll(table, array);
                break;
            default:
                values.Error(
                    key, $"'{table}' is {(table is WallKeys.Tags or WallKeys.Cell ? "a table" : "an array of tables")}, "
                    + $"not {value.Kind}", $"write {WallKeys.Header(table)}");
                break;
        }
    }

    private void ReadAll(string table, TomlArray array)
    {
        foreach (TomlTable item in array.Items.OfType<TomlTable>())
        {
            switch (table)
            {
                case WallKeys.Resource when HasRoom(Walls.Resources.Count, item.Span):
                    ReadResource(item);
                    break;
                case WallKeys.Conflict when HasRoom(Walls.Conflicts.Count, item.Span):
                    ReadConflict(item);
                    break;
                case WallKeys.Gate when HasRoom(Walls.Gates.Count, item.Span):
                    ReadGate(item);
                    break;
            }
        }
    }

    private void ReadTags(TomlTable tags)
    {
        foreach (var entry in tags.Entries)
        {
            string name = entry.Key.Name;
            if (entry.Value is not TomlString)
            {
                bool nested = entry.Value is TomlTable { Origin: TomlTableOrigin.Dotted or TomlTableOrigin.Implicit };
                values.Error(
                    entry.Value.Span, $"a tag has a string that says what it stands for, not {entry.Value.Kind}",
                    nested ? "a name with a dot stands in quotes" : "for example \"net:internet\" = \"anybody outside\"");
            }

            if (!IsWord(name, ":._-", 64))
            {
                values.Error(
                    entry.Key.Span, "a tag has letters, digits and : . _ -, at most 64 of them, the first a letter or digit",
                    "for example \"db:customers\"");
            }
            else if (HasRoom(Walls.Tags.Count, entry.Key.Span))
            {
                // Also with a bad value: who uses it shall not be told that it is unknown.
                string meaning = (entry.Value as TomlString)?.Value ?? "";
                Walls.Tags.Add(new LayerTag(
                    name, meaning, values.Place(entry.Key.Span, $"tag {ValueReader.Quote(name)}")));
            }
        }
    }

    private void ReadResource(TomlTable table)
    {
        LayerBuilder rules = Rules();
        WallTable read = new(WallKeys.Resource, table, values, rules);
        if (NameOf(read, "a resource", WallKeys.Resource, Walls.Resources.Select(r => r.Name)) is not var (name, rule))
        {
            return;
        }

        bool clipboard = read.Flag("clipboard");
        if (clipboard)
        {
            read.Refuse("is not for the clipboard, which no cell reads and no other way leads to", "net", "paths", "environment", "source", "opaque");
        }

        bool takes = read.Has("net") || read.Has("paths") || clipboard;
        if (!takes && read.Has("environment"))
        {
            read.Refuse("is for what can be sent to, and a variable is only read", "sink", "opaque");
        }

        if (!takes && !read.Has("environment"))
        {
            values.Error(table.Span, $"{rule.Text} has neither net nor paths nor environment: nothing carries its tags", "for example net = [\"db.corp:5432\"]");
        }
        else if (read.List("source").Count == 0 && read.List("sink").Count == 0 && !read.Has("source") && !read.Has("sink"))
        {
            values.Error(
                table.Span, $"{rule.Text} has no tags", "source says what comes from it, sink where that goes which is sent to it");
        }

        Walls.Resources.Add(new LayerResource(
            name, [.. rules.Layer.Network.Select(r => r.Pattern)], [.. rules.Layer.Paths.Select(p => p.Rule.Path)],
            Variables(read), read.List("source"), read.List("sink"), read.Flag("opaque") || clipboard, clipboard, rule));
    }

    private void ReadConflict(TomlTable table)
    {
        WallTable read = new(WallKeys.Conflict, table, values, Rules());
        if (NameOf(read, "a conflict set", WallKeys.Conflict, Walls.Conflicts.Select(c => c.Name)) is not var (name, rule))
        {
            return;
        }

        bool never = read.Has("never_all");
        if (never)
        {
            read.Refuse("and never_all say the same in two ways", "at_most", "of");
        }
        else if (!read.Needs(rule.Text, "at_most", "of"))
        {
            return;
        }

        IReadOnlyList<LayerEntry<string>> members = read.List(never ? "never_all" : "of");
        long atMost = never ? members.Count - 1 : read.Number("at_most") ?? 0;
        if (members.Count <= atMost || members.Count == 0)
        {
            string count = members.Count.ToString(CultureInfo.InvariantCulture);
            values.Error(
                read.SpanOf(never ? "never_all" : "at_most"), members.Count == 0
                    ? $"{rule.Text} has no tags"
                    : $"{rule.Text} can never strike: it has {count} {(members.Count == 1 ? "tag" : "tags")}, and as many may meet",
                members.Count == 0 ? null : "make at_most smaller, or name more tags");
            return;
        }

        if (never && members.Count == 1)
        {
            values.Error(read.SpanOf("never_all"), $"{rule.Text} has one tag only", "at_most = 0 says that nobody may have it");
        }

        ConflictMode mode = read.Text("mode") == "wall" ? ConflictMode.Wall : ConflictMode.Flow;
        Walls.Conflicts.Add(new LayerConflict(name, (int)atMost, members, mode, read.Flag("exclusive"), rule));
    }

    private void ReadCells(TomlTable cells)
    {
        foreach (var entry in cells.Entries)
        {
            string name = entry.Key.Name;
            if (entry.Value is not TomlTable table)
            {
                bool isKey = WallKeys.All.Any(k => k.Table == WallKeys.Cell && k.Name == name);
                values.Error(
                    entry.Key.Span, isKey ? "a cell has a name" : $"a cell is a table, not {entry.Value.Kind}",
                    isKey ? $"write [cell.NAME] above {name}" : $"write [cell.{SafeText.Shorten(name, 60)}]");
            }
            else if (!IsWord(name, "._-", 32) || name == "lobby")
            {
                values.Error(
                    entry.Key.Span, name == "lobby"
                        ? "the lobby is there without being said, and what it can reach stands in [network]"
                        : "a cell's name has letters, digits and . _ -, at most 32 of them, the first a letter or digit",
                    "for example [cell.db]");
            }
            else if (HasRoom(Walls.Cells.Count, entry.Key.Span))
            {
                ReadCell(name, table);
            }
        }
    }

    private void ReadCell(string name, TomlTable table)
    {
        LayerBuilder rules = Rules();
        WallTable read = new(WallKeys.Cell, table, values, rules);
        RuleSource rule = values.Place(table.Span, $"[cell.{name}]");
        if (read.Has("label"))
        {
            read.Refuse("is for a cell without a label: with one it never gets anything else", "clearance");
        }

        if (!read.Has("clearance"))
        {
            read.Refuse("is for a cell with a clearance: any other never gets anything else", "late");
        }

        if (read.Flag("clipboard") && read.Has("clearance"))
        {
            read.Refuse("is for a cell without a clearance: what goes to the clipboard is not asked for, and so cannot be refused", "clipboard");
        }

        if (read.Has("clearance"))
        {
            read.Refuse("is for a cell without a clearance: its programs have it from their start, and so its tags", "environment");
        }

        foreach (LayerEntry<string> command in read.List("commands"))
        {
            if (command.Value.Length == 0 || command.Value.Contains('/') || command.Value.Any(char.IsControl))
            {
                builder.Report(
                    Severity.Error, command.Source, builder.Layer.Lengths[command.Source],
                    "a command is the name of a program, without a directory", "for example commands = [\"psql\"]");
            }
        }

        foreach (LayerPath path in rules.Layer.Paths)
        {
            builder.Layer.Lengths[path.Rule.Source] = rules.Layer.Lengths[path.Rule.Source];
        }

        foreach (NetworkRule endpoint in rules.Layer.Network)
        {
            builder.Layer.Lengths[endpoint.Source] = rules.Layer.Lengths[endpoint.Source];
        }

        Walls.Cells.Add(new LayerCell(
            name, read.List("label"), read.Has("clearance") ? read.List("clearance") : null, LateOf(read.Text("late")),
            read.List("commands"),
            [.. rules.Layer.Network], [.. rules.Layer.Paths.Select(p => p.Rule)], Variables(read),
            read.Flag("clipboard") ? values.Place(read.SpanOf("clipboard"), "clipboard = true") : null, rule));
    }

    private IReadOnlyList<LayerEntry<string>> Variables(WallTable table)
    {
        foreach (LayerEntry<string> variable in table.List("environment").Where(one => !LayerBuilder.IsVariableName(one.Value)))
        {
            builder.Report(
                Severity.Error, variable.Source, builder.Layer.Lengths[variable.Source],
                "a variable's name has letters, digits and underscores", "for example environment = [\"CRM_TOKEN\"]");
        }

        return table.List("environment");
    }

    private static LateAcquisition LateOf(string? word) => word switch
    {
        "elsewhere" => LateAcquisition.Elsewhere,
        "sever" => LateAcquisition.Sever,
        _ => LateAcquisition.Refuse,
    };

    /// <summary>Takes the paths and endpoints of one table, which are nobody else's.</summary>
    private LayerBuilder Rules() => builder.Apart();

    private (string Name, RuleSource Rule)? NameOf(WallTable table, string what, string kind, IEnumerable<string> others)
    {
        if (!table.Needs(what, "name"))
        {
            return null;
        }

        string name = table.Text("name")!;
        TomlSpan span = table.SpanOf("name");
        if (name.Length > LongestName || name.Any(char.IsControl) || name.Trim() != name)
        {
            values.Error(span, $"a name has at most {LongestName} characters, no control characters, and no space at its ends", null);
            return null;
        }

        if (others.Contains(name, StringComparer.Ordinal))
        {
            values.Error(span, $"there is a {kind} of this name already", "a later policy can replace it, the same one cannot");
            return null;
        }

        return (name, values.Place(table.Span, $"{kind} {ValueReader.Quote(name)}"));
    }

    private bool HasRoom(int count, TomlSpan span)
    {
        if (count < MaximumOfAKind)
        {
            return true;
        }

        if (count == MaximumOfAKind)
        {
            values.Error(span, $"more than {MaximumOfAKind} of a kind", null);
        }

        return false;
    }

    private static bool IsWord(string text, string signs, int longest) =>
        text.Length > 0 && text.Length <= longest && char.IsAsciiLetterOrDigit(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || signs.Contains(c));
}
