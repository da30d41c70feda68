using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Leash;

/// <summary>The prompt in a real terminal.</summary>
public sealed class PromptTests
{
    private static readonly string Entries =
        LeashArea.Entry("hello", "/bin/echo greeting") + LeashArea.Entry("other", "/bin/echo different")
        + LeashArea.Entry("wait", "/bin/sleep 345678") + LeashArea.Entry("no", "/bin/false")
        + LeashArea.Entry("less", "/usr/bin/less /etc/passwd", "noexec = true\nenv = ['LESSSECURE=']")
        + LeashArea.Entry("vi", "/usr/bin/vim -u NONE -n /etc/passwd", "noexec = true")
        + LeashArea.Entry("man", "/usr/bin/man -P /usr/bin/less ls", "noexec = true")
        + LeashArea.Entry("free", "/usr/bin/less /etc/passwd", "env = ['LESSSECURE=']")
        + LeashArea.Entry("\u3042\u3044", "/bin/echo japanese") + LeashArea.Entry("\u3042", "/bin/echo half");

    [Theory]
    [BothIdentities]
    [Trait("vector", "57"), Trait("vector", "59"), Trait("vector", "60"), Trait("vector", "62")]
    public void Lines_edits_and_the_way_out(Identity identity)
    {
        using LeashArea leash = new(identity, Entries);
        using TerminalDriver terminal = Open(leash);
        terminal.Line("hello");
        terminal.WaitForLine("greeting");
        terminal.Line("/bin/sh");
        terminal.WaitForLine("permission denied");
        WaitForPrompt(terminal);
        terminal.Type("hellox");
        terminal.Press("BSpace");
        terminal.Press("Home");
        terminal.Type("y");
        terminal.Press("C-a", "DC", "Enter");
        terminal.WaitFor(screen => screen.Split("greeting").Length == 3, "a second greeting");
        WaitForPrompt(terminal);

        // Ctrl-C clears the line, Ctrl-Z, Up and Tab are nothing, Ctrl-D ends with the last status.
        terminal.Type("junk");
        terminal.Press("C-c");
        terminal.WaitFor("junk^C");
        terminal.Press("Up", "C-z", "Tab");
        terminal.Line("no");
        terminal.WaitForLine("|x|> no");
        WaitForPrompt(terminal);
        terminal.Press("C-d");
        Assert.Equal(1, terminal.WaitForEnd());
    }

    [Fact]
    [Trait("vector", "61")]
    public void Vector_61_backspace_over_more_than_one_byte()
    {
        using LeashArea leash = new(Identity.Ordinary, Entries);
        using TerminalDriver terminal = Open(leash);
        terminal.Type("\u3042\u3044");
        terminal.Press("BSpace", "Enter");
        terminal.WaitForLine("half");
    }

    [Fact]
    [Trait("vector", "58"), Trait("vector", "65")]
    public void Vectors_58_and_65_a_pipeline_has_the_terminal_and_is_waited_for()
    {
        using LeashArea leash = new(Identity.Ordinary, Entries);
        using TerminalDriver terminal = Open(leash);
        terminal.Line("wait");
        Programs.WaitUntil(() => Leftovers.ChildrenOf(terminal.Process).Count == 1, "the pipeline");
        terminal.Press("C-z");
        Thread.Sleep(300);
        terminal.Press("C-c");
        Programs.WaitUntil(() => Leftovers.ChildrenOf(terminal.Process).Count == 0, "the end of the pipeline");
        for (int i = 0; i < 4; i++)
        {
            terminal.Line("hello");
        }

        terminal.WaitFor(screen => screen.Split("greeting").Length == 5, "four greetings");
        Assert.Empty(Leftovers.ChildrenOf(terminal.Process));
    }

