using System.Globalization;
using ShellGuard.Cells.Launching;
using ShellGuard.Cells.Limiting;
using ShellGuard.Cells.View;
using ShellGuard.Core;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Seccomp;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Planning;

/// <summary>Says which mechanism holds each rule of a plan. Pure.</summary>
public static class PlanReport
{
    /// <summary>The sections in the order in which a reader needs them.</summary>
    public static IReadOnlyList<PlanSection> Of(CellPlan plan, EffectivePolicy policy, SystemCallTable table) =>
    [
        new PlanSection("command", Command(plan)),
        new PlanSection("files", [.. plan.View.Entries.Where(IsSeen).Select(Entry), .. Hidden(plan.View)]),
        new PlanSection("network", Network(policy)),
        new PlanSection("environment", Environment(plan, policy.Environment)),
        new PlanSection("limits", Limits(plan)),
        new PlanSection("system calls", Filter(table)),
        new PlanSection("notes", [.. plan.View.Notes.Select(note => new PlanRow(note, "", ""))]),
    ];

    private static List<PlanRow> Command(CellPlan plan)
    {
        const string cell = "every cell";
        CloneFlags namespaces = LaunchBuilder.Build(plan, new LaunchDescriptors(0, 0, 0, 0)).Namespaces;
        string user = $"{plan.Identity.Uid}:{plan.Identity.Gid}";
        PlanRow[] command = plan.Command is { } runs
            ?
            [
                new PlanRow(runs.Program, "execve", "the command"),
                new PlanRow(runs.WorkingDirectory, "chdir", "the working directory"),
            ]
            : [];
        return
        [
            .. command,
            new PlanRow($"user {user}", "user namespace, no_new_privs", plan.Identity.KeepsRoot ? "started by root" : "the user"),
            new PlanRow(
                plan.Identity.Capabilities.Count == 0
                    ? "no capability"
                    : $"capabilities {string.Join(", ", plan.Identity.Capabilities)}, inside the cell only",
                "bounding set", plan.Identity.KeepsRoot ? "root's work on files" : cell),
            new PlanRow($"{namespaces}, NEWCGROUP, NEWTIME", "namespaces", cell),
            new PlanRow(
                plan.TerminalDescriptors.Count == 0
                    ? "no terminal"
                    : $"descriptors {string.Join(", ", plan.TerminalDescriptors)} on a terminal of its own",
                "pseudo-terminal, relayed", "what the caller has"),
            new PlanRow("writing elsewhere than the view says", "Landlock", cell),
        ];
    }

    /// <summary>A place that is made only to mount something on it says nothing of its own.</summary>
    private static bool IsSeen(ViewEntry entry) => entry is not (ViewEntry.MakeDirectory or ViewEntry.MakeFile);

    private static PlanRow Entry(ViewEntry entry) => entry switch
    {
        ViewEntry.HostBase => new("/", "the host's mounts, made read-only", entry.Because),
        ViewEntry.EmptyBase => new("/", "an empty tmpfs", entry.Because),
        ViewEntry.WithoutStorage without => new(
            entry.Target, $"read-only overlay without {without.Missing}, where sessions are kept", entry.Because),
        ViewEntry.Overlay { Layer: { } layer } => new(entry.Target, $"overlay, changes go to {layer.Upper}", entry.Because),
        ViewEntry.Overlay => new(entry.Target, "read-only overlay with a mask", entry.Because),
        ViewEntry.Private given => new(
            entry.Target, string.Create(CultureInfo.InvariantCulture, $"a tmpfs of its own, mode {Convert.ToString(given.Mode, 8)}"), entry.Because),
        ViewEntry.Seal => new(entry.Target, "everything mounted there made read-only", entry.Because),
        ViewEntry.ReadOnlyInPlace => new(entry.Target, "read-only bind mount over itself", entry.Because),
        ViewEntry.Still => new(entry.Target, "a read-only file of its own", entry.Because),
        ViewEntry.HostBind { ReadOnly: true } => new(entry.Target, "read-only bind mount", entry.Because),
        ViewEntry.HostBind => new(entry.Target, "bind mount, written at once", entry.Because),
        ViewEntry.MakeLink link => new(entry.Target, $"a link to {link.To}", entry.Because),
        ViewEntry.Proc => new(entry.Target, "a proc of its own", entry.Because),
        ViewEntry.Devpts => new(entry.Target, "a devpts of its own", entry.Because),
        _ => throw new InvalidOperationException($"unknown entry {entry.GetType().Name}"),
    };

    /// <summary>What is hidden by a white-out stands in no entry of its own.</summary>
    private static IEnumerable<PlanRow> Hidden(ViewPlan view) => view.Plants.Select(plant =>
    {
        string path = Paths.Join(plant.HostRoot, plant.Relative);
        return new PlanRow(
            path,
            plant.Kind == PlantKind.Whiteout ? "white-out in the overlay: not there" : "a file of ShellGuard's in the overlay",
            view.Protected.FirstOrDefault(hidden => hidden.Path == path)?.Rule.ToString() ?? "the cell's own");
    });

    private static List<PlanRow> Network(EffectivePolicy policy)
    {
        List<PlanRow> rows =
        [
            new("everything", "network namespace with only its own loopback", "every cell"),
        ];
        foreach (NetworkRule rule in NetworkRules.Of(policy.Network)?.Rules ?? [])
        {
            rows.Add(new PlanRow(
                rule.Pattern.ToString(),
                rule.Decision switch
                {
                    Decision.Allow => "connect(2) trapped, connected from outside, the socket swapped in",
                    Decision.Ask => "connect(2) trapped, held until a person answers",
                    _ => "connect(2) trapped and refused",
                },
                rule.Source.ToString()));
        }

        return rows;
    }

    /// <summary>Names only: a value that is passed may be a secret.</summary>
    private static List<PlanRow> Environment(CellPlan plan, EnvironmentRules rules) =>
    [
        .. (plan.Command?.Environment ?? []).Select(variable => variable[..variable.IndexOf('=', StringComparison.Ordinal)])
            .Select(name => new PlanRow(
                name,
                rules.Set.ContainsKey(name) ? "set" : "passed",
                rules.Sources.GetValueOrDefault($"set {name}")?.ToString()
                    ?? rules.Pass.Where(pattern => EnvironmentMatches(pattern, name))
                        .Select(pattern => rules.Sources.GetValueOrDefault($"pass {pattern}")?.ToString())
                        .LastOrDefault()
                    ?? "every cell")),
    ];

    private static bool EnvironmentMatches(string pattern, string name) =>
        new EnvironmentRules([pattern], new Dictionary<string, string>(StringComparer.Ordinal)).Passes(name);

    private static List<PlanRow> Limits(CellPlan plan) =>
    [
        .. plan.LimitPlan.Limits.Select(limit => new PlanRow(
            LimitText.Describe(limit.Kind, limit.Value),
            limit.IsHeld ? limit.How : $"not held: {limit.How}",
            limit.Rule?.ToString() ?? "")),
    ];

    private static List<PlanRow> Filter(SystemCallTable table)
    {
        int Count(Disposition disposition) => table.Lines.Count(line => line.Disposition == disposition);
        return
        [
            new($"{Count(Disposition.Passed)} passed", "seccomp filter", "run at native speed"),
            new($"{Count(Disposition.Partly)} partly", "seccomp filter, by argument", "see --filter"),
            new($"{Count(Disposition.Mediated)} mediated", "seccomp user notification", "answered by the supervisor"),
            new($"{Count(Disposition.Denied)} denied", "seccomp filter", "and every number that is not in the table"),
        ];
    }
}
