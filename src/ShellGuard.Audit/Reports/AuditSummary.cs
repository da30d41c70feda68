using System.Globalization;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Reports.Findings;
using ShellGuard.Core;

namespace ShellGuard.Audit.Reports;

/// <summary>The main points of a recording: what somebody wants to know first.</summary>
/// <param name="Executed">Programs that ran.</param>
/// <param name="Changed">Paths that were written, made, renamed, deleted or given other attributes.</param>
/// <param name="Connected">Whom it talked to, whether the peer answered or not.</param>
/// <param name="Listening">Where it let others talk to it.</param>
/// <param name="Privileged">Changes of identity and privilege, code for the kernel, other processes, special calls.
/// </param>
/// <param name="Denied">What the kernel refused.</param>
/// <param name="Read">Distinct paths that were read, listed or mapped as code.</param>
/// <param name="Looked">Distinct paths that were only looked at.</param>
/// <param name="Probes">Distinct paths that were looked for and not there.</param>
public sealed record AuditSummary(
    IReadOnlyList<SummaryLine> Executed,
    IReadOnlyList<SummaryLine> Changed,
    IReadOnlyList<SummaryLine> Connected,
    IReadOnlyList<SummaryLine> Listening,
    IReadOnlyList<SummaryLine> Privileged,
    IReadOnlyList<SummaryLine> Denied,
    SummaryCount Read,
    SummaryCount Looked,
    SummaryCount Probes)
{
    public static AuditSummary Of(ImportResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        IReadOnlyList<SeenAccess> all = result.Accesses;
        HashSet<string> read = [.. all.Where(IsRead).Select(seen => seen.Access.Target)];
        return new AuditSummary(
            Lines(all, seen => seen.Operation == Operation.Execute && seen.Outcome.IsGranted, seen => seen.Target),
            Lines([.. all.SelectMany(TouchedPaths.Of)], seen => IsChange(seen.Operation) && seen.Outcome.IsGranted && seen.Kind != ObjectKind.Memory
                && !Findings.ReportBuilder.IsOwnDevice(seen.Target), seen => seen.Target),
            Lines(all, IsConnection, seen => seen.Target + Suffix(seen)),
            Lines(
                all, seen => seen.Operation is Operation.Bind or Operation.Listen && seen.Outcome.IsGranted
                    && seen.Kind != ObjectKind.OtherSocket,
                seen => seen.Target),
            Lines(all, seen => IsPrivilege(seen.Operation) && seen.Outcome.Kind != OutcomeKind.Denied, Described),
            Lines(all, seen => seen.Outcome.Kind == OutcomeKind.Denied, seen => $"{Described(seen)} ({seen.Outcome.Error})"),
            Count(all.Where(IsRead)),
            Count(all.Where(seen => seen.Access is { Operation: Operation.Stat, Outcome.IsGranted: true } && !read.Contains(seen.Access.Target))),
            Count(all.Where(seen => seen.Access.Outcome.Kind == OutcomeKind.Absent)));
    }

    /// <summary>How long it took and what it used, in one line; null where the recording tells neither.</summary>
    public static string? Ran(ImportResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        List<string> parts = [];
        if (Timeline.Of(result) is [var line])
        {
            parts.Add($"{ReportBuilder.Seconds(line.Length)} s");
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{line.Rows.Count:N0} process{(line.Rows.Count == 1 ? "" : "es")}, at most {line.Peak:N0} at once"));
        }

        if (result.Runs.Count == 0 && RunResources.Of(result) is [{ } used])
        {
            parts.Add($"{ReportBuilder.Seconds(used.User, used.System)} s of processor time");
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{used.Memory / 1024.0:N1} MiB in one process"));
        }

        return parts.Count > 0 ? string.Join(", ", parts) : null;
    }

    private static bool IsRead(SeenAccess seen) => seen.Access.Outcome.IsGranted
        && seen.Access.Operation is Operation.Read or Operation.List or Operation.MapExecutable;

    private static bool IsChange(Operation operation) => operation is Operation.Write or Operation.Create
        or Operation.Delete or Operation.Rename or Operation.ChangeAttributes;

    private static bool IsConnection(Access access) => access.Operation is Operation.Connect or Operation.Send
        && access.Outcome.Kind is not (OutcomeKind.Denied or OutcomeKind.Absent) && access.Target != "netlink";

    private static bool IsPrivilege(Operation operation) => operation is Operation.ChangeIdentity
        or Operation.LoadCode or Operation.SystemCall or Operation.Signal or Operation.Trace;

    private static string Described(Access access) => access.Operation == Operation.SystemCall
        ? access.Target
        : $"{KebabCase.Of(access.Operation.ToString())} {access.Target}";

    private static string Suffix(Access access) =>
        access.Outcome.Kind == OutcomeKind.Failed ? $" ({access.Outcome.Error})" : "";

    private static List<SummaryLine> Lines(
        IReadOnlyList<SeenAccess> all, Func<Access, bool> belongs, Func<Access, string> text) =>
    [
        .. all.Where(seen => belongs(seen.Access)).GroupBy(seen => text(seen.Access), StringComparer.Ordinal)
            .Select(group => new SummaryLine(
                group.Key,
                group.Sum(seen => seen.Count),
                [.. group.Select(seen => NameOf(seen.Access)).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]))
            .OrderByDescending(line => line.Count).ThenBy(line => line.Text, StringComparer.Ordinal),
    ];

    private static string NameOf(Access access) =>
        access.Chain.Count == 0 ? "" : access.Chain[0] is { Program: { Length: > 0 } program } ? program[(program.LastIndexOf('/') + 1)..]
        : access.Chain[0].CommandName;

    private static SummaryCount Count(IEnumerable<SeenAccess> accesses)
    {
        HashSet<string> targets = new(StringComparer.Ordinal);
        long times = 0;
        foreach (SeenAccess seen in accesses)
        {
            targets.Add(seen.Access.Target);
            times += seen.Count;
        }

        return new SummaryCount(targets.Count, times);
    }
}
