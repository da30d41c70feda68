using System.Text.Json;
using ShellGuard.Core.Flow.Forms;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Presets;
using ShellGuard.Policy.Walls;
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
            if (top.Name == WallKeys.Tags)
            {
                Assert.Equal("string", top.Value.GetProperty("additionalProperties").GetProperty("type").GetString());
            }
            else if (WallKeys.Tables.Contains(top.Name))
            {
                var item = top.Value.GetProperty(top.Name == WallKeys.Cell ? "additionalProperties" : "items");
                Assert.False(item.GetProperty("additionalProperties").GetBoolean());
                keys.AddRange(item.GetProperty("properties").EnumerateObject().Select(p => $"{top.Name}.{p.Name}"));
            }
            else if (PolicyKeys.Tables.Contains(top.Name))
            {
                Assert.False(top.Value.GetProperty("additionalProperties").GetBoolean());
                keys.AddRange(top.Value.GetProperty("properties").EnumerateObject().Select(p => $"{top.Name}.{p.Name}"));
            }
            else
            {
                keys.Add(top.Name);
            }
        }

        Assert.Equal(PolicyKeys.All.Concat(WallKeys.All).Select(k => k.FullName).Order(), keys.Order());
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
    public void TheReferenceHasEveryKeyOfWallsAndNoOther()
    {
        var rows = Rows("### Keys of walls").TakeWhile(r => r.Length == 3 && !r[0].Contains(' ')).ToList();
        Assert.Equal(WallKeys.All.Select(k => ($"`{k.FullName}`", $"`{k.Example}`", k.Description)), rows.Select(r => (r[0], r[1], r[2])));
    }

    [Fact]
    public void TheReferenceHasEveryForm()
    {
        string text = Reference();
        Assert.All(OutputForms.Kinds, form => Assert.Contains($"| `{form}` |", text, StringComparison.Ordinal));
    }

    [Fact]
    public void TheLoaderTakesEveryKeyOfWallsWithItsExample()
    {
        const string Tags = "[tags]\n\"db:customers\" = \"\"\n\"net:internet\" = \"\"\nprivate = \"\"\nweb = \"\"\negress = \"\"\n"
            + "[[resource]]\nname = \"token\"\nenvironment = [\"CRM_TOKEN\"]\nsource = [\"db:customers\"]\n";
        foreach (string table in WallKeys.Tables.Skip(1))
        {
            foreach (string[] without in new[] { new[] { "never_all" }, ["at_most", "of"], ["clearance"], ["label"] })
            {
                Contexts.Load(Tags + Table(table, "filter", without));
                Contexts.Load(Tags + Table(table, "approval", without));
            }
        }

        static string Table(string table, string kind, string[] without)
        {
            string other = kind == "filter" ? "Approval: " : "Filter: ";
            return WallKeys.Header(table).Replace("NAME", "x", StringComparison.Ordinal) + "\n" + string.Concat(WallKeys.All
                .Where(k => k.Table == table && !without.Contains(k.Name) && !k.Description.StartsWith(other, StringComparison.Ordinal))
                .Where(k => table != WallKeys.Conflict || without[0] is "never_all" or "at_most" || k.Name != "never_all")
                .Where(k => table != WallKeys.Cell || without[0] is "label" or "clearance" || k.Name != "clearance")
                .Where(k => table != WallKeys.Cell || without[0] is "label" || k.Name != "late")
                .Where(k => table != WallKeys.Cell || without[0] is "clearance" || k.Name != "environment")
                .Where(k => table != WallKeys.Cell || k.Name is not ("read-only" or "copy-on-write"))
                .Select(k => k.Name switch
                {
                    "kind" => $"kind = \"{kind}\"\n",
                    "approvers" => "approvers = [\"alice\", \"bob\"]\n",
                    _ => $"{k.Name} = {k.Example}\n",
                }));
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
