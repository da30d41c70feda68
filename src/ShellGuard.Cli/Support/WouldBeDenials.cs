using System.Globalization;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Reports;
using ShellGuard.Cells.Sessions;
using ShellGuard.Core;
using ShellGuard.Linux.Seccomp;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cli.Support;

/// <summary>Everything in a recording that a policy would deny.</summary>
internal static class WouldBeDenials
{
    /// <summary>A cell has these of its own.</summary>
    private static readonly string[] Own = ["/dev", "/proc", "/sys", "/tmp", "/var/tmp"];

    /// <returns>1 where there is any.</returns>
    public static int Print(string policy, string audit, bool allowDegraded)
    {
        if (Invocation.Load(new PolicyRequest(policy, [], Invocation.PolicyContext))?.Policy is not { } loaded)
        {
            return SessionException.OwnFailure;
        }

        using OpenAudits audits = OpenAudits.Of(audit);
        ConfinedReading.Begin(ConfinedReach.Look, allowDegraded);
        int denied = 0;
        foreach (GeneralAccess access in Generaliser.Of(audits.Single().Result.Accesses, new GeneralOptions { IsExact = true }).Accesses)
        {
            if (access.Outcome.IsGranted && ReasonOf(loaded, access) is { } reason)
            {
                denied++;
                Terminal.Out.WriteLine($"{AccessText.Of(access)}: {SafeText.Message(reason)}");
            }
        }

        Terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{denied:N0} would be denied"));
        return denied == 0 ? 0 : 1;
    }

    private static string? ReasonOf(EffectivePolicy policy, GeneralAccess access)
    {
        if (access.Kind == ObjectKind.Endpoint)
        {
            string endpoint = access.Target.EndsWith("/tcp", StringComparison.Ordinal) ? access.Target[..^4] : access.Target;
            return access.Operation != Operation.Connect ? null
                : !policy.TryExplainEndpoint(endpoint, out Verdict? verdict, out string? problem) ? problem
                : verdict.Decision == Decision.Allow ? null
                : verdict.Reason;
        }

        // A directory on the way to what is shown is there.
        string path = access.Target;
        if (!path.StartsWith('/') || access.IsUnresolved || access.Kind is not (ObjectKind.Path or ObjectKind.Directory or ObjectKind.Unknown)
            || access.Operation is Operation.SystemCall or Operation.Stat)
        {
            return null;
        }

        bool changes = access.Operation is Operation.Write or Operation.Create or Operation.Delete or Operation.Rename or Operation.ChangeAttributes;
        if ((NeededPaths.Show(path) || Array.Exists(Own, place => PathText.IsAtOrBeneath(path, place)))
            && (!changes || path.StartsWith("/tmp", StringComparison.Ordinal) || path.StartsWith("/var/tmp", StringComparison.Ordinal) || path.StartsWith("/dev/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal)))
        {
            return null;
        }

        Verdict answer = policy.Explain(path, changes ? Operation.Write : Operation.Read);
        return answer.Decision == Decision.Allow ? null : answer.Reason;
    }
}
