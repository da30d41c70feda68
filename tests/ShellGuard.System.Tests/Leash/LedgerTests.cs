using System.Text.Json;
using ShellGuard.Journal;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Leash;

/// <summary>Every line is recorded before it runs, and what cannot be recorded does not run.</summary>
public sealed class LedgerTests
{
    [Theory]
    [BothIdentities]
    public void A_line_a_denial_and_an_end_are_records(Identity identity)
    {
        using LeashArea leash = new(
            identity, LeashArea.Entry("ok", "/bin/echo hi | /bin/cat") + LeashArea.Entry("bad", "/bin/nosuch"));
        leash.Feed("ok\n\u001b[31mevil\nbad\n", ("SSH_CLIENT_LIKE", "x"));
        string session = Assert.Single(leash.Area.Sessions);
        Assert.Equal(JournalStatus.Valid, Remains.Verify(session).Status);
        string log = leash.Area.Shellguard("log");
        Assert.Contains("line allowed: 'ok' /bin/echo /bin/cat", log, StringComparison.Ordinal);
        Assert.Contains("ends with status 0", log, StringComparison.Ordinal);
        Assert.Contains("(0 | 0)", log, StringComparison.Ordinal);
        Assert.Contains("line denied: '\\x1b[31mevil', permission denied [why 1]", log, StringComparison.Ordinal);
        Assert.Contains("line denied: 'bad', /bin/nosuch: No such file or directory", log, StringComparison.Ordinal);
        string json = Remains.JournalText(session);
        Assert.Contains($"\"sha256\":\"{LeashArea.Hash("/bin/cat")}\"", json, StringComparison.Ordinal);
        Assert.Contains("\"inode\":", json, StringComparison.Ordinal);
        Assert.Contains("\"code\":3", json, StringComparison.Ordinal);
        Assert.Contains("execute \\x1b[31mevil", leash.Area.Shellguard("why", "1"), StringComparison.Ordinal);
        Assert.Contains("leash", leash.Area.Shellguard("sessions"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sandbox = 'policy'")]
    public void A_record_names_files_by_device_and_inode_and_tells_what_was_used(string rest)
    {
        using LeashArea leash = new(
            Identity.Ordinary,
            "[leash]\npolicy = 'default'\n" + LeashArea.Entry("work", "/usr/bin/head -c 30000000 /dev/zero | /usr/bin/sha256sum", rest));
        leash.Line("work").Succeed();
        string[] records = [.. leash.Area.Sessions.SelectMany(session => Remains.JournalText(session).Split('\n')).Where(line => line.Length > 0)];
        using JsonDocument line = JsonDocument.Parse(records.Single(record => record.Contains("\"event\":\"line\"", StringComparison.Ordinal)));
        JsonElement[] files = [.. line.RootElement.GetProperty("files").EnumerateArray()];
        string[] programs = ["/usr/bin/head", "/usr/bin/sha256sum"];
        Assert.Equal(programs, files.Select(file => file.GetProperty("path").GetString()));
        foreach ((JsonElement file, string program) in files.Zip(programs))
        {
            string[] known = Programs.Run("/usr/bin/stat", "-L", "-c", "%Hd %Ld %i", program).Succeed().Output.Trim().Split(' ');
            ulong device = file.GetProperty("device").GetUInt64();
            Assert.Equal(known, ((string[])[$"{device >> 32}", $"{device & uint.MaxValue}", $"{file.GetProperty("inode").GetUInt64()}"]));
            Assert.Equal(LeashArea.Hash(program), file.GetProperty("sha256").GetString());
        }

        using JsonDocument end = JsonDocument.Parse(records.Single(record => record.Contains("\"event\":\"line-end\"", StringComparison.Ordinal)));
        Assert.InRange(end.RootElement.GetProperty("duration").GetInt64(), 1_000_000, 100_000_000_000);
        JsonElement[] stages = [.. end.RootElement.GetProperty("stages").EnumerateArray()];
        Assert.Equal([0, 0], stages.Select(stage => stage.GetProperty("exitStatus").GetInt32()));
        Assert.All(stages, stage => Assert.InRange(stage.GetProperty("peak").GetInt64(), 100_000, 1_000_000_000));
        Assert.InRange(stages[1].GetProperty("user").GetInt64() + stages[1].GetProperty("system").GetInt64(), 1000, 100_000_000);
    }

    [Fact]
    public void Without_a_place_for_the_journal_nothing_starts()
    {
        using LeashArea leash = new(Identity.Ordinary, LeashArea.Entry("ok", "/bin/echo hi"));
        Outcome run = leash.Line("ok", ("SHELLGUARD_STATE", "/proc/nowhere"));
        Assert.Equal(("", 125), (run.Output, run.Status));
        Assert.StartsWith("leash: nothing runs without a journal: ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_ends_the_leash_before_the_line_runs()
    {
        using LeashArea leash = new(Identity.Root, LeashArea.Entry("ok", "/bin/echo hi"));
        Programs.Run("mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "none", leash.Area.State).Succeed();
        try
        {
            // Denials are records too; some hundred of them are more than there is room for.
            Outcome run = leash.Feed(string.Concat(Enumerable.Repeat("not listed\n", 500)) + "ok\n");
            Assert.Equal(("", 125), (run.Output, run.Status));
            Assert.Contains("the journal cannot be written", run.Errors, StringComparison.Ordinal);
        }
        finally
        {
            Programs.Run("umount", leash.Area.State);
        }
    }

    [Fact]
    [Trait("vector", "78")]
    public void Vector_78_leashes_at_once_have_journals_of_their_own()
    {
        using LeashArea leash = new(Identity.Ordinary, LeashArea.Entry("ok", "/bin/true"));
        Parallel.For(0, 20, _ => leash.Feed(string.Concat(Enumerable.Repeat("ok\n", 20))));
        Assert.Equal(20, leash.Area.Sessions.Count);
        Assert.All(leash.Area.Sessions, session => Assert.Equal(JournalStatus.Valid, Remains.Verify(session).Status));
        Assert.All(
            leash.Area.Sessions,
            session => Assert.Equal(20, Remains.JournalText(session).Split("\"event\":\"line\"").Length - 1));
    }
}
