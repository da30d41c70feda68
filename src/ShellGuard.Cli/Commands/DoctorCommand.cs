using System.CommandLine;
using System.Text.Json;
using ShellGuard.Cells.Hosting;
using ShellGuard.Cells.Hosting.Attacks;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard doctor</c>: which guarantees hold on this host.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Command command = new("doctor", "Say which guarantees hold on this host, and what to do where one does not");
        Option<bool> attack = new("--attack") { Description = "Also build a throw-away cell and really try to get out of it" };
        Option<bool> json = new("--json") { Description = "Print JSON" };
        command.Options.Add(attack);
        command.Options.Add(json);
        command.SetAction(result => Run(result.GetValue(attack), result.GetValue(json)));
        return command;
    }

    private static int Run(bool attack, bool json)
    {
        IReadOnlyList<Guarantee> guarantees;
        try
        {
            guarantees = Doctor.Examine(Invocation.User, Invocation.StorageRoot);
        }
        catch (StorageException failure)
        {
            throw new SessionException(failure.Message);
        }

        IReadOnlyList<AttackOutcome>? attacks = attack ? Attack() : null;
        if (json)
        {
            using Stream output = Console.OpenStandardOutput();
            using Utf8JsonWriter writer = new(output, new JsonWriterOptions { Indented = true });
            DoctorJson.Write(writer, guarantees, attacks);
            writer.Flush();
            output.Write("\n"u8);
        }
        else
        {
            DoctorTable.Print(guarantees, attacks);
        }

        bool held = attacks?.All(outcome => outcome.IsHeld)
            ?? guarantees.All(guarantee => guarantee.State is not GuaranteeState.NotHeld);
        return held ? 0 : 1;
    }

    private static IReadOnlyList<AttackOutcome> Attack()
    {
        PolicyResult policy = Invocation.Load(new PolicyRequest("default", [], Invocation.PolicyContext))
            ?? throw new SessionException("the default policy cannot be loaded");
        return AttackRun.Try(
            Invocation.Request(policy, [AttackProbeCommand.Name]), Environment.ProcessPath!, AttackProbeCommand.Name);
    }
}
