using System.Text;
using ShellGuard.Core;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Lines;
using ShellGuard.Leash.Locating;
using ShellGuard.Policy.Toml;

namespace ShellGuard.Leash.Tools;

/// <summary>Expectations for CI: an array of tables <c>[[expect]]</c>, each with <c>line</c>, <c>verdict</c> (<c>"allow"</c>
/// or <c>"deny"</c>) and perhaps <c>name</c>.</summary>
public static class ExpectationFile
{
    /// <summary>Reads a file of expectations.</summary>
    /// <exception cref="LeashException">It is none, or has none.</exception>
    public static IReadOnlyList<Expectation> Read(string path, ReadOnlySpan<byte> bytes)
    {
        TomlDocument document = TomlReader.Read(bytes);
        if (document.Errors is [var first, ..])
        {
            throw new LeashException($"{SafeText.Escape(path)}:{first.Span.Line}: {first.Message}");
        }

        if (document.Root.Entries.FirstOrDefault(entry => entry.Key.Name != "expect") is { } unknown)
        {
            throw new LeashException($"{SafeText.Escape(path)}:{unknown.Key.Span.Line}: unknown key '{SafeText.Shorten(unknown.Key.Name, 60)}'");
        }

        List<Expectation> expectations = [];
        foreach (TomlValue item in document.Root.Find("expect")?.Value is TomlArray array ? array.Items : [])
        {
            expectations.Add(ReadOne(path, item));
        }

        return expectations.Count > 0
            ? expectations
            : throw new LeashException($"{SafeText.Escape(path)} expects nothing; write [[expect]] with line and verdict");
    }

    /// <summary>Those that do not hold, a line each. Nothing runs, and no file is opened.</summary>
    public static IReadOnlyList<string> Check(
        string path, IReadOnlyList<Expectation> expectations, LeashConfiguration configuration)
    {
        List<string> wrong = [];
        foreach (Expectation expected in expectations)
        {
            LineJudgement judged = LineLanguage.Judge(Encoding.UTF8.GetBytes(expected.Line), configuration);
            bool runs = judged.Entry is not null;
            string? problem = runs != expected.IsAllowed
                ? $"is {(runs ? $"allowed by line {judged.Entry!.Source.Line}" : "denied")}"
                : expected.Name is { } name && judged.Entry?.Name != name
                    ? $"runs '{SafeText.Escape(judged.Entry?.Name ?? "")}' and not '{SafeText.Escape(name)}'"
                    : null;
            if (problem is not null)
            {
                wrong.Add($"{SafeText.Escape(path)}:{expected.FileLine}: '{SafeText.Escape(expected.Line)}' {problem}");
            }
        }

        return wrong;
    }

    private static Expectation ReadOne(string path, TomlValue item)
    {
        if (item is not TomlTable table)
        {
            throw new LeashException($"{SafeText.Escape(path)}:{item.Span.Line}: 'expect' holds tables; write [[expect]]");
        }

        string? Text(string key) => table.Find(key)?.Value switch
        {
            null => null,
            TomlString text => text.Value,
            { } other => throw new LeashException($"{SafeText.Escape(path)}:{other.Span.Line}: '{key}' is a string"),
        };
        bool known = table.Entries.All(entry => entry.Key.Name is "line" or "verdict" or "name");
        return Text("line") is { } line && Text("verdict") is { } verdict and ("allow" or "deny") && known
            ? new Expectation(line, verdict == "allow", Text("name"), table.Span.Line)
            : throw new LeashException(
                $"{SafeText.Escape(path)}:{table.Span.Line}: an expectation has line, verdict (\"allow\" or \"deny\") and perhaps name");
    }
}
