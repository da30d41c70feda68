using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Presets;
using ShellGuard.Policy.Walls;

namespace ShellGuard.Policy.Lint;

/// <summary>Finds walls that hold nothing, and grants that go round them.</summary>
internal sealed class WallLint(EffectivePolicy policy, WallRules walls, LintReport report)
{
    public void Check()
    {
        CheckPlaceholders();
        CheckTags();
        CheckConflicts();
        CheckGates();
        foreach (CellRule cell in walls.Cells)
        {
            CheckLabel(cell);
            CheckEndpoints(cell);
            CheckNames(cell);
            CheckClipboard(cell);
        }

        CheckFiles();
        CheckTogether();
    }

    /// <summary>What the cells and resources of the policy can have.</summary>
    private TagSet Carried => walls.Resources.Aggregate(TagSet.Empty, (tags, r) => tags | r.Sources | r.Sinks)
        | walls.Cells.Aggregate(TagSet.Empty, (tags, cell) => tags | cell.Label);

    /// <summary>A preset's resource that the policy which extends it should have replaced.</summary>
    private void CheckPlaceholders()
    {
        foreach (TaggedResource resource in PolicyPresets.IsPreset(policy.Chain[^1]) ? [] : walls.Resources)
        {
            if (PolicyPresets.IsPreset(resource.Rule.File)
                && resource.Endpoints.Any(endpoint => endpoint.Name?.EndsWith(".invalid", StringComparison.Ordinal) == true))
            {
                report.Add(
                    Severity.Warning, resource.Rule,
                    $"{resource.Rule.Text} is a placeholder: the policy does not say what it is here",
                    "add a [[resource]] of this name with its endpoints, and grant them to its cell");
            }
        }
    }

    private void CheckTags()
    {
        foreach (TagRule tag in walls.Tags.Where(tag => !Carried.Contains(tag.Tag)))
        {
            report.Add(
                Severity.Warning, tag.Rule, $"{tag.Rule.Text} is on no resource: nothing ever has it",
                $"add a [[resource]] with source or sink = [\"{tag.Name}\"]");
        }
    }

    private void CheckConflicts()
    {
        foreach (ConflictSet conflict in walls.Flow.Conflicts)
        {
            TagSet there = conflict.Members & Carried;
            if (there.Count <= conflict.AtMost)
            {
                report.Add(
                    Severity.Warning, conflict.Rule,
                    $"{conflict.Rule.Text} cannot strike: at most {conflict.AtMost} may meet, and resources have only "
                    + $"{walls.NamesOf(there)} of {walls.NamesOf(conflict.Members)}");
            }
        }
    }

    private void CheckGates()
    {
        foreach (Gate gate in walls.Flow.Gates)
        {
            if (!walls.Flow.Conflicts.Any(conflict =>
                conflict.Members.Overlaps(gate.From) && conflict.Members.Overlaps(gate.To)))
            {
                report.Add(
                    Severity.Warning, gate.Rule,
                    $"{gate.Rule.Text} leads nowhere: no conflict set keeps {walls.NamesOf(gate.From)} from "
                    + walls.NamesOf(gate.To));
            }

            if (walls.CellOfCommand(gate.Name) is { } cell)
            {
                report.Add(
                    Severity.Warning, gate.Rule,
                    $"{gate.Rule.Text} has the name of a command of {cell.Rule.Text}: in a lobby the gate hides the command",
                    "give the gate another name");
            }

            CheckWhatIsLeft(gate);
        }
    }

    /// <summary>What passes goes to the lobby, which has no label: so a gate takes all of a label off, or nothing passes.
    /// </summary>
    private void CheckWhatIsLeft(Gate gate)
    {
        foreach (CellRule cell in walls.Cells.Where(cell => cell.Label.Overlaps(gate.From) && !cell.Label.IsSubsetOf(gate.From)))
        {
            report.Add(
                Severity.Warning, gate.Rule,
                $"{gate.Rule.Text} takes {walls.NamesOf(cell.Label & gate.From)} off, and {walls.NamesOf(cell.Label.Except(gate.From))} "
                + $"of {cell.Rule.Text} would be left: nothing of that cell passes",
                "name all of the cell's label in the gate's from, or do that work in a cell with less");
        }
    }

    private void CheckLabel(CellRule cell)
    {
        foreach (Tag tag in cell.Label | cell.Clearance.Sources)
        {
            TagSet one = TagSet.Of(tag);
            if (!walls.Resources.Any(r => r.Sources.Overlaps(one)) && walls.Resources.Any(r => r.Sinks.Overlaps(one)))
            {
                report.Add(
                    Severity.Warning, cell.Rule,
                    $"{cell.Rule.Text} has {walls.Flow.NameOf(tag)} as a source, and no resource gives it: it is a sink",
                    "a cell's sinks are those of the resources that it is granted; nothing more is to be said");
            }
        }
    }

