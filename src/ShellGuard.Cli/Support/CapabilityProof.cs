using System.Globalization;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Profiles.Privileges;
using ShellGuard.Audit.Reports;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Verification;
using ShellGuard.Core;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cli.Support;

/// <summary>Runs a command as an ordinary user with the capabilities that its audit proposes, and without each of them,
/// in a copy of the host that is thrown away.</summary>
internal sealed class CapabilityProof(IReadOnlyList<string> command, Account user)
{
    /// <summary>Runs it, says what it found, and writes that into the profile.</summary>
    /// <exception cref="SessionException">It could not be run.</exception>
    public AccessProfile Add(AccessProfile profile)
    {
        List<string> capabilities = [.. profile.Capabilities];
        List<uint> groups = Groups(profile);
        if (capabilities.Count == 0)
        {
            Terminal.Complain("the audit proposes no capability, so that there is nothing to try");
            return profile;
        }

        Terminal.Complain(string.Create(
            CultureInfo.InvariantCulture,
            $"runs the command up to {1 + Ablation.MostRuns(capabilities.Count) + (groups.Count > 0 ? 1 : 0)} times, first as root, then as {user.Name}; files that it changes are copies and thrown away, but what it sends and what services do for it happens each time"));
        AblationRun root = Run(null, [], []);
        AblationResult result = new Ablation(names => Run(user, names, [])).Of(capabilities, root.Status);
        Dictionary<string, string> proofs = new(StringComparer.Ordinal);
        foreach (AblationFinding finding in result.Findings)
        {
            string text = $"{Word(finding.Verdict)}: {finding.Text}"
                + (finding.Verdict == AblationVerdict.NotNeeded && result.Together is not null ? $"; but {result.Together}" : "");
            proofs.Add(finding.Capability, text);
            Terminal.Complain($"{finding.Capability} is {text}");
        }

        string? group = groups.Count == 0 ? null : Try(profile, root.Status, groups);
        if (group is not null)
        {
            Terminal.Complain(group);
        }

        return profile with { Proofs = proofs, GroupProof = group };
    }

    /// <summary>All groups that are proposed, and capabilities only where no group is enough.</summary>
    private string Try(AccessProfile profile, int status, List<uint> groups)
    {
        List<string> rest = [.. profile.Privileges.Where(need => need.Group is null).Select(need => need.Capability).OfType<string>().Distinct(StringComparer.Ordinal)];
        AblationRun run = Run(user, rest, groups);
        string with = $"with the groups {string.Join(", ", groups.Select(group => Accounts.GroupName(group) ?? group.ToString(CultureInfo.InvariantCulture)))} "
            + (rest.Count == 0 ? "and no capability" : $"and only {string.Join(", ", rest)}");
        return run.Status == status ? $"{with} it ends as it does as root" : $"{with} it ends with status {run.Status}, not {status}";
    }

    private AblationRun Run(Account? who, IReadOnlyList<string> capabilities, IReadOnlyList<uint> groups)
    {
        using TrialState state = TrialState.Make(who);
        string file = $"{state.Kept}/run.audit";
        TrialResult result = Trial.Run(new TrialRequest(
            "/proc/self/exe", ["shellguard", "trace", "--quiet", "--output", file, "--", .. command], TrialEnvironment.For(who, state.Kept))
        {
            User = who,
            Groups = groups,
            Capabilities = [.. capabilities.Select(name => CapabilityNames.NumberOf(name)).OfType<int>()],
            Copy = state,
        });
        return Path.Exists(file)
            ? new AblationRun(result.Status, result.Output, result.IsWhole, Denials(AuditFiles.Open(file).Result))
            : throw new SessionException(
                $"the command could not be run{(who is null ? "" : $" as {who.Name}")}: {SafeText.Shorten(System.Text.Encoding.UTF8.GetString(result.Errors).Trim(), 400)}");
    }

    private static List<string> Denials(ImportResult audit)
    {
        List<string> denials = [];
        foreach (GeneralAccess access in Generaliser.Of(audit.Accesses, new GeneralOptions()).Accesses)
        {
            if (access.Outcome.Kind == OutcomeKind.Denied)
            {
                denials.Add(AccessText.WithOutcome(access));
            }
        }

        return denials;
    }

    private static List<uint> Groups(AccessProfile profile)
    {
        List<uint> groups = [];
        foreach (PrivilegeNeed need in profile.Privileges)
        {
            if (need.Group is { } group && !groups.Contains(group))
            {
                groups.Add(group);
            }
        }

        return groups;
    }

    private static string Word(AblationVerdict verdict) => verdict switch
    {
        AblationVerdict.Needed => "needed",
        AblationVerdict.OnlyDenied => "not needed to end the same",
        AblationVerdict.NotNeeded => "not needed",
        _ => "undecided",
    };
}
