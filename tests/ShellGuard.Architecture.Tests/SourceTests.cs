using System.Text.RegularExpressions;

namespace ShellGuard.Architecture.Tests;

/// <summary>What must not stand in the product's sources, found by reading them.</summary>
public sealed class SourceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Files above 400 lines, with the reason.</summary>
    private static readonly Dictionary<string, string> Long = new(StringComparer.Ordinal)
    {
        ["src/ShellGuard.Linux/Abi/SystemCall.cs"] = "one line for each number of the kernel",
    };

    /// <summary>Where a pattern may stand: the folder, and what is meant.</summary>
    public static TheoryData<string, string, string> Banned => new()
    {
        { @"\bProcess\.Start\b|\bnew Process\b", "", "a process is started by a LaunchScript" },
        { @"(?<!\w)File\.Exists\b|\bDirectory\.Exists\b", "", "open it and look at the error" },
        { @"\bConsole\.", "src/ShellGuard.Cli/", "only verbs talk to the person" },
        { @"\bDateTime(Offset)?\.(Utc)?Now\b", "", "use TimeProvider" },
        { @"\bJsonSerializer\b(?!Context)", "", "NativeAOT: Utf8JsonReader and Utf8JsonWriter" },
        { @"\bXmlSerializer\b|\bBinaryFormatter\b|\bActivator\.CreateInstance\b", "", "NativeAOT: no reflection" },
        { @"""-c""|/bin/(ba)?sh -c", "", "no shell commands are put together from text" },
        { @"\b(DllImport|LibraryImport)\b", "src/ShellGuard.Linux/", "only this project talks to the kernel" },
        { @"^\s*(?!//).*\bunsafe\b(?!.*"")", "src/ShellGuard.Linux/", "pointers stay where the kernel is" },
        { @"\bNotImplementedException\b|\b(TODO|FIXME|HACK)\b", "", "finish it" },
    };

    [Theory]
    [MemberData(nameof(Banned))]
    public void A_banned_pattern_stands_nowhere_else(string pattern, string allowed, string instead)
    {
        Regex banned = new(pattern, RegexOptions.ExplicitCapture, Patience);
        List<string> found = [];
        foreach (string file in SourceTree.Sources)
        {
            if (allowed.Length > 0 && file.StartsWith(allowed, StringComparison.Ordinal))
            {
                continue;
            }

            string[] lines = SourceTree.Lines(file);
            for (int i = 0; i < lines.Length; i++)
            {
                if (!lines[i].TrimStart().StartsWith("//", StringComparison.Ordinal) && banned.IsMatch(lines[i]))
                {
                    found.Add($"{file}:{i + 1}: {instead}: {lines[i].Trim()}");
                }
            }
        }

        Assert.Empty(found);
    }

    [Theory]
    [InlineData("P:System.DateTime.Now;")]
    [InlineData("P:System.DateTime.UtcNow;")]
    [InlineData("M:System.IO.File.Exists(System.String);")]
    [InlineData("M:System.Diagnostics.Process.Start(System.Diagnostics.ProcessStartInfo);")]
    public void The_compiler_refuses_it_too(string symbol) =>
        Assert.Contains(symbol, SourceTree.Text("build/BannedSymbols.txt"), StringComparison.Ordinal);

    [Fact]
    public void Only_one_project_may_be_unsafe()
    {
        IEnumerable<string> projects = SourceTree.Files.Where(file =>
            file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".csproj", StringComparison.Ordinal)
            && SourceTree.Text(file).Contains("AllowUnsafeBlocks", StringComparison.Ordinal));
        Assert.Equal(["src/ShellGuard.Linux/ShellGuard.Linux.csproj"], projects);
        Assert.DoesNotContain("AllowUnsafeBlocks", SourceTree.Text("Directory.Build.props"), StringComparison.Ordinal);
    }

    /// <summary>A member that pins, casts to a pointer or takes an address says what must hold for it.</summary>
    [Fact]
    public void Whoever_uses_a_pointer_says_why_it_is_safe()
    {
        Regex pointer = new(
            @"\bfixed \(|\(\w+\*+\)|\w\* \w+ = (stackalloc|\()|stackalloc .*\*|NativeMemory\.", RegexOptions.ExplicitCapture, Patience);
        List<string> silent = [];
        foreach (string file in SourceTree.Sources)
        {
            foreach ((int line, string member) in Members(file))
            {
                if (pointer.IsMatch(member) && !member.Contains("// SAFETY:", StringComparison.Ordinal))
                {
                    silent.Add($"{file}:{line}: {member.Trim().Split('\n')[0].Trim()}");
                }
            }
        }

        Assert.Empty(silent);
    }

    [Fact]
    public void A_long_file_has_a_reason()
    {
        IEnumerable<string> found = SourceTree.Sources.Where(file => SourceTree.Lines(file).Length > 400);
        Assert.Equal(Long.Keys.Order(), found.Order());
    }

    /// <summary>The members of a type: what stands between closing braces or semicolons at their indentation.</summary>
    private static IEnumerable<(int Line, string Text)> Members(string file)
    {
        string[] lines = SourceTree.Lines(file);
        int start = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            bool ends = lines[i] == "    }"
                || (lines[i].EndsWith(';') && (i + 1 == lines.Length || lines[i + 1].Length == 0 || lines[i + 1] == "}")
                    && IndentationOf(lines, start, i) == 4);
            if (ends)
            {
                yield return (start + 1, string.Join<string>('\n', new ArraySegment<string>(lines, start, i - start + 1)));
                start = i + 1;
            }
        }
    }

    /// <summary>The indentation of the first line of a member that is neither blank nor a comment, unless a block was
    /// opened there.</summary>
    private static int IndentationOf(string[] lines, int start, int end)
    {
        ArraySegment<string> member = new(lines, start, end - start + 1);
        bool opensBlock = member.Contains("    {", StringComparer.Ordinal);
        string first = member.FirstOrDefault(line => line.Length > 0 && !line.TrimStart().StartsWith('/')) ?? "";
        return opensBlock ? 0 : first.Length - first.TrimStart().Length;
    }
}
