using System.CommandLine;
using ShellGuard.Cells.Hosting.Attacks;
using ShellGuard.Cells.Sessions;

namespace ShellGuard.Cli.Commands;

/// <summary>The attacker that <c>doctor --attack</c> starts inside a cell. Hidden: outside of a cell it would attack
/// the machine that it runs on.</summary>
internal static class AttackProbeCommand
{
    public const string Name = "attack-probe";

    public static Command Create()
    {
        Command command = new(Name, "Try to get out of the cell around this process") { Hidden = true };
        Argument<string[]> targets = new("targets") { Arity = ArgumentArity.ZeroOrMore };
        command.Arguments.Add(targets);
        command.SetAction(result => Run(result.GetValue(targets) ?? []));
        return command;
    }

    private static int Run(string[] words)
    {
        // Every cell tells its session to what runs in it; a process outside of one has no reason to be here.
        if (Environment.GetEnvironmentVariable("SHELLGUARD_SESSION") is null or ""
            || AttackTargets.Parse(words) is not { } targets)
        {
            Console.Error.WriteLine("shellguard: attack-probe is started by shellguard doctor --attack, inside a cell");
            return SessionException.OwnFailure;
        }

        AttackProbe.Run(targets, Console.Out);
        return 0;
    }
}