    [Theory]
    [InlineData(Identity.Ordinary, "less", "!/usr/bin/touch CANARY\n", "q")]
    [InlineData(Identity.Ordinary, "vi", ":!/usr/bin/touch CANARY\n", ":qa!\n")]
    [InlineData(Identity.Ordinary, "man", "!/usr/bin/touch CANARY\n", "q")]
    [InlineData(Identity.Root, "less", "!/usr/bin/touch CANARY\n", "q")]
    [InlineData(Identity.Root, "vi", ":!/usr/bin/touch CANARY\n", ":qa!\n")]
    [InlineData(Identity.Root, "man", "!/usr/bin/touch CANARY\n", "q")]
    [Trait("vector", "69")]
    public void Vector_69_what_gives_a_shell_elsewhere_gives_none(Identity identity, string name, string keys, string end)
    {
        using LeashArea leash = new(identity, Entries);
        string canary = $"{leash.Area.Work}/canary";
        using TerminalDriver terminal = Open(leash);
        terminal.Line(name);
        Thread.Sleep(1500);
        Type(terminal, keys.Replace("CANARY", canary, StringComparison.Ordinal));
        Thread.Sleep(700);
        terminal.Press("Enter");
        Type(terminal, end);
        terminal.Press("C-c");
        terminal.Line("hello");
        Assert.False(File.Exists(canary), $"{name} started a program");
    }

    [Fact]
    [Trait("vector", "69")]
    public void Vector_69_the_same_keys_work_where_nothing_holds_them()
    {
        using LeashArea leash = new(Identity.Ordinary, Entries);
        string canary = $"{leash.Area.Work}/canary";
        using TerminalDriver terminal = Open(leash);
        terminal.Line("free");
        terminal.WaitFor("root:x:0");
        Type(terminal, $"!/usr/bin/touch {canary}\n");
        Programs.WaitUntil(() => File.Exists(canary), "the canary");
    }

    [Fact]
    [Trait("vector", "77")]
    public void Vector_77_a_lost_terminal_ends_leash_and_pipeline()
    {
        using LeashArea leash = new(Identity.Ordinary, Entries);
        using TerminalDriver terminal = Open(leash);
        terminal.Line("wait");
        Programs.WaitUntil(() => Leftovers.ChildrenOf(terminal.Process).Count == 1, "the pipeline");
        int process = terminal.Process;
        int child = Leftovers.ChildrenOf(process)[0];
        terminal.Close();
        Programs.WaitUntil(() => !Directory.Exists($"/proc/{process}") && !Directory.Exists($"/proc/{child}"), "the end of both");
        Assert.Contains("\"exitStatus\":129", leash.Journals, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_wider_than_the_window_and_a_window_that_changes()
    {
        using LeashArea leash = new(Identity.Ordinary, Entries + LeashArea.Entry(new string('x', 200), "/bin/echo wide"));
        using TerminalDriver terminal = Open(leash);
        terminal.Type(new string('x', 150));
        terminal.Resize(40, 20);
        terminal.Type(new string('x', 50));
        terminal.Press("Enter");
        terminal.WaitForLine("wide");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Names_are_completed_and_listed_only_where_the_configuration_says_so(bool allowed)
    {
        string settings = allowed ? "[leash]\ncompletion = true\nhelp = true\n" : "";
        using LeashArea leash = new(Identity.Ordinary, settings + Entries);
        using TerminalDriver terminal = Open(leash);
        terminal.Type("hel");
        terminal.Press("Tab", "Enter");
        terminal.WaitForLine(allowed ? "greeting" : "permission denied");
        terminal.Line("help");
        terminal.WaitForLine(allowed ? "other" : "permission denied");
    }

    [Fact]
    public void Nobody_at_the_keys_for_long_is_nobody()
    {
        using LeashArea leash = new(Identity.Ordinary, "[leash]\nidle_timeout = '2s'\n" + Entries);
        using TerminalDriver terminal = Open(leash);
        Assert.Equal(0, terminal.WaitForEnd());
    }

    private static TerminalDriver Open(LeashArea leash)
    {
        TerminalDriver terminal = new(
            leash.Area,
            ["/usr/bin/env", $"SHELLGUARD_STATE={leash.Area.State}", leash.Program, "--config", leash.Configuration]);
        terminal.WaitFor("|x|>");
        return terminal;
    }

    private static void WaitForPrompt(TerminalDriver terminal) =>
        terminal.WaitFor(screen => screen.EndsWith("|x|>", StringComparison.Ordinal), "the next prompt");

    private static void Type(TerminalDriver terminal, string keys)
    {
        terminal.Type(keys.TrimEnd('\n'));
        if (keys.EndsWith('\n'))
        {
            terminal.Press("Enter");
        }
    }
}
