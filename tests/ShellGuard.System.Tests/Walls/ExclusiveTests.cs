using System.Globalization;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary><c>exclusive = true</c>: cells of both sides of a conflict set never run at the same time.</summary>
public sealed class ExclusiveTests
{
    private const string Query = "psql -Atc 'select name from customers order by id'";

    /// <summary>FILE MILLISECONDS: writes the time again and again, from two threads and a child, at most until there is a
    /// file <c>stop</c>.</summary>
    private const string Ticks = """
        import os, sys, threading, time
        os.fork()
        out = open(sys.argv[1], 'a')
        end = time.time() + int(sys.argv[2]) / 1000
        def tick():
            while time.time() < end and not os.path.exists('stop'):
                out.write('%d\n' % time.time_ns())
                out.flush()
        other = threading.Thread(target=tick)
        other.start()
        tick()
        other.join()
        """;

    [Theory, BothIdentities]
    public void While_a_side_runs_the_other_stands_still(Identity identity)
    {
        using GateWorld gates = World(identity);
        gates.Area.Write("ticks.py", Ticks);
        Outcome outcome = gates.Lobby("""
            python3 ticks.py lobby 600000 &
            sleep 0.5
            for i in 1 2 3; do
                echo side
                shellguard run --in db -- sh -c 'rm -f db; python3 ticks.py db 300; sleep 0.1; cat db'
                sleep 0.2
            done
            touch stop
            wait
            sleep 0.5
            echo lobby
            cat lobby
            """);
        string[] parts = outcome.Succeed().Output.Split("lobby\n");
        long[] lobby = [.. Numbers(parts[1])];
        string[] sides = parts[0].Split("side\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, sides.Length);
        foreach (string side in sides)
        {
            long[] ticks = [.. Numbers(side)];
            Assert.True(ticks.Length > 100);
            long first = ticks.Min();
            long last = ticks.Max();
            Assert.DoesNotContain(lobby, tick => tick > first && tick < last);
            Assert.Contains(lobby, tick => tick < first);
            Assert.Contains(lobby, tick => tick > last);
        }

        Leftovers.AssertNone(gates.Area);
    }

    [Theory, BothIdentities]
    public void The_job_is_done_one_side_after_the_other(Identity identity)
    {
        using GateWorld gates = World(identity);
        gates.AddFilter("count", "exec wc -l", "integer 0..1000000");
        Outcome outcome = gates.Lobby($"""
            (while :; do :; done) & loop=$!
            {Query} | wc -l
            {Query} > out.csv; wc -l out.csv
            echo 'select 6 * 7' | psql -At
            psql -At <<SQL
            select 'here-document';
            SQL
            {Query} | count
            {Query} | count | curl -s -T - $OUT
            curl -s $OUT
            cat out.csv | curl -s -T - $OUT; echo $?
            (sleep 1; echo 'select 1') | psql -At; echo $?
            kill $loop; wait; echo end
            """);
        Assert.Equal("3\n3 out.csv\n42\nhere-document\n3\nthere\nthere\n126\n126\nend\n", outcome.Succeed().Output);
        Assert.Contains("put it into a file first", gates.Area.Shellguard("why", "2"), StringComparison.Ordinal);
        Assert.DoesNotContain(CustomerWorld.Secret, gates.World.Received, StringComparison.Ordinal);
        Leftovers.AssertNone(gates.Area);
    }

    /// <summary>Its writer is the person, who is never frozen.</summary>
    [Theory, BothIdentities]
    public void A_side_reads_what_the_person_still_writes(Identity identity)
    {
        using GateWorld gates = World(identity);
        using var session = gates.Start("(while :; do :; done) & shellguard run --in db -- sh -c 'read one; echo $one'; kill %1");
        session.StandardInput.WriteLine("typed");
        session.StandardInput.Flush();
        Assert.Equal("typed", session.StandardOutput.ReadLine());
        Assert.True(session.WaitForExit(Programs.Patience), "it did not end");
        Leftovers.AssertNone(gates.Area);
    }

    /// <summary>A process that a side leaves behind runs only while a command of that side does.</summary>
    [Theory, BothIdentities]
    public void What_a_side_leaves_behind_stops_with_its_last_command(Identity identity)
    {
        using GateWorld gates = World(identity);
        gates.Area.Write("ticks.py", Ticks);
        Outcome outcome = gates.Lobby("""
            shellguard run --in db -- sh -c 'setsid python3 ticks.py left 100000 > /dev/null 2>&1 & sleep 0.5'
            shellguard run --in db -- sh -c 'cat left | tail -n 1'
            sleep 1
            echo alone
            shellguard run --in db -- sh -c 'cat left'
            """);
        string[] parts = outcome.Succeed().Output.Split("alone\n");
        long before = long.Parse(parts[0], CultureInfo.InvariantCulture);
        long[] later = [.. Numbers(parts[1]).Order().SkipWhile(tick => tick < before)];
        Assert.True(later.Zip(later.Skip(1), (one, other) => other - one).Max() > 500_000_000, "it ran while the lobby did");
        Leftovers.AssertNone(gates.Area);
    }

    [Theory, BothIdentities]
    public void The_end_of_the_session_and_of_the_supervisor_end_what_is_frozen(Identity identity)
    {
        using GateWorld gates = World(identity);
        foreach (string signal in (string[])["-9", "-TERM"])
        {
            using var session = gates.Start("(while :; do :; done) & shellguard run --in db -- sh -c 'echo here; exec sleep 1000'");
            List<string?> errors = [];
            session.ErrorDataReceived += (_, line) => errors.Add(line.Data);
            session.BeginErrorReadLine();
            Assert.Equal("here", session.StandardOutput.ReadLine());
            Programs.WaitUntil(
                () => Leftovers.CellProcesses(gates.Area).Any(path => Leftovers.Read($"{path}/status").Contains("(tracing stop)", StringComparison.Ordinal)),
                () => $"a frozen process; {string.Join('\n', errors)}");
            int supervisor = session.Id;
            Programs.Run("kill", signal, supervisor.ToString(CultureInfo.InvariantCulture));
            Assert.True(session.WaitForExit(Programs.Patience), "it did not end");
            Leftovers.AssertNone(gates.Area);
        }
    }

    private static GateWorld World(Identity identity) => new(identity) { Exclusive = true };

    private static IEnumerable<long> Numbers(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.Length == 19)
            .Select(line => long.Parse(line, CultureInfo.InvariantCulture));
}
