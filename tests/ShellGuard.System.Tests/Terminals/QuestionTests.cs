using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Terminals;

/// <summary>A person is asked on their own terminal, while the program waits inside its connect(2).</summary>
public sealed class QuestionTests
{
    private const string Armed = "[o] once, only now";

    [Theory, BothIdentities]
    public void Once_deny_and_session(Identity identity)
    {
        using TestArea area = new(identity);
        using Greeter greeter = new("welcome\n");
        area.Write("ask.sh", $$"""
            fetch() { (exec 3<>/dev/tcp/127.0.0.1/{{greeter.Port}} && head -n 1 <&3 | sed "s/^/$1 /") 2> /dev/null || echo "$1 refused"; }
            fetch first; fetch second; fetch again; sleep 5.2; fetch third; fetch fourth; read end
            """);
        using TerminalDriver terminal = TerminalDriver.Guarded(
            area, ["--net-ask", $"127.0.0.1:{greeter.Port}"], "/bin/bash", "ask.sh");
        string screen = terminal.WaitFor(Armed);
        Assert.Contains("shellguard asks", screen, StringComparison.Ordinal);
        Assert.Contains($"connect to 127.0.0.1:{greeter.Port}/tcp", screen, StringComparison.Ordinal);
        Assert.Contains("who   bash (", screen, StringComparison.Ordinal);
        Assert.Equal(0, greeter.Greeted);

        terminal.Type("o");
        Programs.WaitUntil(() => greeter.Greeted == 1, "the first connection");

        // A new question takes no key at first.
        terminal.WaitFor(shown => !shown.Contains(Armed, StringComparison.Ordinal), "that the question is answered");
        terminal.WaitFor(Armed);
        terminal.Type("d");

        // The same question again is answered by the denial.
        terminal.WaitForLine("again refused");
        terminal.WaitFor(Armed);
        terminal.Type("s");
        screen = terminal.WaitFor("fourth welcome");
        Assert.Equal(
            ["first welcome", "second refused", "again refused", "third welcome", "fourth welcome"],
            screen.Split('\n').Where(line => line.EndsWith("welcome", StringComparison.Ordinal) || line.EndsWith("refused", StringComparison.Ordinal)));
        Assert.Equal(3, greeter.Greeted);
        terminal.Press("Enter");
        Assert.Equal(0, terminal.WaitForEnd());
        string log = area.Shellguard("log");
        foreach (string answer in (string[])["answer 1: once by person", "answer 2: deny by person", "answer 4: session by person"])
        {
            Assert.Contains(answer, log, StringComparison.Ordinal);
        }
    }

    [Theory, BothIdentities]
    public void Always_is_a_rule_of_the_users_own_policy(Identity identity)
    {
        using TestArea area = new(identity);
        using Greeter greeter = new("welcome\n");
        string[] fetch = ["/bin/bash", "-c", $"head -n 1 < /dev/tcp/127.0.0.1/{greeter.Port}"];
        using (TerminalDriver terminal = TerminalDriver.Guarded(area, ["--net-ask", $"127.0.0.1:{greeter.Port}"], fetch))
        {
            terminal.WaitFor(Armed);
            terminal.Type("a");
            Assert.Equal(0, terminal.WaitForEnd());
            Assert.Contains("welcome", terminal.Screen, StringComparison.Ordinal);
        }

        Assert.Contains(
            $"\"127.0.0.1:{greeter.Port}", File.ReadAllText($"{area.Home}/.config/shellguard/policy.toml"), StringComparison.Ordinal);
        Assert.Equal("welcome\n", area.Inside(fetch).Succeed().Output);
    }

    [Theory, BothIdentities]
    public void Without_an_answer_in_time_it_is_denied_and_the_journal_says_so(Identity identity)
    {
        using TestArea area = new(identity);
        using Greeter greeter = new("welcome\n");
        using TerminalDriver terminal = TerminalDriver.Guarded(
            area, ["--net-ask", $"127.0.0.1:{greeter.Port}", "--ask-timeout", "2s"],
            "/bin/bash", "-c", $"head -n 1 < /dev/tcp/127.0.0.1/{greeter.Port} || exit 9");
        Assert.Equal(9, terminal.WaitForEnd());
        Assert.Contains("time-out", area.Shellguard("log"), StringComparison.Ordinal);
        Assert.Contains("nobody answered in time", area.Shellguard("why"), StringComparison.Ordinal);
        Assert.Equal(0, greeter.Greeted);
    }

    /// <summary>A process of the cell writes a question of its own, clears the screen and switches modes as fast as it can.
    /// None of it is shown while the real question is, and a key at the imitation decides nothing.</summary>
    [Theory, BothIdentities]
    public void A_flood_of_escapes_neither_imitates_nor_overdraws_the_question(Identity identity)
    {
        using TestArea area = new(identity);
        using Greeter greeter = new("welcome\n");
        area.Write("flood.sh", $$"""
            while :; do
                printf '\033[?1049h\033[2J\033[H\033[1;1r\033[?25l\033[10;1Hshellguard asks\r\n'
                printf '  what  connect to good.example:443/tcp\r\n{{Armed}}\033[3;3Hoverdrawn\033[?1049l\033[2J\033c'
            done &
            (exec 3<> /dev/tcp/127.0.0.1/{{greeter.Port}}) 2> /dev/null && exit 1
            read -rn 1 key
            kill %1
            [ "$key" = o ] && exit 9
            """);
        using TerminalDriver terminal = TerminalDriver.Guarded(
            area, ["--net-ask", $"127.0.0.1:{greeter.Port}"], "/bin/bash", "flood.sh");
        string real = $"connect to 127.0.0.1:{greeter.Port}/tcp";
        terminal.WaitFor(
            screen => screen.Contains(real, StringComparison.Ordinal) && screen.Contains(Armed, StringComparison.Ordinal), "the question");
        for (int look = 0; look < 30; look++)
        {
            string screen = terminal.Screen;
            Assert.Contains(real, screen, StringComparison.Ordinal);
            Assert.DoesNotContain("good.example", screen, StringComparison.Ordinal);
            Assert.DoesNotContain("overdrawn", screen, StringComparison.Ordinal);
            Thread.Sleep(30);
        }

        terminal.Type("d");
        Programs.WaitUntil(
            () => area.Shellguard("log").Contains("answer 1: deny by person", StringComparison.Ordinal), "the answer");
        terminal.Type("o");
        Assert.Equal(9, terminal.WaitForEnd());
        Assert.Equal(0, greeter.Greeted);
        Assert.DoesNotContain("answer 2:", area.Shellguard("log"), StringComparison.Ordinal);
    }
}
