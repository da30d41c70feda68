using System.Globalization;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Reports;
using ShellGuard.Cells.Sessions;
using ShellGuard.Core;
using ShellGuard.Linux.Seccomp;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cli.Support;

/// <summary>Everything in a recording that a policy would deny. What a recording alone cannot tell is counted.</summary>
internal static class WouldBeDenials
{
    /// <summary>A cell has these of its own, to change as it likes.</summary>
    private static readonly string[] Private = ["/tmp", "/var/tmp", "/dev/shm", "/dev/pts"];

    private static readonly string[] Devices =
    [
        "/dev", "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/ptmx", "/dev/stdin",
        "/dev/stdout", "/dev/stderr", "/dev/fd",
    ];

    /// <returns>1 where there is any.</returns>
    public static int Print(string policy, string audit, bool allowDegraded)
    {
        if (Invocation.Load(new PolicyRequest(policy, [], Invocation.PolicyContext))?.Policy is not { } loaded)
        {
            return SessionException.OwnFailure;
        }

        using OpenAudits audits = OpenAudits.Of(audit);
        ConfinedReading.Begin(ConfinedReach.Look, allowDegraded);
        GeneralAccess[] granted =
        [
            .. Generaliser.Of(audits.Single().Result.Accesses, new GeneralOptions { IsExact = true }).Accesses
                .Where(access => access.Outcome.IsGranted),
        ];
        HashSet<string> ownSockets =
            [.. granted.Where(access => IsLocal(access) && access.Operation is Operation.Bind).Select(access => access.Target)];
        int denied = 0;
        int untold = 0;
        foreach (GeneralAccess access in granted)
        {
            if (!CanTell(access))
            {
                untold++;
            }
            else if (ReasonOf(loaded, access, ownSockets) is { } reason)
            {
                denied++;
                Terminal.Out.WriteLine($"{AccessText.Of(access)}: {SafeText.Message(reason)}");
            }
        }

        Terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{denied:N0} would be denied"));
        if (untold > 0)
        {
            Terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{untold:N0} cannot be told without running it (system calls, identities, processes, what is only looked at)"));
        }

        return denied == 0 ? 0 : 1;
    }

    private static bool IsLocal(GeneralAccess access) => access.Kind is ObjectKind.UnixSocket or ObjectKind.AbstractSocket;

    private static bool IsFile(GeneralAccess access) =>
        access.Kind is ObjectKind.Path or ObjectKind.Directory or ObjectKind.Unknown && access.Target.StartsWith('/') && !access.IsUnresolved;

    private static bool CanTell(GeneralAccess access) => access.Operation switch
    {
        Operation.Connect => access.Kind is ObjectKind.Endpoint || IsLocal(access),
        Operation.Read or Operation.List or Operation.Execute or Operation.MapExecutable => IsFile(access),
        _ => Changes(access) && IsFile(access),
    };

    private static bool Changes(GeneralAccess access) => access.Operation
        is Operation.Write or Operation.Create or Operation.Delete or Operation.Rename or Operation.ChangeAttributes;

    private static string? ReasonOf(EffectivePolicy policy, GeneralAccess access, HashSet<string> ownSockets)
    {
        if (IsLocal(access))
        {
            return ownSockets.Contains(access.Target) ? null : "a cell reaches no unix socket of the host";
        }

        if (access.Kind == ObjectKind.Endpoint)
        {
            string endpoint = access.Target.EndsWith("/tcp", StringComparison.Ordinal) ? access.Target[..^4] : access.Target;
            return !policy.TryExplainEndpoint(endpoint, out Verdict? verdict, out string? problem) ? problem
                : verdict.Decision == Decision.Allow ? null
                : verdict.Reason;
        }

        return ReasonOf(policy, access.Target, Changes(access))
            ?? (access is { Operation: Operation.Rename, Destination: ['/', ..] destination } ? ReasonOf(policy, destination, changes: true) : null);
    }

    private static string? ReasonOf(EffectivePolicy policy, string path, bool changes)
    {
        if (Array.Exists(Private, place => PathText.IsAtOrBeneath(path, place)))
        {
            return null;
        }

        if (PathText.IsAtOrBeneath(path, "/dev"))
        {
            return Array.Exists(Devices, device => path == device) || path.StartsWith("/dev/fd/", StringComparison.Ordinal)
                ? null
                : "a cell has no such device";
        }

        if (PathText.IsAtOrBeneath(path, "/proc") || PathText.IsAtOrBeneath(path, "/sys"))
        {
            return !changes || IsOfProcess(path) ? null : "a cell changes no setting of the kernel";
        }

        // A directory on the way to what is shown is there.
        if (!changes && NeededPaths.Show(path))
        {
            return null;
        }

        Verdict answer = policy.Explain(path, changes ? Operation.Write : Operation.Read);
        return answer.Decision == Decision.Allow ? null : answer.Reason;
    }

    private static bool IsOfProcess(string path)
    {
        string[] parts = path.Split('/');
        return parts[1] == "proc" && parts.Length > 3
            && (parts[2] is "self" or "thread-self" || parts[2].All(char.IsAsciiDigit));
    }
}
