using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Terminals;

/// <summary>What a person at a shell of the host gets by the tabulator key, with the scripts that we print.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("bash", "exec bash --norc --noprofile -i", ". <(shellguard completion bash); PS1='ready> '; clear")]
    [InlineData("zsh", "exec zsh -f -i", "autoload -Uz compinit; compinit -u; . <(shellguard completion zsh); PS1='ready> '; clear")]
    [InlineData("fish", "exec fish --no-config -i", "shellguard completion fish | source; function fish_prompt; echo 'ready> '; end; clear")]
    public void The_tabulator_key_completes_verbs_options_and_sessions(string shell, string start, string prepare)
    {
        using TestArea area = new(Identity.Ordinary);
        area.Inside("/bin/sh", "-c", "echo changed > file").Succeed();
        string session = Path.GetFileName(area.Sessions.Single());
        area.Write("start.sh", $"PATH={Path.GetDirectoryName(NativeBinary.Path)}:$PATH\n{start}");
        using TerminalDriver terminal = new(area, ["/bin/bash", "start.sh"]);
        Programs.WaitUntil(() => terminal.Screen.Length > 0, $"{shell} is there");
        terminal.Line(prepare);
        terminal.WaitFor(screen => screen.StartsWith("ready>", StringComparison.Ordinal), "the prompt");

        Completes(terminal, "shellguard poli", "shellguard policy");
        Completes(terminal, "shellguard policy che", "shellguard policy check");
        Completes(terminal, "shellguard run --wall", "shellguard run --wall-time");
        Completes(terminal, $"shellguard diff {session[..6]}", $"shellguard diff {session}");
    }

    private static void Completes(TerminalDriver terminal, string typed, string expected)
    {
        terminal.Type(typed);
        terminal.WaitFor(typed);
        terminal.Press("Tab");
        terminal.WaitFor(expected);
        terminal.Press("C-u");
        terminal.WaitFor(screen => !screen.Contains(typed, StringComparison.Ordinal), "an empty line");
    }
}
