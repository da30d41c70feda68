using System.Text.Json;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Presets;
using Xunit;

namespace ShellGuard.Policy.Tests.Docs;

/// <summary>Loader, schema and reference know the same language.</summary>
public sealed class ReferenceTests
{
    [Fact]
    public void TheLoaderTakesEveryKeyWithItsExample()
    {
        foreach (var key in PolicyKeys.All)
        {
            string text = key.Table.Length == 0 ? "" : $"[{key.Table}]\n";
            Contexts.Load($"{text}{key.Name} = {key.Example}\n");
        }
    }

    [Fact]
    public void TheSchemaHasEveryKeyAndNoOther()
    {
        using var schema = JsonDocument.Parse(PolicySchema.Write());
        var keys = new List<string>();
        foreach (var top in schema.RootElement.GetProperty("properties").EnumerateObject())
        {
            if (PolicyKeys.Tables.Contains(top.Name))
            {
                Assert.False(top.Value.GetProperty("additionalProperties").GetBoolean());
                keys.AddRange(top.Value.GetProperty("properties").EnumerateObject().Select(p => $"{top.Name}.{p.Name}"));
            }
            else
            {
                keys.Add(top.Name);
            }
        }

        Assert.Equal(PolicyKeys.All.Select(k => k.FullName).Order(), keys.Order());
    }

    [Fact]
    public void TheReferenceHasEveryKeyAndNoOther()
    {
        var rows = Rows("## Keys");
        Assert.Equal(PolicyKeys.All.Select(k => $"`{k.FullName}`").Order(), rows.Select(r => r[0]).Order());
        foreach (var key in PolicyKeys.All)
        {
            var row = rows.Single(r => r[0] == $"`{key.FullName}`");
            Assert.Equal(key.Flag is null ? "" : $"`{key.Flag}`", row[1]);
            Assert.Equal($"`{key.Example}`", row[2]);
            Assert.Equal(key.Description, row[3]);
        }
    }

    [Fact]
    public void TheReferenceGivesAReasonForEveryHiddenPath()
    {
        var rows = Rows("## What the default preset hides");
        var hidden = Contexts.Preset("default", new PolicyContext("/HOME", "/HOME/x", "x", 1)).Paths
            .Where(p => p.Mode == PathMode.Hidden).Select(p => $"`{p.Path.Replace("/HOME", "~", StringComparison.Ordinal)}`");
        var documented = rows.SelectMany(r => r[0].Split(", ")).ToList();
        Assert.Equal(hidden.Order(), documented.Order());
        Assert.All(rows, r => Assert.True(r[1].Length > 10, r[0]));
    }

    [Fact]
    public void TheReferenceHasEveryPassedVariableAndEveryPreset()
    {
        string text = Reference();
        Assert.All(Contexts.Preset("default").Environment.Pass, n => Assert.Contains($"`{n}`", text, StringComparison.Ordinal));
        Assert.All(PolicyPresets.Names, n => Assert.Contains($"### `{n}`", text, StringComparison.Ordinal));
    }

    [Fact]
    public void TheReferencesExamplesLoad()
    {
        string[] blocks = Reference().Split("```toml\n");
        Assert.True(blocks.Length > 1);
        foreach (string block in blocks.Skip(1))
        {
            Contexts.Load(block[..block.IndexOf("```", StringComparison.Ordinal)]);
        }
    }

    private static List<string[]> Rows(string heading)
    {
        string text = Reference();
        int start = text.IndexOf(heading + "\n", StringComparison.Ordinal);
        Assert.True(start >= 0, heading);
        int end = text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return [.. text[start..(end < 0 ? text.Length : end)].Split('\n')
            .Where(l => l.StartsWith("| `", StringComparison.Ordinal))
            .Select(l => l.Trim('|', ' ').Split(" | ").Select(c => c.Trim()).ToArray())];
    }

    private static string Reference()
    {
        using var stream = typeof(ReferenceTests).Assembly.GetManifestResourceStream("policy-reference.md")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
