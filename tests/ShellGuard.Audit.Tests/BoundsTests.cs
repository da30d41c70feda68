using System.Text;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Core;

namespace ShellGuard.Audit.Tests;

/// <summary>What a hostile log can make us remember has an end, and going past it is counted.</summary>
public sealed class BoundsTests
{
    private static readonly ProcessImage Process = new(1, 1, null, 0, 0, ProcessImage.UnknownUser, 0);

    [Fact]
    public void Past_the_limit_of_accesses_only_known_ones_are_counted()
    {
        AccessTable table = new(limit: 2);
        foreach (string path in (string[])["/a", "/b", "/c", "/a", "/d"])
        {
            table.Add(Process, Operation.Read, ObjectKind.Path, Encoding.UTF8.GetBytes(path), OutcomePool.Success, default);
        }

        Assert.Equal([("/a", 2L), ("/b", 1L)], table.ToList().Select(seen => (seen.Access.Target, seen.Count)));
        Assert.Equal(2, table.Dropped);
    }

    [Fact]
    public void Past_the_limit_of_texts_only_known_ones_are_counted()
    {
        AccessTable table = new(maxTextBytes: 5);
        foreach (string path in (string[])["/a", "/b", "/long", "/a"])
        {
            table.Add(Process, Operation.Read, ObjectKind.Path, Encoding.UTF8.GetBytes(path), OutcomePool.Success, default);
        }

        Assert.Equal([("/a", 2L), ("/b", 1L)], table.ToList().Select(seen => (seen.Access.Target, seen.Count)));
        Assert.Equal(1, table.Dropped);
    }

    [Fact]
    public void Processes_that_never_end_are_forgotten_at_last()
    {
        StringBuilder log = new();
        for (int pid = 1; pid <= 300_000; pid++)
        {
            log.Append(pid).Append(" openat(AT_FDCWD, \"/a\", O_RDONLY) = 3\n");
        }

        ImportResult result = Recording.Of(Encoding.UTF8.GetBytes(log.ToString()));
        Assert.Equal(300_000, Assert.Single(result.Accesses).Count);
        Assert.Contains(result.Coverage.Reasons, reason => reason is { Problem: CoverageProblem.CutLog, Count: > 37_000 });
    }
}
