using ShellGuard.Core;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Toml;

namespace ShellGuard.Policy.Evaluation;

/// <summary>Reads values of a policy document and reports those that cannot be read, with their place.</summary>
internal sealed class ValueReader(LayerBuilder builder)
{
    private readonly string _file = builder.Layer.File;

    /// <summary>Reads an array of strings.</summary>
    /// <param name="add">Takes key, text, place and length of each.</param>
    public void Strings(PolicyKey key, TomlValue value, Action<PolicyKey, string, RuleSource, int> add)
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

    public void WrongKind(PolicyKey key, TomlValue value, string? suggestion = null) => Error(
        value.Span, $"{key.Name} is {LayerBuilder.Expected(key)}, not {value.Kind}",
        suggestion ?? $"for example {key.Name} = {key.Example}");

    /// <param name="table">As it is written.</param>
    /// <param name="known">The keys that there are.</param>
    /// <param name="suggestion">Where it belongs; null to look for a similar one.</param>
    public void UnknownKey(TomlKey key, string table, IReadOnlyList<string> known, string? suggestion = null) => Error(
        key.Span, $"unknown key '{SafeText.Shorten(key.Name, 60)}' in {table}",
        suggestion
        ?? (NearestName.Find(key.Name, known) is { } near ? $"did you mean '{near}'?"
            : $"known in {table} are {string.Join(", ", known)}"));

    public void Error(TomlSpan span, string message, string? suggestion) => builder.Report(
        Severity.Error, new RuleSource(_file, span.Line, span.Column, ""), span.Length, message, suggestion);

    public RuleSource Source(string key, TomlValue at, string value) => Place(at, $"{key} = {Quote(value)}");

    public RuleSource Place(TomlValue at, string text) => Place(at.Span, text);

    /// <summary>A rule's place; its length is kept for carets.</summary>
    public RuleSource Place(TomlSpan span, string text)
    {
        RuleSource source = new(_file, span.Line, span.Column, text);
        builder.Layer.Lengths[source] = span.Length;
        return source;
    }

    public static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
