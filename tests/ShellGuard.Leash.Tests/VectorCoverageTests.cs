using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace ShellGuard.Leash.Tests;

/// <summary>Each of l8ash's 78 vectors has a test that bears its number as a trait, here or among the system tests;
/// <c>-trait vector=35</c> runs those of one.</summary>
public sealed partial class VectorCoverageTests
{
    private const int Vectors = 78;

    [Fact]
    public void Every_vector_has_a_test()
    {
        HashSet<int> covered = [];
        foreach (string file in Sources())
        {
            // A trait counts on a test only: between it and the method stand nothing but attributes.
            foreach (Match test in Test().Matches(File.ReadAllText(file)))
            {
                foreach (Match trait in Trait().Matches(test.Value))
                {
                    covered.Add(int.Parse(trait.Groups["number"].Value, CultureInfo.InvariantCulture));
                }
            }
        }

        Assert.Equal(Enumerable.Range(1, Vectors), covered.Order());
    }

    private static IEnumerable<string> Sources([CallerFilePath] string here = "")
    {
        string own = Path.GetDirectoryName(here)!;
        string system = Path.Combine(own, "..", "ShellGuard.System.Tests", "Leash");
        return ((string[])[own, system]).SelectMany(
            directory => Directory.GetFiles(directory, "*.cs", SearchOption.AllDirectories));
    }

    [GeneratedRegex(@"^    \[(?:Fact|Theory)\]\n(?:    \[.*\n)+    public ", RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Test();

    [GeneratedRegex("Trait\\(\"vector\", \"(?<number>[0-9]+)\"\\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Trait();
}
