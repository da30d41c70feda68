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
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cli.Support;

/// <summary>Runs a command as an ordinary user with the capabilities that its audit proposes, and without each of them,
/// in a copy of the host that is thrown away.</summary>
internal sealed class CapabilityProof(IReadOnlyList<string> command, Account user)
{
    /// <summary>Runs it, says what it found, and writes that into the profile.</summary>
    /// <exception cref="SessionException">It could not be run.</exception>
    public AccessProfile Add(AccessProfile profile)
    {
        List<string> capabilities = [.. profile.Capabilities.OrderByDescending(name => IsAsGoodAsRoot(profile, name)).ThenBy(name => name, StringComparer.Ordinal)];
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
        IReadOnlyList<AblationFinding> findings = new Ablation(names => Run(user, names, [])).Of(capabilities, root.Status);
        Dictionary<string, string> proofs = new(StringComparer.Ordinal);
        foreach (AblationFinding finding in findings)
        {
            string text = $"{Word(finding.Verdict)}: {finding.Text}";
            proofs.Add(finding.Capability, text);
            Terminal.Complain($"{finding.Capability} is {text}");
        }

        List<string> left = [.. findings.Where(finding => finding.Verdict != AblationVerdict.NotNeeded).Select(finding => finding.Capability)];
        string? group = groups.Count == 0 ? null : Try(profile, root.Status, groups, left);
        if (group is not null)
        {
            Terminal.Complain(group);
        }

        return profile with { Proofs = proofs, GroupProof = group };
    }

    private static bool IsAsGoodAsRoot(AccessProfile profile, string capability) => profile.Privileges.Any(need => need.Ways.Any(way =>
        way.Kind == PrivilegeWayKind.Capability && way.Text == capability && way.Cost?.Contains("as good as root", StringComparison.Ordinal) == true));

    /// <summary>All groups that are proposed, and of the capabilities that are left those that no group is proposed for.
    /// </summary>
    private string Try(AccessProfile profile, int status, List<uint> groups, List<string> left)
    {
        List<string> rest = [.. left.Where(name => !profile.Privileges.Any(need => need.Group is not null && need.Capability == name))];
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

        // The directory is the user's, so that the command may have put anything there.
        if (Files.Open(file, OpenFlags.RDONLY | OpenFlags.NOFOLLOW | OpenFlags.NONBLOCK | OpenFlags.CLOEXEC, out Descriptor audit).Failed)
        {
            throw new SessionException(
                $"the command could not be run{(who is null ? "" : $" as {who.Name}")}: {SafeText.Shorten(System.Text.Encoding.UTF8.GetString(result.Errors).Trim(), 400)}");
        }

        using (audit)
        {
            return Files.Status(audit, out FileStatus status).Succeeded && status.IsRegular
                ? new AblationRun(result.Status, result.Output, result.IsWhole, Denials(AuditFiles.Open(FileMetadata.ProcPath(audit)).Result))
                : throw new SessionException($"the command put something else in the place of {file}; nothing is proven");
        }
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
