using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Denials;

/// <summary>A cell neither sees nor changes the policy that it runs under, nor those of later sessions.</summary>
public sealed class OwnPolicyTests
{
    private const string Attack = """
        cat sub/q.toml && echo read
        echo 'direct = ["/"]' >> sub/q.toml && echo appended
        echo x > sub/new; mv -f sub/new sub/q.toml && echo replaced
        rm -f sub/q.toml && [ ! -e sub/q.toml ] && echo removed
        ln sub/q.toml linked && cat linked && echo linked
        mv sub away && mkdir sub && echo 'direct = ["/"]' > sub/q.toml && echo moved
        exit 0
        """;

    [Theory, BothIdentities]
    public void The_policys_own_file_beneath_a_direct_path(Identity identity)
    {
        using TestArea area = new(identity);
        const string text = "extends = \"default\"\n[files]\ndirect = [\"..\"]\n# canary\n";
        string file = area.Write("sub/q.toml", text);
        Outcome outcome = area.InsideShell(["--policy", "./sub/q.toml"], Attack).Succeed();
        Assert.DoesNotContain("canary", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(file));
    }

    [Theory, BothIdentities]
    public void The_policys_own_file_in_a_layer(Identity identity)
    {
        using TestArea area = new(identity);
        const string text = "extends = \"default\"\n# canary\n";
        string file = area.Write("sub/q.toml", text);
        Outcome outcome = area.InsideShell(["--policy", "./sub/q.toml"], "touch done\n" + Attack).Succeed();
        Assert.DoesNotContain("canary", outcome.Output, StringComparison.Ordinal);
        Outcome committed = Programs.Run(
            Programs.Start([.. area.Account.Prefix, NativeBinary.Path, "commit"], area.Work, area.Environment), null);
        Assert.Contains("sub/q.toml: the policy hides this path", committed.EndWith(1).Errors, StringComparison.Ordinal);
        Assert.True(File.Exists($"{area.Work}/done"));
        Assert.Equal(text, File.ReadAllText(file));
    }

    [Theory, BothIdentities]
    public void A_persons_policy_that_is_not_there_yet_beneath_a_direct_home(Identity identity)
    {
        using TestArea area = new(identity);
        Outcome outcome = area.InsideShell(
            ["--direct", "~"],
            "mkdir -p ~/.config/shellguard; echo 'x' > ~/.config/shellguard/policy.toml && echo planted; "
            + "mv ~/.config ~/away && mkdir -p ~/.config/shellguard && echo x > ~/.config/shellguard/policy.toml && echo planted; "
            + "touch ~/made").Succeed();
        Assert.DoesNotContain("planted", outcome.Output, StringComparison.Ordinal);
        Assert.True(File.Exists($"{area.Home}/made"), "the home is direct");
        Assert.False(File.Exists($"{area.Home}/.config/shellguard/policy.toml"));
        Assert.Contains("not held: ", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void A_persons_own_policy_that_does_not_hide_itself(Identity identity)
    {
        using TestArea area = new(identity);
        const string text = "[files]\nread-only = [\"/\"]\ndirect = [\"~\"]\n[environment]\npass = [\"HOME\", \"PATH\"]\n# canary\n";
        string file = $"{area.Home}/.config/shellguard/policy.toml";
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        Outcome outcome = area.InsideShell(
            [], "cat ~/.config/shellguard/policy.toml; echo x >> ~/.config/shellguard/policy.toml; touch ~/made").Succeed();
        Assert.DoesNotContain("canary", outcome.Output, StringComparison.Ordinal);
        Assert.True(File.Exists($"{area.Home}/made"), "the home is direct");
        Assert.Equal(text, File.ReadAllText(file));
    }

    [Theory, BothIdentities]
    public void No_rule_hands_policies_over(Identity identity)
    {
        using TestArea area = new(identity);
        Directory.CreateDirectory($"{area.Home}/.config/shellguard");
        Outcome refused = area.Inside(["--direct", "~/.config/shellguard"], "echo", "ran").EndWith(125);
        Assert.Equal("", refused.Output);
        Assert.Contains("policies are kept", refused.Errors, StringComparison.Ordinal);
    }
}
