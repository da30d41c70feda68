using System.Globalization;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Walls;

/// <summary>Shows what a policy says of walls, a line for each value.</summary>
internal sealed class WallLines(WallRules walls)
{
    private readonly List<PolicyLine> _lines = [];

    public static IReadOnlyList<PolicyLine> Of(WallRules walls) => new WallLines(walls).Show();

    private List<PolicyLine> Show()
    {
        foreach (TagRule tag in walls.Tags)
        {
            _lines.Add(new PolicyLine($"tags.{Quote(tag.Name)}", tag.Meaning, tag.Rule));
        }

        foreach (TaggedResource resource in walls.Resources)
        {
            string table = $"resource.{Quote(resource.Name)}";
            Add(table, "net", resource.Endpoints.Select(endpoint => endpoint.ToString()), resource.Rule);
            Add(table, "paths", resource.Paths, resource.Rule);
            Add(table, "environment", resource.Environment, resource.Rule);
            Add(table, "source", Names(resource.Sources), resource.Rule);
            Add(table, "sink", Names(resource.Sinks), resource.Rule);
            if (resource.IsClipboard)
            {
                Add(table, "clipboard", Word(true), resource.Rule);
            }
            else
            {
                Add(table, "opaque", Word(resource.Opaque), resource.Rule);
            }
        }

        foreach (ConflictSet conflict in walls.Flow.Conflicts)
        {
            string table = $"conflict.{Quote(conflict.Name)}";
            Add(table, "at_most", Number(conflict.AtMost), conflict.Rule);
            Add(table, "of", Names(conflict.Members), conflict.Rule);
            Add(table, "mode", conflict.Mode == ConflictMode.Wall ? "wall" : "flow", conflict.Rule);
            Add(table, "exclusive", Word(conflict.Exclusive), conflict.Rule);
        }

        foreach (CellRule cell in walls.Cells)
        {
            ShowCell(cell);
        }

        foreach (GateRule gate in walls.Gates)
        {
            ShowGate(gate);
        }

        return _lines;
    }

    private static string WordOf(LateAcquisition late) => late switch
    {
        LateAcquisition.Elsewhere => "elsewhere",
        LateAcquisition.Sever => "sever",
        _ => "refuse",
    };

    private void ShowCell(CellRule cell)
    {
        string table = $"cell.{cell.Name}";
        if (cell.Pinned)
        {
            Add(table, "label", cell.Label.IsEmpty ? ["(none)"] : Names(cell.Label), cell.Rule);
        }
        else
        {
            Add(table, "clearance", Names(cell.Clearance.Sources), cell.Rule);
            Add(table, "late", [WordOf(cell.Late)], cell.Rule);
        }

        foreach ((string name, RuleSource rule) in cell.Environment)
        {
            Add(table, "environment", name, rule);
        }

        if (cell.Clipboard is { } clipboard)
        {
            Add(table, "clipboard", Word(true), clipboard);
        }

        Add(table, "commands", cell.Commands, cell.Rule);
        foreach ((Decision decision, string key) in new[]
        {
            (Decision.Allow, "net"), (Decision.Ask, "net-ask"), (Decision.Deny, "net-deny"),
        })
        {
            _lines.AddRange(cell.Network.Rules.Where(rule => rule.Decision == decision)
                .Select(rule => new PolicyLine($"{table}.{key}", rule.Pattern.ToString(), rule.Source)));
        }

        foreach ((PathMode mode, string key) in PolicyText.Modes)
        {
            _lines.AddRange(cell.Paths.Where(path => path.Mode == mode)
                .Select(path => new PolicyLine($"{table}.{key}", path.IsGlob ? path.Path : Glob.Quote(path.Path), path.Source)));
        }
    }

    private void ShowGate(GateRule rule)
    {
        Gate gate = rule.Gate;
        string table = $"gate.{gate.Name}";
        Add(table, "kind", gate.Kind == GateKind.Filter ? "filter" : "approval", gate.Rule);
        Add(table, "from", Names(gate.From), gate.Rule);
        Add(table, "to", Names(gate.To), gate.Rule);
        if (rule.Filter is { } filter)
        {
            Add(table, "program", filter.Program, gate.Rule);
            Add(table, "sha256", filter.Sha256, gate.Rule);
            Add(table, "form", filter.Form.Text, gate.Rule);
            Add(table, "max-bytes", Number(filter.Form.MaximumBytes), gate.Rule);
            Add(table, "bits", Number(gate.Capacity), gate.Rule);
            Add(table, "per", ValueText.Write(filter.Per), gate.Rule);
        }
        else if (rule.Approval is { } approval)
        {
            Add(table, "approvers", approval.Approvers, gate.Rule);
            Add(table, "second-person", Word(approval.SecondPerson), gate.Rule);
            Add(table, "expires", ValueText.Write(approval.Expires), gate.Rule);
            Add(table, "max-bytes", Number(approval.MaximumBytes), gate.Rule);
        }
    }

    private void Add(string table, string key, IEnumerable<string> values, RuleSource rule) =>
        _lines.AddRange(values.Select(value => new PolicyLine($"{table}.{key}", value, rule)));

    private void Add(string table, string key, string value, RuleSource rule) => Add(table, key, [value], rule);

    private IEnumerable<string> Names(TagSet tags) => tags.Select(walls.Flow.NameOf);

    private static string Word(bool value) => value ? "true" : "false";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string name) => ValueReader.Quote(name);
}
