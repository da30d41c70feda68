using System.Diagnostics;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>People let exactly what they saw out, once; nobody inside of a cell does.</summary>
public sealed class ApprovalTests
{
    private const string Query = "psql -Atc 'select name from customers order by id'";

    [Theory, BothIdentities]
    public async Task Through_the_filter_and_through_an_approval_the_permitted_form_gets_out_once(Identity identity)
    {
        using GateWorld gates = new(identity);
        gates.AddFilter("count", "exec wc -l", "integer 0..1000000");
        gates.AddApproval("send", "\"nobody\"");
        Process session = gates.Start($"""
            {Query} | count | curl -s -T - $OUT
            {Query} | send first of {identity} | curl -s -T - $OUT; echo approved ${"{PIPESTATUS[*]}"}
            {Query} | send second of {identity} | curl -s -T - $OUT > /dev/null; echo denied ${"{PIPESTATUS[*]}"}
            """);
        Task<Outcome> end = Task.Run(() => Programs.Run(session, null), TestContext.Current.CancellationToken);
        (string first, string digest) = ApprovalDriver.WaitFor(ApprovalDriver.Nobody, $"first of {identity}", end);
        string shown = ApprovalDriver.Run(ApprovalDriver.Nobody, "show", first).Succeed().Output;
        Assert.Contains($"| {CustomerWorld.Secret}\n| Grace-Hopper-4712\n| Mary-Shelley-4713\n", shown, StringComparison.Ordinal);
        Assert.DoesNotContain(CustomerWorld.Secret, gates.World.Received, StringComparison.Ordinal);
        ApprovalDriver.Run(ApprovalDriver.Nobody, "approve", first).EndWith(125);
        ApprovalDriver.Run(ApprovalDriver.Nobody, "approve", first, "--sha256", new string('0', 64)).EndWith(1);
        ApprovalDriver.Run(ApprovalDriver.Nobody, "approve", first, "--sha256", digest).Succeed();

        // The same bytes again: one approval is for once.
        (string second, string same) = ApprovalDriver.WaitFor(ApprovalDriver.Nobody, $"second of {identity}", end);
        Assert.Equal(digest, same);
        ApprovalDriver.Run(ApprovalDriver.Nobody, "approve", first, "--sha256", digest).EndWith(1);
        ApprovalDriver.Run(ApprovalDriver.Nobody, "deny", second, "--reason", "once is enough").Succeed();
        Outcome outcome = (await end).Succeed();
        Assert.Equal("there\nthere\napproved 0 0 0\ndenied 0 1 0\n", outcome.Output);
        Assert.Single(gates.World.Received.Split(CustomerWorld.Secret)[1..]);
        string log = gates.Area.Shellguard("log");
        Assert.Contains("approved by nobody", log, StringComparison.Ordinal);
        Assert.Contains("denied by nobody", log, StringComparison.Ordinal);
        Assert.Contains("once is enough", gates.Area.Shellguard("why", "1"), StringComparison.Ordinal);
        Assert.Contains("gate send: 54 bytes pass", log, StringComparison.Ordinal);
        Leftovers.AssertNone(gates.Area);
    }

