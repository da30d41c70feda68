using System.Runtime.CompilerServices;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>The leak suite in its short form: what must be closed between a side and the lobby, with few bits. Without the
/// short form it writes docs/leaks.md.</summary>
public sealed class LeakTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    [Theory, BothIdentities]
    public void Nothing_gets_through_that_is_closed(Identity identity)
    {
        Outcome outcome = Programs.Run(
            Programs.Start(
                ["python3", Suite(), "--short", "--as", identity == Identity.Root ? "root" : "user"],
                environment: new Dictionary<string, string> { ["SHELLGUARD_BINARY"] = NativeBinary.Path, ["HOME"] = "/root" }),
            null,
            Patience);
        string text = $"{outcome.Output}\n{outcome.Errors}";
        Assert.True(outcome.Status == 0, text);
        Assert.Contains(" ways of ", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("LEAKS", outcome.Output, StringComparison.Ordinal);

        // A sender that does not send would leak nothing either.
        Assert.All(
            outcome.Output.Split('\n').Where(line => Controlled.Any(way => line.Contains($" {way} ", StringComparison.Ordinal))),
            line => Assert.Contains("control: **", line, StringComparison.Ordinal));
    }

    /// <summary>Ways whose controls need neither root nor luck.</summary>
    private static IReadOnlyList<string> Controlled { get; } =
    [
        "contents of a file in the working directory", "flock of a file of the base", "inotify of a file of the base",
        "size of a named pipe of the base", "memory from before", "abstract unix socket", "name of a process",
    ];

    private static string Suite([CallerFilePath] string here = "")
    {
        DirectoryInfo root = new(Path.GetDirectoryName(here)!);
        while (!File.Exists($"{root.FullName}/ShellGuard.slnx"))
        {
            root = root.Parent ?? throw new InvalidOperationException($"no ShellGuard.slnx above {here}");
        }

        return $"{root.FullName}/bench/leaks.py";
    }
}
