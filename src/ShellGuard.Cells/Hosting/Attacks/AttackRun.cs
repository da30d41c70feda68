using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Supervision;
using ShellGuard.Core;
using ShellGuard.Linux.Calls;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Hosting.Attacks;

/// <summary>Builds a throw-away cell, runs the attacker in it and looks at the canaries outside.</summary>
public static class AttackRun
{
    /// <summary>The attacker needs less than a second; a cell that hangs has not held.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Tries every attack. Nothing is left behind.</summary>
    /// <param name="request">Whose cell, with which policy; its command and storage are replaced.</param>
    /// <param name="program">This program, which in the cell is the attacker.</param>
    /// <param name="verb">The verb by which it becomes the attacker.</param>
    /// <exception cref="SessionException">The cell cannot be made.</exception>
    public static IReadOnlyList<AttackOutcome> Try(SessionRequest request, string program, string verb)
    {
        using Canaries canaries = Canaries.Make(request.User.Home, PlaceFor(request));
        AttackTargets targets = canaries.Targets;
        SessionRequest attack = request with
        {
            Policy = WithCanaries(request.Policy, targets, Path.GetDirectoryName(program)!),
            Command = [program, verb, .. targets.ToArguments()],
            WorkingDirectory = $"{targets.Directory}/work",
            StorageRoot = targets.Storage,
        };
        string report;
        using (QuietDescriptors quiet = new())
        {
            GuardedSession.Run(attack, new SecondThread());
            report = quiet.End();
        }

        return AttackReport.Judge(report.Split('\n'), canaries.Touched());
    }

    /// <summary>Beside what a cell sees anyway, unless only where sessions are kept there can be layers, as in a container.
    /// </summary>
    private static string PlaceFor(SessionRequest request)
    {
        const string usual = "/var/tmp";
        CellIdentity identity = new(request.User.Uid, request.User.Gid, KeepsRoot: request.User.Uid == 0);
        return Files.Status(SessionPath.Root, usual, out FileStatus status).Succeeded && status.IsDirectory
            && new HostProbe(identity, usual).Find(HostFeature.Overlay).IsThere
            ? usual
            : request.StorageRoot;
    }

    private static EffectivePolicy WithCanaries(EffectivePolicy policy, AttackTargets targets, string programs)
    {
        RuleSource source = new("doctor", 0, 0, "a canary");
        return policy with
        {
            Paths =
            [
                .. policy.Paths,
                new PathRule($"{targets.Directory}/shown", PathMode.ReadOnly, IsGlob: false, source),
                new PathRule(targets.Secret, PathMode.Hidden, IsGlob: false, source),
                new PathRule($"{targets.Directory}/sockets", PathMode.ReadOnly, IsGlob: false, source),
                new PathRule($"{targets.Directory}/work", PathMode.CopyOnWrite, IsGlob: false, source),
                new PathRule(programs, PathMode.ReadOnly, IsGlob: false, source),
            ],
            Limits = Limits.None with { WallTime = Patience },
        };
    }
}