    [Theory, BothIdentities]
    public async Task Nobody_approves_who_must_not(Identity identity)
    {
        using GateWorld gates = new(identity);
        string self = gates.Area.Account.Name;
        string other = identity == Identity.Root ? Account.Of(Identity.Ordinary).Name : "root";
        IReadOnlyList<string> others = identity == Identity.Root ? Account.Of(Identity.Ordinary).Prefix : [];
        gates.AddApproval("pair", $"\"{self}\", \"{other}\", \"nobody\"", "second-person = true");
        gates.AddApproval("late", "\"nobody\"", "expires = \"1s\"");
        gates.AddApproval("small", "\"nobody\"", "max-bytes = 10");
        Process session = gates.Start($"""
            {Query} | late because of {identity}; echo late $?
            {Query} | small because of {identity}; echo small $?
            (sleep 0.5; mkdir -p ~/.local/state/shellguard/approvals; echo approve > ~/.local/state/shellguard/approvals/all
             python3 -c '
            import socket
            for line in open("/proc/net/unix"):
                print(line)
            s = socket.socket(socket.AF_UNIX)
            try:
                s.connect("\0shellguard/approvals/" + __import__("os").environ["SHELLGUARD_SESSION"])
                print("connected")
            except OSError as e:
                pass
            ' | grep -c 'approvals\|connected') > inside.txt 2>&1 &
            {Query} | pair for {identity}; echo pair $?
            wait; cat inside.txt
            """);
        Task<Outcome> end = Task.Run(() => Programs.Run(session, null), TestContext.Current.CancellationToken);
        (string id, string digest) = ApprovalDriver.WaitFor(gates.Area.Account.Prefix, $"for {identity}");
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        Outcome own = ApprovalDriver.Run(gates.Area.Account.Prefix, "approve", id, "--sha256", digest).EndWith(1);
        Assert.Contains($"{self} asked", own.Errors, StringComparison.Ordinal);
        Assert.Contains("waits for 1 more", ApprovalDriver.Run(others, "approve", id, "--sha256", digest).Succeed().Output, StringComparison.Ordinal);
        ApprovalDriver.Run(others, "approve", id, "--sha256", digest).EndWith(1);
        Assert.NotNull(ApprovalDriver.Find(ApprovalDriver.Nobody, $"for {identity}"));
        ApprovalDriver.Run(ApprovalDriver.Nobody, "approve", id, "--sha256", digest).Succeed();
        Outcome outcome = (await end).Succeed();
        Assert.Equal(
            $"late 1\nsmall 1\n{CustomerWorld.Secret}\nGrace-Hopper-4712\nMary-Shelley-4713\npair 0\n0\n",
            outcome.Output);
        Assert.Contains("nobody decided in time", gates.Area.Shellguard("why", "1"), StringComparison.Ordinal);
        Leftovers.AssertNone(gates.Area);
    }

    /// <summary>Anybody can connect to where approvals are given.</summary>
    [Theory, BothIdentities]
    public async Task A_stranger_who_connects_and_says_nothing_keeps_nobody_waiting(Identity identity)
    {
        using GateWorld gates = new(identity);
        gates.AddApproval("send", "\"nobody\"");
        Process session = gates.Start($"{Query} | send despite of {identity} | curl -s -T - $OUT");
        Task<Outcome> end = Task.Run(() => Programs.Run(session, null), TestContext.Current.CancellationToken);
        (string id, string digest) = ApprovalDriver.WaitFor(ApprovalDriver.Nobody, $"despite of {identity}", end);
        const string Connect = """
            import socket, sys
            held = []
            for line in open("/proc/net/unix"):
                if "@shellguard/approvals/" in line:
                    for _ in range(8):
                        held.append(socket.socket(socket.AF_UNIX))
                        held[-1].connect("\0" + line.split("@")[1].strip())
            print("connected", flush=True)
            sys.stdin.read()
            """;
        using (Process stranger = Programs.Start(
            ["/usr/bin/setpriv", "--reuid=1", "--regid=1", "--clear-groups", "--", "python3", "-c", Connect], "/",
            new Dictionary<string, string>()))
        {
            Assert.Equal("connected", await stranger.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
            ApprovalDriver.Run(ApprovalDriver.Nobody, "approve", id, "--sha256", digest).Succeed();
            stranger.StandardInput.Close();
            await stranger.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal("there\n", (await end).Succeed().Output);
    }

    /// <summary>With the supervisor ends every question: nothing gets out, and nobody can answer any more.</summary>
    [Theory, BothIdentities]
    public async Task A_dead_supervisor_lets_nothing_out(Identity identity)
    {
        using GateWorld gates = new(identity);
        gates.AddApproval("send", "\"nobody\"");
        Process session = gates.Start($"{Query} | send dying {identity} | curl -s -T - $OUT");
        Task<Outcome> end = Task.Run(() => Programs.Run(session, null), TestContext.Current.CancellationToken);
        (string id, string digest) = ApprovalDriver.WaitFor(ApprovalDriver.Nobody, $"dying {identity}", end);
        session.Kill();
        await end;
        ApprovalDriver.Run(ApprovalDriver.Nobody, "approve", id, "--sha256", digest).EndWith(1);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(CustomerWorld.Secret, gates.World.Received, StringComparison.Ordinal);
    }
}
