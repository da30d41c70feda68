using ShellGuard.Cells.Planning;
using ShellGuard.Cells.View;
using ShellGuard.Core;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Tests.Planning;

/// <summary>Plans views for tests, and says what became of them in one line each.</summary>
internal static class Planned
{
    internal const string Storage = "/var/tmp/shellguard-1000/sessions/s";

    private static readonly Dictionary<string, string> Etc =
        new(StringComparer.Ordinal) { ["resolv.conf"] = "nameserver 198.18.0.1\n" };

    internal static ViewPlan Plan(FakeHost host, params PathRule[] rules) => PlanIn(Storage, host, rules);

    internal static ViewPlan PlanIn(string storage, FakeHost host, params PathRule[] rules) =>
        ViewPlanner.Plan(rules, host, storage, Etc);

    internal static PathRule ReadOnly(string path) => Rule(path, PathMode.ReadOnly, "read-only");

    internal static PathRule CopyOnWrite(string path) => Rule(path, PathMode.CopyOnWrite, "copy-on-write");

    internal static PathRule Direct(string path) => Rule(path, PathMode.Direct, "direct");

    internal static PathRule Hide(string path) => Rule(path, PathMode.Hidden, "hide");

    /// <summary>The same rule, as a preset says it: what the host lacks is then left out.</summary>
    internal static PathRule OfPreset(PathRule rule) => rule with { Source = rule.Source with { File = "preset:test" } };

    /// <summary>What is mounted at, above or beneath a path by rules, in order: <c>layer /home/ann</c>.</summary>
    internal static IEnumerable<string> Mounts(this ViewPlan view, string around) => view.Entries
        .Where(entry => Paths.IsAtOrBeneath(entry.Target, around) || entry.Target == around)
        .Select(Say);

    /// <summary>What is planted, as <c>white-out layers/0/upper .ssh</c>.</summary>
    internal static IEnumerable<string> PlantsIn(this ViewPlan view, string hostRoot) => view.Plants
        .Where(plant => plant.HostRoot == hostRoot)
        .Select(plant => $"{(plant.Kind == PlantKind.Whiteout ? "white-out" : "file")} {plant.Relative}");

    private static string Say(ViewEntry entry) => entry switch
    {
        ViewEntry.HostBase => "base /",
        ViewEntry.EmptyBase => "empty /",
        ViewEntry.Overlay { Layer: not null } => $"layer {entry.Target}",
        ViewEntry.Overlay => $"mask {entry.Target}",
        ViewEntry.Private => $"private {entry.Target}",
        ViewEntry.Seal => $"seal {entry.Target}",
        ViewEntry.ReadOnlyInPlace => $"read-only {entry.Target}",
        ViewEntry.HostBind { Source: "/dev/null", Device: true } when entry.Target != "/dev/null" => $"null {entry.Target}",
        ViewEntry.HostBind { ReadOnly: true } => $"bind-ro {entry.Target}",
        ViewEntry.HostBind => $"bind {entry.Target}",
        ViewEntry.MakeDirectory => $"mkdir {entry.Target}",
        ViewEntry.MakeFile => $"touch {entry.Target}",
        ViewEntry.MakeLink link => $"link {entry.Target} -> {link.To}",
        ViewEntry.Proc => "proc",
        ViewEntry.WithoutStorage => $"without storage {entry.Target}",
        ViewEntry.Devpts => "devpts",
        ViewEntry.Still => $"still {entry.Target}",
        _ => throw new InvalidOperationException($"unknown view entry {entry.GetType().Name}"),
    };

    private static PathRule Rule(string path, PathMode mode, string key) => new(
        path, mode, path.AsSpan().IndexOfAny('*', '?', '[') >= 0, new RuleSource("test.toml", 1, 1, $"{key} = \"{path}\""));
}
