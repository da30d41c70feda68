using System.Globalization;
using ShellGuard.Core;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Toml;

namespace ShellGuard.Policy.Evaluation;

/// <summary>Reads a policy document into a layer.</summary>
internal sealed class LayerReader
{
    private readonly LayerBuilder _builder;
    private readonly string _file;

    private LayerReader(LayerBuilder builder)
    {
        _builder = builder;
        _file = builder.Layer.File;
    }

    /// <summary>Reads everything but <c>extends</c>, whose value is returned with its place.</summary>
    public static (string Name, RuleSource Source, int Length)? Read(TomlDocument document, LayerBuilder builder)
    {
        var reader = new LayerReader(builder);
        foreach (var error in document.Errors)
        {
            builder.Report(
                Severity.Error, new RuleSource(reader._file, error.Span.Line, error.Span.Column, ""),
                error.Span.Length, error.Message);
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
                    extends = (text.Value, Source(name, text, text.Value), text.Span.Length);
                }
                else
                {
                    WrongKind(PolicyKeys.Find("", name)!, entry.Value);
                }
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
                Error(entry.Key.Span, $"'{name}' is a table, not {entry.Value.Kind}", $"write [{name}]");
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
                    ReadArray(key, entry.Value, _builder.AddPath);
                    break;
                case PolicyValueKind.Endpoints:
                    ReadArray(key, entry.Value, _builder.AddEndpoint);
                    break;
                case PolicyValueKind.VariableNames:
                    ReadArray(key, entry.Value, _builder.AddVariable);
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

    private void ReadArray(PolicyKey key, TomlValue value, Action<PolicyKey, string, RuleSource, int> add)
    {
        if (value is not TomlArray { IsTables: false } array)
        {
            string? suggestion = value is TomlString single ? $"write {key.Name} = [{Quote(single.Value)}]" : null;
            WrongKind(key, value, suggestion);
            return;
        }

        foreach (var item in array.Items)
        {
            if (item is TomlString text)
            {
                add(key, text.Value, Source(key.Name, text, text.Value), text.Span.Length);
            }
            else
            {
                string example = $"for example {key.Name} = {key.Example}";
                Error(item.Span, $"{key.Name} holds strings, not {item.Kind}", example);
            }
        }
    }

    private void ReadVariables(PolicyKey key, TomlValue value)
    {
        if (value is not TomlTable table)
        {
            WrongKind(key, value);
            return;
        }

        foreach (var entry in table.Entries)
        {
            if (entry.Value is TomlString text)
            {
                var source = Source($"set.{entry.Key.Name}", text, text.Value);
                _builder.SetVariable(entry.Key.Name, text.Value, source, text.Span.Length);
            }
            else
            {
                Error(entry.Value.Span, $"a variable is a string, not {entry.Value.Kind}", "put the value in quotes");
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
                _builder.AddSetting(key, digits, Place(value, $"{key.Name} = {digits}"), value.Span.Length);
                break;
            case TomlBoolean boolean when !takesText:
                string word = boolean.Value ? "true" : "false";
                _builder.AddSetting(key, word, Place(value, $"{key.Name} = {word}"), value.Span.Length);
                break;
            case TomlString text when takesText && text.Value.Length > 0:
                _builder.AddSetting(key, text.Value, Source(key.Name, text, text.Value), value.Span.Length);
                break;
            default:
                WrongKind(key, value);
                break;
        }
    }

    private void UnknownTop(TomlEntry entry)
    {
        string name = entry.Key.Name;
        string what = entry.Value is TomlTable ? "table" : "key";
        var elsewhere = PolicyKeys.All.FirstOrDefault(k => k.Name == name);
        var known = PolicyKeys.Tables.Append("extends");
        string? suggestion = elsewhere is not null && entry.Value is not TomlTable
            ? $"it belongs into [{elsewhere.Table}]"
            : NearestName.Find(name, known) is { } near ? $"did you mean '{near}'?"
            : $"known here are {string.Join(", ", known)}";
        Error(entry.Key.Span, $"unknown {what} '{SafeText.Shorten(name, 60)}'", suggestion);
    }

    private void UnknownKey(string table, TomlKey key)
    {
        var known = PolicyKeys.All.Where(k => k.Table == table).Select(k => k.Name).ToList();
        var elsewhere = PolicyKeys.All.FirstOrDefault(k => k.Name == key.Name);
        string suggestion = elsewhere is { Table.Length: > 0 } ? $"it belongs into [{elsewhere.Table}]"
            : elsewhere is not null ? "it stands above the first table"
            : NearestName.Find(key.Name, known) is { } near ? $"did you mean '{near}'?"
            : $"known in [{table}] are {string.Join(", ", known)}";
        Error(key.Span, $"unknown key '{SafeText.Shorten(key.Name, 60)}' in [{table}]", suggestion);
    }

    private void WrongKind(PolicyKey key, TomlValue value, string? suggestion = null) => Error(
        value.Span, $"{key.Name} is {LayerBuilder.Expected(key)}, not {value.Kind}",
        suggestion ?? $"for example {key.Name} = {key.Example}");

    private void Error(TomlSpan span, string message, string? suggestion) => _builder.Report(
        Severity.Error, new RuleSource(_file, span.Line, span.Column, ""), span.Length, message, suggestion);

    private RuleSource Source(string key, TomlValue at, string value) => Place(at, $"{key} = {Quote(value)}");

    private RuleSource Place(TomlValue at, string text) => new(_file, at.Span.Line, at.Span.Column, text);

    private static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
