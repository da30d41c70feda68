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
        List<AccessEntry> entries = Entries(profile);
        if (capabilities.Count == 0)
        {
            Terminal.Complain("the audit proposes no capability, so that there is nothing to try");
            return profile;
        }

        Terminal.Complain(string.Create(
            CultureInfo.InvariantCulture,
            $"runs the command up to {1 + Ablation.MostRuns(capabilities.Count) + (groups.Count > 0 ? 1 : 0) + (entries.Count > 0 ? 1 : 0)} times, first as root, then as {user.Name}; files that it changes are copies and thrown away, but what it sends and what services do for it happens each time"));
        AblationRun root = Run(null, [], [], []);
        IReadOnlyList<AblationFinding> findings = new Ablation(names => Run(user, names, [], [])).Of(capabilities, root.Status);
        Dictionary<string, string> proofs = new(StringComparer.Ordinal);
        foreach (AblationFinding finding in findings)
        {
            string text = $"{Word(finding.Verdict)}: {finding.Text}";
            proofs.Add(finding.Capability, text);
            Terminal.Complain($"{finding.Capability} is {text}");
        }

        List<string> left = [.. findings.Where(finding => finding.Verdict != AblationVerdict.NotNeeded).Select(finding => finding.Capability)];
        string? group = groups.Count == 0 ? null : Try(
            $"the groups {string.Join(", ", groups.Select(group => Accounts.GroupName(group) ?? group.ToString(CultureInfo.InvariantCulture)))}",
            root, groups, [], [.. left.Where(name => !profile.Privileges.Any(need => need.Group is not null && need.Capability == name))]);
        string? list = entries.Count == 0 ? null : Try(
            entries.Count == 1 ? "the entry in the access control list" : $"the {entries.Count} entries in access control lists",
            root, [], entries, [.. left.Where(name => !profile.Privileges.All(need => need.Capability != name || IsTried(need, entries)))]);
        return profile with { Proofs = proofs, GroupProof = group, ListProof = list };
    }

    private static bool IsAsGoodAsRoot(AccessProfile profile, string capability) => profile.Privileges.Any(need => need.Ways.Any(way =>
        way.Kind == PrivilegeWayKind.Capability && way.Text == capability && way.Cost?.Contains("as good as root", StringComparison.Ordinal) == true));

    private static bool IsTried(PrivilegeNeed need, List<AccessEntry> entries) =>
        need.ListedPath is { } path && entries.Exists(entry => entry.Path == path);

    /// <summary>All groups, or all entries, that are proposed, and the capabilities that are left without them.</summary>
    private string Try(string what, AblationRun root, List<uint> groups, List<AccessEntry> entries, List<string> rest)
    {
        AblationRun run = Run(user, rest, groups, entries);
        string with = $"with {what} {(rest.Count == 0 ? "and no capability" : $"and only {string.Join(", ", rest)}")}";
        string text = Ablation.Difference(root, run) is { } difference
            ? run.Status == root.Status ? $"{with} it ends as it does as root, but {difference}" : $"{with} it ends otherwise than as root: {difference}"
            : $"{with} it ends as it does as root";
        Terminal.Complain(text);
        return text;
    }

    private AblationRun Run(
        Account? who, IReadOnlyList<string> capabilities, IReadOnlyList<uint> groups, IReadOnlyList<AccessEntry> entries)
    {
        using TrialState state = TrialState.Make(who);
        string file = $"{state.Kept}/run.audit";
        TrialResult result = Trial.Run(new TrialRequest(
            "/proc/self/exe", ["shellguard", "trace", "--quiet", "--output", file, "--", .. command], TrialEnvironment.For(who, state.Kept))
        {
            User = who,
            Groups = groups,
            Entries = entries,
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

    /// <summary>Those of files that the copy has; of one file one, with all that is asked for.</summary>
    private static List<AccessEntry> Entries(AccessProfile profile)
    {
        SortedDictionary<string, uint> rights = new(StringComparer.Ordinal);
        foreach (PrivilegeNeed need in profile.Privileges)
        {
            if (need.ListedPath is { } path && Trial.CopyHas(path))
            {
                rights[path] = rights.GetValueOrDefault(path) | need.ListedRights;
            }
        }

        List<AccessEntry> entries = [];
        foreach (string path in rights.Keys)
        {
            entries.Add(new AccessEntry(path, rights[path]));
        }

        return entries;
    }

    private static string Word(AblationVerdict verdict) => verdict switch
    {
        AblationVerdict.Needed => "needed",
        AblationVerdict.OnlyDenied => "not needed to end the same",
        AblationVerdict.NotNeeded => "not needed",
        _ => "undecided",
    };
}
