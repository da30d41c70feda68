using System.CommandLine;
using ShellGuard.Cli.Help;

namespace ShellGuard.Cli.Tests;

public sealed class HelpTests
{
    public static TheoryData<string> Verbs => [.. Tree(CommandLine.Build()).Select(HelpText.FullName)];

    [Fact]
    public void WithoutArgumentsThereAreExamplesAndVerbs()
    {
        Ran ran = Ran.Line();
        Assert.Equal(125, ran.Status);
        Assert.Contains("shellguard run -- bash", ran.Output, StringComparison.Ordinal);
        Assert.Contains("discard", ran.Output, StringComparison.Ordinal);
        Assert.Equal("", ran.Error);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void EveryVerbHasHelpWithAnExample(string verb)
    {
        string[] words = [.. verb.Split(' ').Skip(1)];
        Ran ran = Ran.Line([.. words, "--help"]);
        Assert.Equal(0, ran.Status);
        Assert.StartsWith($"usage: {verb}", ran.Output, StringComparison.Ordinal);
        Assert.True(
            ran.Output.Contains("examples:", StringComparison.Ordinal) || words is ["completion", _],
            $"{verb} --help has no example");
        Assert.All(ran.Output.Split('\n'), line => Assert.True(line.Length <= 120, line));
    }

    [Fact]
    public void HelpWinsOverMistakes() => Assert.Equal(0, Ran.Line("run", "--help").Status);

    [Fact]
    public void VersionIsOneLine()
    {
        Ran ran = Ran.Line("--version");
        Assert.Equal(0, ran.Status);
        Assert.Matches(@"^shellguard [0-9]+\.[0-9]+\.[0-9]+\n$", ran.Output);
    }

    [Fact]
    public void TheManualPageIsWrittenFromTheCommandTree()
    {
        using Stream stream = typeof(HelpTests).Assembly.GetManifestResourceStream("shellguard.1")!;
        using StreamReader reader = new(stream);
        Assert.True(
            reader.ReadToEnd() == ManPage.Write(CommandLine.Build()),
            "docs/shellguard.1 is out of date: ./shellguard man > docs/shellguard.1");
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void EveryVerbAndOptionStandsInTheManualAndTheCompletions(string verb)
    {
        RootCommand root = CommandLine.Build();
        Command command = Tree(root).Single(known => HelpText.FullName(known) == verb);
        string page = ManPage.Write(root).Replace("\\-", "-", StringComparison.Ordinal);
        Assert.Contains($".SS {HelpText.Usage(command)}", page.Replace("\\(ti", "~", StringComparison.Ordinal), StringComparison.Ordinal);
        string[] scripts = [CompletionScript.Bash(root), CompletionScript.Zsh(root)];
        foreach (Option option in command.Options.Where(option => !option.Hidden && option.Name != "--help"))
        {
            Assert.Contains(HelpText.OptionSyntax(option), page, StringComparison.Ordinal);
            Assert.All(scripts, script => Assert.Contains(option.Name, script, StringComparison.Ordinal));
            Assert.Contains($"-l {option.Name[2..]}", CompletionScript.Fish(root), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("se", "sessions")]
    [InlineData("log ver", "verify")]
    [InlineData("run --proc", "--processes")]
    [InlineData("policy sho", "show")]
    public void BashCompletes(string typed, string expected)
    {
        string words = string.Join(' ', typed.Split(' ').Select(word => $"'{word}'"));
        string script = CompletionScript.Bash(CommandLine.Build())
            + $"\nCOMP_WORDS=(shellguard {words}); COMP_CWORD={typed.Split(' ').Length}; _shellguard; echo \"${{COMPREPLY[@]}}\"\n";
        using System.Diagnostics.Process bash = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("bash")
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
        bash.StandardInput.Write(script);
        bash.StandardInput.Close();
        Assert.Equal(expected, bash.StandardOutput.ReadToEnd().Trim());
    }

    private static IEnumerable<Command> Tree(Command command) => command.Subcommands
        .Where(verb => !verb.Hidden)
        .SelectMany(verb => Tree(verb).Prepend(verb));
}
