using System.Globalization;
using System.Text;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Profiles.Privileges;
using ShellGuard.Audit.Reports;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Journal.Rendering;

namespace ShellGuard.Audit.Export;

/// <summary>Comments with evidence. Every text is safe and has no line feed, so that nothing that a recording says
/// leaves its comment.</summary>
internal sealed class CommentText(StringBuilder text, string mark = "#")
{
    private const int Listed = 40;

    /// <summary>One line.</summary>
    public CommentText Line(string line = "")
    {
        text.Append(line.Length == 0 ? mark : $"{mark} {line.ReplaceLineEndings(" ")}").Append('\n');
        return this;
    }

    /// <summary>What the output is, and how far it can be relied on.</summary>
    public void Head(AccessProfile profile, string what)
    {
        string command = profile.Command.Count == 0 ? "a recording" : AccessText.Arguments(profile.Command);
        Line($"{what}, from what was seen of: {command}");
        CoverageVerdict coverage = profile.Result.Coverage;
        Line($"{profile.Runs} {(profile.Runs == 1 ? "run" : "runs")}; coverage: {KebabCase.Of(coverage.State.ToString())}"
            + (coverage.State == CoverageState.Complete ? "" : ", so that there may be more:"));
        foreach (CoverageReason reason in coverage.Reasons.Take(8))
        {
            Line($"  {SafeText.Message(reason.Text)}");
        }

        if (profile.IsJudgedByHost)
        {
            Line(AccessProfile.JudgedByHost);
        }

        Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{profile.Source.Before:N0} distinct accesses became {profile.Source.Accesses.Count:N0} by names that stand for others:"));
        foreach (RuleUse use in profile.Source.Uses)
        {
            Line(string.Create(CultureInfo.InvariantCulture, $"  {use.Rule.Name}: {use.Names:N0} to {use.Patterns:N0}: {use.Rule.Reason}"));
        }

        Line(string.Create(CultureInfo.InvariantCulture, $"Looked for and not there, never granted: {profile.Probes:N0} names"));
    }

    /// <summary>What there is to know about a command line that is written out.</summary>
    public void Command(ArgumentVector command)
    {
        if (!command.IsWhole)
        {
            Line();
            Line("The recording does not have all of the command's arguments: put it in the place of COMMAND.");
        }
        else if (Redaction.HasSecret(command.Kept))
        {
            Line();
            Line("Something that looks like a secret stands in the command line below.");
        }
    }

    /// <summary>What the target has no words for, or what was left out on purpose.</summary>
    public void Missing(string title, IEnumerable<string> lines)
    {
        List<string> all = [.. lines];
        if (all.Count == 0)
        {
            return;
        }

        Line();
        Line(title);
        foreach (string line in all.Take(Listed))
        {
            Line($"  {line}");
        }

        if (all.Count > Listed)
        {
            Line($"  … {all.Count - Listed} more; shellguard report has them all");
        }
    }

    /// <summary>Who did it, how often, where it stands first, and in how many of the runs.</summary>
    public static string Evidence(AccessProfile profile, IReadOnlyList<GeneralAccess> accesses)
    {
        string operations = string.Join(", ", accesses.Select(access => KebabCase.Of(access.Operation.ToString())).Distinct(StringComparer.Ordinal));
        List<string> programs = [.. accesses.SelectMany(access => access.Members)
            .Select(seen => AccessText.ShortProgram(seen.Access.Chain[0])).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];
        string by = programs.Count == 0 ? "" : $" by {string.Join(", ", programs.Take(3))}{(programs.Count > 3 ? ", …" : "")}";
        string runs = "";
        if (profile.Runs > 1)
        {
            int seen = GeneralAccess.CountRuns(accesses);
            runs = $", in {seen} of {profile.Runs} runs{(seen == 1 ? " (once: may differ)" : "")}";
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{operations}{by}, {accesses.Sum(access => access.Count):N0}×{runs}{First(profile, accesses)}");
    }

    public static string Evidence(AccessProfile profile, GeneralAccess access) => Evidence(profile, [access]);

    /// <summary>The ways to have without root what only root could have.</summary>
    public void Privileges(AccessProfile profile, string title)
    {
        if (profile.Privileges.Count == 0)
        {
            return;
        }

        Line();
        Line(title);
        foreach (PrivilegeNeed need in profile.Privileges.Take(Listed))
        {
            string more = need.Accesses.Count > 1 ? $", and {need.Accesses.Count - 1} more" : "";
            Line($"  {need.Why}: {AccessText.Of(need.Accesses[0])}{more}  ({Evidence(profile, need.Accesses)})");
            foreach (PrivilegeWay way in need.Ways)
            {
                Line($"    {Word(way.Kind)}: {way.Text}{(way.Cost is null ? "" : $"  [{way.Cost}]")}");
                string? proof = way.Kind == PrivilegeWayKind.Capability ? profile.Proofs.GetValueOrDefault(way.Text)
                    : way.Kind == PrivilegeWayKind.Group ? profile.GroupProof
                    : way.Kind == PrivilegeWayKind.FileAcl ? profile.ListProof
                    : null;
                if (proof is not null)
                {
                    Line($"      tried: {proof}");
                }
            }
        }

        if (profile.Privileges.Count > Listed)
        {
            Line($"  … {profile.Privileges.Count - Listed} more; shellguard report has them all");
        }
    }

    public static string Word(PrivilegeWayKind kind) => kind switch
    {
        PrivilegeWayKind.Group => "group",
        PrivilegeWayKind.FileAcl => "file ACL",
        PrivilegeWayKind.Setting => "setting",
        PrivilegeWayKind.Capability => "capability",
        PrivilegeWayKind.HelperCommand => "only this helper as root (leash, sudo)",
        _ => "leave it out: loses",
    };

    private static string First(AccessProfile profile, IReadOnlyList<GeneralAccess> accesses)
    {
        Origin first = default;
        foreach (SeenAccess seen in accesses.SelectMany(access => access.Members))
        {
            Origin place = seen.Origin;
            if (place.Line > 0 && (first.Line == 0 || place.Input < first.Input || (place.Input == first.Input && place.Line < first.Line)))
            {
                first = place;
            }
        }

        return first.Line == 0 || first.Input >= profile.Result.Inputs.Count ? ""
            : string.Create(CultureInfo.InvariantCulture, $", first {AccessText.Name(profile.Result.Inputs[first.Input].Name, 60)}:{first.Line}");
    }
}
