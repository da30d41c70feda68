using ShellGuard.Core.Flow;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Lint;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Walls;

/// <summary>Finds what a policy grants and its own conflict sets never let be: such a policy does not say what it means,
/// and is not used.</summary>
internal static class WallCheck
{
    /// <summary>Resources and pinned cells, each by itself. A floating cell may be granted more than goes together: what it
    /// gets first decides.</summary>
    public static IEnumerable<Diagnostic> Check(WallRules walls, IReadOnlyList<PolicyLayer> layers)
    {
        LintReport report = new(layers);
        foreach (WallRefusal refusal in new WallModel(walls, policy: null).Refusals)
        {
            report.Add(
                Severity.Error, refusal.Rule, $"{refusal.Rule.Text} breaks a conflict set by itself: {WallText.Because(refusal)}",
                "opaque = true says that what is sent to it does not come back");
        }

        foreach (CellRule cell in walls.Cells.Where(cell => cell.Pinned))
        {
            WallModel model = new(walls, policy: null);
            model.Add(cell);
            foreach (WallRefusal refusal in model.Refusals.Where(refusal => refusal.Cell is not null))
            {
                Report(walls, refusal, cell, report);
            }
        }

        return report.Findings;
    }

    private static void Report(WallRules walls, WallRefusal refusal, CellRule cell, LintReport report)
    {
        if (refusal.Refusal.Reason == RefusalReason.Clearance)
        {
            TagSet missing = refusal.Refusal.Tags;
            string label = string.Join(", ", (cell.Label | missing).Select(tag => $"\"{walls.Flow.NameOf(tag)}\""));
            report.Add(
                Severity.Error, refusal.Rule,
                $"{refusal.Rule.Text} brings {walls.NamesOf(missing)} into {cell.Rule.Text}, whose label does not have "
                + $"{(missing.Count == 1 ? "it" : "them")}: {WallText.Because(refusal)}",
                $"label = [{label}], or a net-deny of what is not meant");
        }
        else
        {
            report.Add(
                Severity.Error, refusal.Rule,
                $"{refusal.Rule.Text} in {cell.Rule.Text} breaks a conflict set by itself: {WallText.Because(refusal)}",
                "two cells can have what one cannot: put the two sides into a cell each");
        }
    }
}
