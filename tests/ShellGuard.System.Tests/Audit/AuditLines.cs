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

    /// <summary>The same with who did it: the program, its arguments and its user, and the programs that started it. Of programs
    /// only that do not record others; what starts the first one has no program yet.</summary>
    public IReadOnlySet<string> AccessesOfPrograms
    {
        get
        {
            Dictionary<int, JsonElement> processes = _lines.Where(line => !IsAccess(line) && line.TryGetProperty("process", out _))
                .ToDictionary(line => line.GetProperty("process").GetInt32());
            return _lines.Where(IsAccess)
                .Select(line => (Who: Who(processes, line.GetProperty("process").GetInt32()), What: Text(line)))
                .Where(access => access.Who.Length > 0)
                .Select(access => $"{access.Who}: {access.What}").ToHashSet(StringComparer.Ordinal);
        }
    }

    /// <summary>Who did something; a log of strace need not tell which user it began as, which is root here. Empty for what records, and for what has no program yet.</summary>
    private static string Who(Dictionary<int, JsonElement> processes, int number)
    {
        JsonElement process = processes[number];
        if (!process.TryGetProperty("program", out JsonElement program) || IsRecorder(program))
        {
            return "";
        }

        StringBuilder who = new($"{program} {(process.TryGetProperty("argv", out JsonElement argv) ? argv : "")} user {(process.TryGetProperty("user", out JsonElement user) ? user : "0")}");
        while (process.TryGetProperty("parent", out JsonElement parent) && processes[parent.GetInt32()] is var next
            && next.TryGetProperty("program", out program) && !IsRecorder(program))
        {
            who.Append(CultureInfo.InvariantCulture, $" < {program}");
            process = next;
        }

        return who.ToString();
    }

    private static bool IsRecorder(JsonElement program) => Path.GetFileName(program.ToString()) is "strace" or "shellguard";

    /// <summary>Asserts that both saw the same, but for chance.</summary>
    public static void AssertSame(AuditLines left, AuditLines right) =>
        AssertSame(left.Accesses.Select(WithoutChance).ToHashSet(), right.Accesses.Select(WithoutChance).ToHashSet());

    /// <summary>Asserts that both are the same.</summary>
    public static void AssertSame(IReadOnlySet<string> here, IReadOnlySet<string> there)
    {
        string[] onlyLeft = [.. here.Except(there)];
        string[] onlyRight = [.. there.Except(here)];
        Assert.True(
            onlyLeft.Length == 0 && onlyRight.Length == 0,
            $"only here: {string.Join("; ", onlyLeft)}\nonly there: {string.Join("; ", onlyRight)}");
    }

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
