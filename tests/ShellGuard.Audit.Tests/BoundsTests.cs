using System.Text;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Export;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Import.Strace;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Tests.Profiles;
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

    [Fact]
    public void Errors_without_end_are_never_successes()
    {
        ImportResult result = Recording.Of(Enumerable.Range(0, 5000).Select(number => $"10 access(\"/x\", F_OK) = -1 E{number:D20} (x)"));
        Assert.DoesNotContain("Stat /x", result.Accesses());
        Assert.Equal(5000, result.Accesses.Sum(seen => seen.Count));
        Assert.Contains(result.Coverage.Reasons, reason => reason is { Problem: CoverageProblem.TooManyAccesses, Count: > 1000 });
    }

    [Fact]
    public void Names_of_calls_without_end_are_no_whole_filter()
    {
        string[] always = ["execve", "mmap", "read", "close", "exit_group"];
        ImportResult result = Recording.Of(always.Concat(Enumerable.Range(0, 1000).Select(number => $"x{number}")).Select(name => $"10 {name}() = 0"));
        Assert.Contains(result.Coverage.Reasons, reason => reason is { Problem: CoverageProblem.TooManyAccesses, Count: 5 });
        Assert.False(SeccompExporter.CallsOf(ProfileBuilder.Build(result, new GeneralOptions(), new FakeHost()), null).IsWhole);
    }

    [Fact]
    public void Descriptors_of_many_processes_have_one_bound()
    {
        StringBuilder log = new("10 execve(\"/bin/sh\", [\"sh\"], 0x7ffe /* 1 var */) = 0\n");
        for (int descriptor = 3; descriptor < 65_003; descriptor++)
        {
            log.Append("10 openat(AT_FDCWD, \"/a\", O_RDONLY) = ").Append(descriptor).Append('\n');
        }

        for (int child = 11; child < 411; child++)
        {
            log.Append("10 fork() = ").Append(child).Append('\n').Append(child).Append(" close(3) = 0\n");
        }

        byte[] bytes = Encoding.UTF8.GetBytes(log.ToString());
        long before = GC.GetAllocatedBytesForCurrentThread();
        Recording.Of(bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000_000);
    }

    [Fact]
    public void Descriptors_that_are_not_kept_are_not_known_until_a_process_is_gone()
    {
        DescriptorBudget budget = new();
        List<DescriptorTable> tables = [];
        OpenDescriptor open = new(1);
        for (int table = 0; table < 300; table++)
        {
            tables.Add(new DescriptorTable(budget));
            for (int number = 0; number < 4000; number++)
            {
                tables[^1].Set(number, open, closesOnExec: number % 2 == 0);
            }
        }

        Assert.False(tables[299].TryGet(0, out _));
        DescriptorTable fork = tables[0].Fork(), shared = tables[1].Share();
        fork.Close(0);
        Assert.False(fork.TryGet(1, out _));
        Assert.True(tables[0].TryGet(1, out _));
        shared.Release();
        Assert.True(tables[1].TryGet(1, out _));
        shared.Release();
        Assert.False(tables[1].TryGet(1, out _));
        tables[299].Set(0, open, closesOnExec: false);
        Assert.True(tables[299].TryGet(0, out _));
        Assert.True(tables[299].AfterExec().TryGet(0, out _));
    }

    [Fact]
    public void A_descriptor_means_what_was_opened_last_also_where_there_are_too_many()
    {
        IEnumerable<string> opened = Enumerable.Range(3, 70_000).Select(number => $"10 openat(AT_FDCWD, \"/old\", O_RDONLY) = {number}");
        ImportResult result = Recording.Of(
        [
            "10 execve(\"/bin/sh\", [\"sh\"], 0x7ffe /* 1 var */) = 0", .. opened,
            "10 openat(AT_FDCWD, \"/new\", O_RDONLY) = 3", "10 fchmod(3, 0600) = 0", "10 fchmod(70000, 0600) = 0",
        ]);
        Assert.Equal(
            ["ChangeAttributes /new", "ChangeAttributes ?descriptor 70000"],
            result.Accesses().Where(access => access.StartsWith("Change", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Calls_that_make_processes_and_never_end_cost_no_more_than_others()
    {
        const int many = 100_000;
        StringBuilder log = new();
        for (int pid = 1; pid <= many; pid++)
        {
            log.Append(pid).Append(" fork( <unfinished ...>\n");
        }

        for (int i = 0; i < many; i++)
        {
            log.Append("1 getpid() = 1\n");
        }

        Assert.Equal(2 * many, Recording.Of(Encoding.UTF8.GetBytes(log.ToString())).Lines.Total);
    }

    [Fact]
    public void Lines_that_are_kept_cost_no_more_than_others()
    {
        const int many = 300_000;
        StringBuilder log = new("1 fork( <unfinished ...>\n2 fork( <unfinished ...>\n3 fork( <unfinished ...>\n");
        for (int pid = 10; pid < 4010; pid++)
        {
            log.Append(pid).Append(" getpid() = 1\n");
        }

        for (int child = 0; child < many; child++)
        {
            log.Append("2 fork() = ").Append(child + 10_000).Append("\n2 fork( <unfinished ...>\n");
        }

        Assert.Equal((2 * many) + 4003, Recording.Of(Encoding.UTF8.GetBytes(log.ToString())).Lines.Total);
    }

    [Fact]
    public void Executions_of_one_process_in_a_table_are_found_at_once()
    {
        const int many = 100_000;
        StringBuilder log = new("PCOMM            PID    PPID   RET ARGS\n");
        for (int i = 0; i < many; i++)
        {
            log.Append("a                1      0        0 /bin/a\n");
        }

        log.Append("PID    COMM               FD ERR PATH\n");
        for (int i = 0; i < many; i++)
        {
            log.Append("1      b                   3   0 /x\n");
        }

        Assert.Equal(many, Recording.Of(Encoding.UTF8.GetBytes(log.ToString())).Accesses.Single(seen => seen.Access.Operation == Operation.Read).Count);
    }

    [Fact]
    public void Beginnings_of_calls_for_other_files_have_a_bound()
    {
        AccessTable table = new();
        CoverageLog coverage = new();
        StraceReader reader = new(table, coverage, new LineCounts(), isSplit: true);
        byte[] call = new byte[40 * 1024 * 1024];
        "execve(\"/bin/a\", [\"a\"], NULL"u8.CopyTo(call);
        reader.KeepBeginning(5, call.AsSpan(0, call.Length));
        reader.KeepBeginning(5, call.AsSpan(0, call.Length));
        reader.Read("<... execve resumed>) = 0"u8, default, 5);
        Assert.False(coverage.Has(CoverageProblem.UnpairedCalls));
        reader.Read("<... execve resumed>) = 0"u8, default, 5);
        Assert.True(coverage.Has(CoverageProblem.UnpairedCalls));
    }

    [Fact]
    public void Many_changes_in_one_directory_are_one_rule_in_good_time()
    {
        const int many = 40_000;
        ImportResult result = Recording.Of(Enumerable.Range(0, many).Select(number => $"10 rename(\"/srv/{number}\", \"/srv/x{number}\") = 0")
            .Prepend("10 execve(\"/bin/sh\", [\"sh\"], 0x7ffe /* 1 var */) = 0"));
        FakeHost host = new FakeHost().Directory("/srv");
        string text = new PolicyExporter(host).Write(ProfileBuilder.Build(result, new GeneralOptions { IsExact = true }, host), new ExportOptions());
        Assert.Contains("\"/srv\"", text, StringComparison.Ordinal);
    }
}
