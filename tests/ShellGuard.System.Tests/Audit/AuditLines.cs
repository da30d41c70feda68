using System.Globalization;
using System.Text;
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
    public IReadOnlySet<string> Accesses => _lines.Where(IsAccess).Select(Text).ToHashSet(StringComparer.Ordinal);

    /// <summary>The same by the programs that did it, with their user. Of programs only that do not record others; what starts
    /// the first one has no program yet.</summary>
    public IReadOnlyDictionary<string, Doer> AccessesOfPrograms
    {
        get
        {
            Dictionary<int, JsonElement> processes = _lines.Where(line => !IsAccess(line) && line.TryGetProperty("process", out _))
                .ToDictionary(line => line.GetProperty("process").GetInt32());
            return _lines.Where(IsAccess)
                .Select(line => (Line: line, Process: processes[line.GetProperty("process").GetInt32()]))
                .Where(access => access.Process.TryGetProperty("program", out JsonElement program) && !IsRecorder(program))
                .GroupBy(access => $"{By(access.Process)}: {Text(access.Line)}", StringComparer.Ordinal)
                .ToDictionary(
                    same => same.Key,
                    same => new Doer(How(processes, same.First().Process), same.Sum(access => access.Line.GetProperty("count").GetInt64())),
                    StringComparer.Ordinal);
        }
    }

    /// <summary>Who did something; a log of strace need not tell which user it began as, which is root here.</summary>
    private static string By(JsonElement process) =>
        $"{process.GetProperty("program")} user {(process.TryGetProperty("user", out JsonElement user) ? user : "0")}";

    /// <summary>The arguments, and the programs that started it.</summary>
    private static string How(Dictionary<int, JsonElement> processes, JsonElement process)
    {
        StringBuilder how = new(process.TryGetProperty("argv", out JsonElement argv) ? argv.ToString() : "");
        while (process.TryGetProperty("parent", out JsonElement parent) && processes[parent.GetInt32()] is var next
            && next.TryGetProperty("program", out JsonElement program) && !IsRecorder(program))
        {
            how.Append(CultureInfo.InvariantCulture, $" < {program}");
            process = next;
        }

        return how.ToString();
    }

    private static bool IsRecorder(JsonElement program) => Path.GetFileName(program.ToString()) is "strace" or "shellguard";

    /// <summary>Asserts that both saw the same, but for chance.</summary>
    public static void AssertSame(AuditLines left, AuditLines right) =>
        AssertSame(left.Accesses.Select(WithoutChance).ToHashSet(), right.Accesses.Select(WithoutChance).ToHashSet());

    /// <summary>Asserts that both saw the same programs do the same, and how. Of what was done more than once the first is told,
    /// and of programs that run at the same time that is chance.</summary>
    public static void AssertSame(IReadOnlyDictionary<string, Doer> here, IReadOnlyDictionary<string, Doer> there)
    {
        AssertSame(here.Keys.ToHashSet(), there.Keys.ToHashSet());
        string[] once = [.. here.Keys.Where(access => here[access].Count == 1 && there[access].Count == 1)];
        AssertSame(
            once.Select(access => $"{here[access].How}, {access}").ToHashSet(), once.Select(access => $"{there[access].How}, {access}").ToHashSet());
    }

    /// <summary>Asserts that both are the same.</summary>
    public static void AssertSame(IReadOnlySet<string> here, IReadOnlySet<string> there)
    {
        string[] onlyLeft = [.. here.Except(there)];
        string[] onlyRight = [.. there.Except(here)];
        Assert.True(
            onlyLeft.Length == 0 && onlyRight.Length == 0,
            $"only here: {string.Join("; ", onlyLeft)}\nonly there: {string.Join("; ", onlyRight)}");
    }

    /// <param name="How">With what arguments, and started by which programs, the first time.</param>
    /// <param name="Count">How often.</param>
    internal sealed record Doer(string How, long Count);

    private static bool IsAccess(JsonElement line) => line.TryGetProperty("target", out _);

    private static string Text(JsonElement line) => string.Join(
        ' ', new[] { "operationName", "target", "destination", "outcomeName", "error" }
            .Select(name => line.TryGetProperty(name, out JsonElement value) ? value.ToString() : "")
            .Where(text => text.Length > 0));

    /// <summary>Names that a program makes up anew each time, and numbers of processes.</summary>
    private static string WithoutChance(string access) => Regex.Replace(
        access, @"(?<kind>tmp_(obj|pack|idx|rev)_|/tmp/cc|gc\.pid\.lock|objects/|\.git/t|refs_|\.tmp-|/proc/|pack-)[\w/]+(-[\w.]+)*",
        "${kind}*", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));

    /// <summary>Reads what <c>shellguard trace</c> or <c>import</c> wrote in a test's area.</summary>
    public static AuditLines Of(TestArea area, string name) => new($"{area.Home}/{name}");
}
