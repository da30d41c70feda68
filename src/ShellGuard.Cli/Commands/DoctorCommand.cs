using System.CommandLine;
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
        Option<bool> attack = new("--attack") { Description = "Also build a throw-away cell and really try to get out of it" };
        Option<bool> json = new("--json") { Description = "Print JSON" };
        Verb verb = new("doctor", "Say which guarantees hold on this host, and what to do where one does not")
        {
            Details =
            [
                "Every feature is found out by using it. The status is 0 when everything is held or partly held, 1 when "
                + "something is not; with --attack it is 1 when an attack got through.",
            ],
            Examples =
            [
                new("shellguard doctor", "what this host can hold"),
                new("shellguard doctor --attack", "try some seventy ways out of a cell"),
            ],
        };
        verb.Options.Add(attack);
        verb.Options.Add(json);
        verb.SetAction(result => Run(result.GetValue(attack), result.GetValue(json)));
        return verb;
    }

    private static int Run(bool attack, bool json)
    {
        IReadOnlyList<Guarantee> guarantees = Doctor.Examine(Invocation.User, Invocation.StorageRoot);
        IReadOnlyList<AttackOutcome>? attacks = attack ? Attack() : null;
        if (json)
        {
            Terminal.WriteJson(writer => DoctorJson.Write(writer, guarantees, attacks));
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
