using System.Globalization;
using ShellGuard.Escape.Tests.Support;
using static ShellGuard.Escape.Tests.Support.Attempt;

namespace ShellGuard.Escape.Tests;

/// <summary>Section F: communication between processes, and delegation.</summary>
public sealed class CommunicationTests
{
    internal static readonly IReadOnlyList<Attempt> Section =
    [
        new("F1", "F1-host-sockets")
        {
            Options = ["--direct", "{root}/direct"],
            Evidence = [Denied("connect", "unix:stream.sock"), Denied("connect", "unix:/tmp/link"), RefusedSocket("socket")],
        },
        new("F1 A3", "F1-socket-swap")
        {
            Evidence = [Denied("connect", "unix:/tmp/a"), Allowed("connect", "unix:/tmp/a")],
        },
        new("F2", "F2-abstract") { Evidence = [Allowed("connect", "unix:@shellguard-escape-")] },
        new("F4", "F4-signals"),
        new("F6", "F6-shared-memory")
        {
            Arguments = ["{key}"],
            Before = trial =>
            {
                Outcome made = Programs.Run(["ipcmk", "-M", "4096", "-p", "0666"], "/");
                string id = made.Output.Trim().Split(' ')[^1];
                string line = File.ReadLines("/proc/sysvipc/shm").Single(
                    row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] == id);
                trial.Values["key"] = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
                trial.Values["id"] = id;
            },
            Cleanup = trial => Programs.Run(["ipcrm", "-m", trial.Values["id"]], "/"),
        },
    ];

    public static TheoryData<string, string> Rows => Attempts.Rows(Section);

    public static TheoryData<string> Everyone => [.. Identity.All.Select(identity => identity.Name)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string attempt, string identity) => Attempts.Try(Section, attempt, identity);

    /// <summary>script(1) is the user's terminal: what it prints is what the terminal would get.</summary>
    [Theory]
    [MemberData(nameof(Everyone))]
    public void F5_the_users_terminal_is_out_of_reach(string identity)
    {
        Attempt attempt = new("F5", "F5-terminal") { Evidence = [Refused("ioctl")] };
        using Case trial = new(attempt, Identity.Of(identity));
        string command = string.Join(' ', trial.Command.Select(word => $"'{word}'"));

        Outcome outcome = Programs.Run(
            ["script", "--quiet", "--return", "--command", command, "/dev/null"], trial["project"], trial.Environment);

        trial.Judge(outcome);
        foreach (string sequence in (string[])
            ["\u001b]52", "\u001b[21t", "\u001b[20t", "\u001b[5i", "\u001b[4i", "\u001b]50", "\u001b]1337", "\u001b]5522", "\u001bP@"])
        {
            Assert.False(
                outcome.Output.Contains(sequence, StringComparison.Ordinal),
                string.Create(CultureInfo.InvariantCulture, $"ESC{sequence[1..]} reached the terminal"));
        }
    }

    /// <summary>A tmux server of the same user that was there before: whoever reaches its socket runs programs outside.
    /// </summary>
    [Theory]
    [MemberData(nameof(Everyone))]
    public void F7_a_tmux_server_outside_runs_nothing_for_the_cell(string identity)
    {
        using Case trial = new(new Attempt("F7", "quiet"), Identity.Of(identity));
        string label = trial.AbstractName;
        string socket = trial["base/tmux.sock"];
        string marker = trial["direct/ran"];
        Outcome Outside(params string[] words) => Programs.Run(
            trial.Identity.Become(["env", "-u", "TMUX", "tmux", .. words]), trial["project"], trial.Environment);
        Outcome Inside(params string[] words) => Programs.Run(
            trial.Identity.Become([Lab.Binary, "run", "--", "tmux", .. words]), trial["project"], trial.Environment);
        string[][] servers = [["-L", label], ["-S", socket]];
        try
        {
            foreach (string[] server in servers)
            {
                Outcome started = Outside([.. server, "-f", "/dev/null", "new-session", "-d", "sleep 300"]);
                Assert.True(started.Status == 0, started.ToString());
            }

            trial.TakeCanaries();
            foreach (string[] server in servers)
            {
                Outcome inside = Inside([.. server, "run-shell", $"touch {marker}"]);
                Assert.True(inside.Status != 0, inside.ToString());
                Assert.False(Path.Exists(marker), inside.ToString());
                trial.AssertCanaries(inside.ToString());
                Outcome outside = Outside([.. server, "run-shell", $"touch {marker}"]);
                Assert.True(outside.Status == 0 && Path.Exists(marker), outside.ToString());
                File.Delete(marker);
            }

            Assert.Contains(trial.Journal, line => Denied("connect", "unix:").All(text => line.Contains(text, StringComparison.Ordinal))
                && line.Contains("tmux.sock", StringComparison.Ordinal));
        }
        finally
        {
            Array.ForEach(servers, server => Outside([.. server, "kill-server"]));
        }
    }
}
