using System.Text.Json;
using System.Text.RegularExpressions;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>An audit file, as a test looks at it.</summary>
internal sealed class AuditLines
{
    private readonly List<JsonElement> _lines;

    public AuditLines(string path) => _lines =
        [.. File.ReadAllLines(path).Select(line => JsonDocument.Parse(line).RootElement.Clone())];

    public string Coverage => _lines[0].GetProperty("coverage").GetProperty("state").GetString()!;

    public IReadOnlyList<string> Problems =>
        [.. _lines[0].GetProperty("coverage").GetProperty("reasons").EnumerateArray()
            .Select(reason => reason.GetProperty("problem").GetString()!)];

    public int UnknownLines => _lines[0].GetProperty("unknownLines").GetArrayLength();

    /// <summary>Every distinct access: operation, target, second path, outcome, error.</summary>
    public IReadOnlySet<string> Accesses => _lines
        .Where(line => line.TryGetProperty("target", out _))
        .Select(line => string.Join(
            ' ', new[] { "operationName", "target", "destination", "outcomeName", "error" }
                .Select(name => line.TryGetProperty(name, out JsonElement value) ? value.ToString() : "")
                .Where(text => text.Length > 0)))
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Asserts that both saw the same.</summary>
    public static void AssertSame(AuditLines left, AuditLines right)
    {
        HashSet<string> here = [.. left.Accesses.Select(WithoutChance)];
        HashSet<string> there = [.. right.Accesses.Select(WithoutChance)];
        string[] onlyLeft = [.. here.Except(there)];
        string[] onlyRight = [.. there.Except(here)];
        Assert.True(
            onlyLeft.Length == 0 && onlyRight.Length == 0,
            $"only here: {string.Join("; ", onlyLeft)}\nonly there: {string.Join("; ", onlyRight)}");
    }

    /// <summary>Names that a program makes up anew each time, and numbers of processes.</summary>
    private static string WithoutChance(string access) => Regex.Replace(
        access, @"(?<kind>tmp_(obj|pack|idx|rev)_|/tmp/cc|gc\.pid\.lock|objects/|\.git/t|refs_|\.tmp-|/proc/|pack-)[\w/]+(-[\w.]+)*",
        "${kind}*", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));

    /// <summary>Reads what <c>shellguard trace</c> or <c>import</c> wrote in a test's area.</summary>
    public static AuditLines Of(TestArea area, string name) => new($"{area.Home}/{name}");
}