    /// <summary>What no resource names has no tags: bytes that go there are not counted.</summary>
    private void CheckEndpoints(CellRule cell)
    {
        bool secret = !(cell.Label | cell.Clearance.Sources).IsEmpty;
        foreach (NetworkRule rule in walls.UntaggedRulesOf(cell))
        {
            report.Add(
                secret ? Severity.Danger : Severity.Warning, rule.Source,
                $"{rule.Source.Text} of {cell.Rule.Text} leads to what no resource names: it has no tags, and "
                + (secret
                    ? $"{walls.NamesOf(cell.Label | cell.Clearance.Sources)} can be sent there whatever the conflict sets say"
                    : "what is sent there counts for nothing"),
                rule.Pattern.Range is null
                    ? "add a [[resource]] with this endpoint and its sink"
                    : "add a [[resource]] with this address and its sink; that a name leads to it is not known here");
        }
    }

    /// <summary>A name that a cell makes up is asked of the host's resolver, and by that of whoever answers for it.</summary>
    private void CheckNames(CellRule cell)
    {
        TagSet known = cell.Label | cell.Clearance.Sources;
        foreach (NetworkRule rule in cell.Network.Rules.Where(rule => !known.IsEmpty && rule.Decision != Decision.Deny
            && rule.Pattern.Kind is EndpointKind.SubDomains or EndpointKind.AnyName))
        {
            // Where it leads to a sink, its names count as that.
            if (walls.Resources.All(resource => resource.Sinks.IsEmpty || !resource.Endpoints.Any(endpoint => endpoint.Meet(rule.Pattern) is not null)))
            {
                report.Add(
                    Severity.Danger, rule.Source,
                    $"{rule.Source.Text} lets {cell.Rule.Text} make up names, and whoever is asked for them can read "
                    + $"{walls.NamesOf(known)} in them",
                    "name the hosts one by one, or say by a sink of the resource where such names are asked");
            }
        }
    }

    /// <summary>A person puts what is there into other programs, and other programs of the person's machine read it.
    /// </summary>
    private void CheckClipboard(CellRule cell)
    {
        if (cell.Clipboard is { } rule && walls.Resources.FirstOrDefault(resource => resource.IsClipboard) is { } clipboard)
        {
            string knows = cell.Label.IsEmpty ? "what it writes" : walls.NamesOf(cell.Label);
            report.Add(
                Severity.Warning, rule,
                $"clipboard = true lets {cell.Rule.Text} put {knows} where every program of the person's machine reads it; "
                + (clipboard.Sinks.IsEmpty
                    ? "it counts for nothing here"
                    : $"it counts as {walls.NamesOf(clipboard.Sinks)}"),
                clipboard.Rule == rule
                    ? "a [[resource]] with clipboard = true and a sink of its own says what it leads to"
                    : null);
        }
    }

    private void CheckFiles()
    {
        foreach (PathRule rule in policy.Paths.Where(rule => rule.Mode != PathMode.Hidden && !PolicyPresets.IsPreset(rule.Source.File)))
        {
            if (walls.ResourcesOfPath(rule.Path) is [var resource, ..])
            {
                report.Add(
                    Severity.Warning, rule.Source,
                    $"{rule.Source.Text} hands nobody anything: it lies in the {resource.Rule.Text}, which has tags",
                    "name it in the cell that is to have it");
            }
        }

        foreach (CellRule cell in walls.Cells.Where(cell => !(cell.Label | cell.Clearance.Sources).IsEmpty))
        {
            IReadOnlyList<PathRule> view = walls.PolicyOf(policy, cell).Paths;
            foreach (PathRule rule in view.Where(rule => rule.Mode == PathMode.Direct && walls.ResourcesOfPath(rule.Path).Count == 0))
            {
                report.Add(
                    Severity.Danger, rule.Source,
                    $"{rule.Source.Text} lets {cell.Rule.Text} write {walls.NamesOf(cell.Label | cell.Clearance.Sources)} to "
                    + $"{rule.Path} on the host, which has no tags: whoever reads it there knows of no wall",
                    "make it copy-on-write, or add a [[resource]] with this path");
            }
        }
    }

    /// <summary>Cells that do no harm each by itself, and cannot all be at once.</summary>
    private void CheckTogether()
    {
        foreach (WallRefusal refusal in WallModel.OfAll(walls, policy).Refusals)
        {
            if (refusal.Cell is { Pinned: true } cell)
            {
                report.Add(
                    Severity.Warning, refusal.Rule,
                    $"{refusal.Rule.Text} joins {(cell.Name == "lobby" ? "the lobby" : cell.Rule.Text)} with other cells so that "
                    + $"not all can run: {WallText.Because(refusal)}",
                    Opaque(refusal));
            }
        }
    }

    /// <summary>Where a resource stands on the way, and not at its end, its being a mailbox is what joins.</summary>
    private string? Opaque(WallRefusal refusal) =>
        FlowExplanation.Of(refusal.Refusal).Paths.SelectMany(path => path.Steps)
            .Select(step => refusal.Refusal.Attempt[step.To])
            .Where(node => node.Kind == NodeKind.Service && node.Conducts && !node.Held.Overlaps(refusal.Refusal.Tags))
            .Select(node => walls.Resources.FirstOrDefault(r => r.Name == node.Name))
            .OfType<TaggedResource>().FirstOrDefault() is { } joint
            ? $"if what one cell sends to {joint.Name} does not come out to another, say opaque = true of it"
            : null;
}
