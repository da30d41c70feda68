using System.Globalization;
using ShellGuard.Core;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Toml;
using ShellGuard.Policy.Walls;

namespace ShellGuard.Policy.Evaluation;

/// <summary>Reads a policy document into a layer.</summary>
internal sealed class LayerReader
{
    private readonly LayerBuilder _builder;
    private readonly ValueReader _values;

    private LayerReader(LayerBuilder builder)
    {
        _builder = builder;
        _values = new ValueReader(builder);
    }

    /// <summary>Reads everything but <c>extends</c>, whose value is returned with its place.</summary>
    public static (string Name, RuleSource Source, int Length)? Read(TomlDocument document, LayerBuilder builder)
    {
        var reader = new LayerReader(builder);
        foreach (var error in document.Errors)
        {
            reader._values.Error(error.Span, error.Message, null);
        }

        reader.ReadTop(document.Root, out var extends);
        builder.ReportContradictions();
        return extends;
    }

    private void ReadTop(TomlTable root, out (string Name, RuleSource Source, int Length)? extends)
    {
        extends = null;
        foreach (var entry in root.Entries)
        {
            string name = entry.Key.Name;
            if (name == "extends")
            {
                if (entry.Value is TomlString text)
                {
                    extends = (text.Value, _values.Source(name, text, text.Value), text.Span.Length);
                }
                else
                {
                    _values.WrongKind(PolicyKeys.Find("", name)!, entry.Value);
                }
            }
            else if (WallKeys.Tables.Contains(name, StringComparer.Ordinal))
            {
                new WallReader(_builder, _values).Read(name, entry.Value, entry.Key.Span);
            }
            else if (!PolicyKeys.Tables.Contains(name, StringComparer.Ordinal))
            {
                UnknownTop(entry);
            }
            else if (entry.Value is TomlTable table)
            {
                ReadTable(name, table);
            }
            else
            {
                _values.Error(entry.Key.Span, $"'{name}' is a table, not {entry.Value.Kind}", $"write [{name}]");
            }
        }
    }

    private void ReadTable(string tableName, TomlTable table)
    {
        foreach (var entry in table.Entries)
        {
            var key = PolicyKeys.Find(tableName, entry.Key.Name);
            if (key is null)
            {
                UnknownKey(tableName, entry.Key);
                continue;
            }

            switch (key.Kind)
            {
                case PolicyValueKind.Paths or PolicyValueKind.PathsOrGlobs:
                    _values.Strings(key, entry.Value, _builder.AddPath);
                    break;
                case PolicyValueKind.Endpoints:
                    _values.Strings(key, entry.Value, _builder.AddEndpoint);
                    break;
                case PolicyValueKind.VariableNames:
                    _values.Strings(key, entry.Value, _builder.AddVariable);
                    break;
                case PolicyValueKind.Variables:
                    ReadVariables(key, entry.Value);
                    break;
                default:
                    ReadSetting(key, entry.Value);
                    break;
            }
        }
    }

    private void ReadVariables(PolicyKey key, TomlValue value)
    {
        if (value is not TomlTable table)
        {
            _values.WrongKind(key, value);
            return;
        }

        foreach (var entry in table.Entries)
        {
            if (entry.Value is TomlString text)
            {
                var source = _values.Source($"set.{entry.Key.Name}", text, text.Value);
                _builder.SetVariable(entry.Key.Name, text.Value, source, text.Span.Length);
            }
            else
            {
                _values.Error(entry.Value.Span, $"a variable is a string, not {entry.Value.Kind}", "put the value in quotes");
            }
        }
    }

    private void ReadSetting(PolicyKey key, TomlValue value)
    {
        bool takesInteger = key.Kind is PolicyValueKind.Size or PolicyValueKind.Count;
        bool takesText = key.Kind != PolicyValueKind.Boolean;
        switch (value)
        {
            case TomlInteger integer when takesInteger:
                string digits = integer.Value.ToString(CultureInfo.InvariantCulture);
                _builder.AddSetting(key, digits, _values.Place(value, $"{key.Name} = {digits}"), value.Span.Length);
                break;
            case TomlBoolean boolean when !takesText:
                string word = boolean.Value ? "true" : "false";
                _builder.AddSetting(key, word, _values.Place(value, $"{key.Name} = {word}"), value.Span.Length);
                break;
            case TomlString text when takesText && text.Value.Length > 0:
                _builder.AddSetting(key, text.Value, _values.Source(key.Name, text, text.Value), value.Span.Length);
                break;
            default:
                _values.WrongKind(key, value);
                break;
        }
    }

    private void UnknownTop(TomlEntry entry)
    {
        string name = entry.Key.Name;
        string what = entry.Value is TomlTable ? "table" : "key";
        var elsewhere = PolicyKeys.All.FirstOrDefault(k => k.Name == name);
        var known = PolicyKeys.Tables.Concat(WallKeys.Tables).Append("extends");
        string? suggestion = elsewhere is not null && entry.Value is not TomlTable
            ? $"it belongs into [{elsewhere.Table}]"
            : NearestName.Find(name, known) is { } near ? $"did you mean '{near}'?"
            : $"known here are {string.Join(", ", known)}";
        _values.Error(entry.Key.Span, $"unknown {what} '{SafeText.Shorten(name, 60)}'", suggestion);
    }

    private void UnknownKey(string table, TomlKey key)
    {
        var known = PolicyKeys.All.Where(k => k.Table == table).Select(k => k.Name).ToList();
        var elsewhere = PolicyKeys.All.FirstOrDefault(k => k.Name == key.Name);
        string? suggestion = elsewhere is { Table.Length: > 0 } ? $"it belongs into [{elsewhere.Table}]"
            : elsewhere is not null ? "it stands above the first table"
            : null;
        _values.UnknownKey(key, $"[{table}]", known, suggestion);
    }
}
