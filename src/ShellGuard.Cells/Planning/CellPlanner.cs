using System.Collections.Concurrent;
using ShellGuard.Cells.Hosting;
using ShellGuard.Cells.View;
using ShellGuard.Core;
using ShellGuard.Linux.Seccomp;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Planning;

/// <summary>Turns a policy and a command into a cell's plan. Pure but for what <see cref="IHostFiles"/> tells.</summary>
public static class CellPlanner
{
    private static readonly Dictionary<string, string> Etc = new(StringComparer.Ordinal)
    {
        ["resolv.conf"] = $"# answered by shellguard\nnameserver {Launching.LaunchBuilder.ResolverAddress}\noptions attempts:1\n",
        ["hosts"] = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n",
    };

    // A session makes many cells, of few kinds.
    private static readonly ConcurrentDictionary<FilterOptions, SystemCallTable> Tables = [];
    private static readonly ConcurrentDictionary<SystemCallTable, byte[]> Filters = [];

    /// <summary>Plans a cell.</summary>
    /// <param name="policy">The effective policy.</param>
    /// <param name="command">What to run: the name and its arguments.</param>
    /// <param name="caller">Who asks, where, with what.</param>
    /// <param name="host">The host's files.</param>
    /// <param name="sessionDirectory">Where layers and masks are kept.</param>
    /// <param name="concessions">What the host lacks and the user accepted.</param>
    /// <param name="labels">For a cell with a label.</param>
    /// <exception cref="PlanException">A rule cannot be held on this host.</exception>
    /// <exception cref="CommandNotFoundException">The cell would not see the command.</exception>
    public static CellPlan Plan(
        EffectivePolicy policy,
        IReadOnlyList<string> command,
        Caller caller,
        IHostFiles host,
        string sessionDirectory,
        HostConcessions? concessions = null,
        LabelView? labels = null)
    {
        CellPlan plan = PlanForJobs(policy, caller, host, sessionDirectory, concessions, labels);
        ViewPlan view = plan.View;
        IReadOnlyList<string> environment =
            EnvironmentBuilder.Build(policy.Environment, caller.Environment, caller.Session);
        string searchPath = environment.FirstOrDefault(
            variable => variable.StartsWith("PATH=", StringComparison.Ordinal))?[5..] ?? "/usr/local/bin:/usr/bin:/bin";
        string program = CommandFinder.Find(command[0], searchPath, caller.WorkingDirectory, view, host)
            ?? throw new CommandNotFoundException(command[0]);
        string directory = DirectoryOf(policy, view, caller);
        return plan with { Command = new CellCommand(program, command, directory, environment) };
    }

    /// <summary>Where a command starts.</summary>
    /// <exception cref="PlanException">It is hidden.</exception>
    public static string DirectoryOf(EffectivePolicy policy, ViewPlan view, Caller caller) =>
        IsOfAnother(policy, caller.WorkingDirectory) ? "/"
        : view.ProtectionOf(caller.WorkingDirectory) is { IsHidden: true } hidden && view.Protected[0] != hidden
            ? throw new PlanException($"{hidden.Rule}: the working directory {caller.WorkingDirectory} is hidden; start "
                + "elsewhere or hand it over with --cow .")
            : IsNotThere(view, caller.WorkingDirectory) ? "/"
            : caller.WorkingDirectory;

    /// <summary>Whether a directory lies in one that is empty in the cell.</summary>
    private static bool IsNotThere(ViewPlan view, string directory)
    {
        ViewEntry? deepest = null;
        foreach (ViewEntry entry in view.Entries)
        {
            if (Paths.IsAtOrBeneath(directory, entry.Target) && entry.Target.Length >= (deepest?.Target.Length ?? 0))
            {
                deepest = entry is ViewEntry.Seal or ViewEntry.ReadOnlyInPlace ? deepest : entry;
            }
        }

        return deepest is ViewEntry.Private or ViewEntry.EmptyBase or ViewEntry.MakeDirectory && deepest.Target != directory
            && !view.Entries.Any(entry => Paths.IsBeneath(entry.Target, directory));
    }

    /// <summary>Whether a directory belongs to another side of a wall: a cell that does not know it starts elsewhere.</summary>
    private static bool IsOfAnother(EffectivePolicy policy, string directory) =>
        policy.Walls?.ResourcesOfPath(directory).Count > 0
        && PathDecision.Of(policy.Paths, directory).Mode is PathMode.Hidden;

    /// <summary>Plans a cell that takes jobs; parameters and errors as in <see cref="Plan"/>.</summary>
    public static CellPlan PlanForJobs(
        EffectivePolicy policy,
        Caller caller,
        IHostFiles host,
        string sessionDirectory,
        HostConcessions? concessions = null,
        LabelView? labels = null)
    {
        concessions ??= HostConcessions.None;
        IReadOnlyList<PathRule> rules = OwnFiles.Hide(policy, WithNeeded(policy.Paths), caller, host, sessionDirectory);
        ViewPlan view = ViewPlanner.Plan(
            rules, host, sessionDirectory, Etc, withOverlays: !concessions.WithoutOverlay, labels, policy.Walls is not null);
        RefuseHidden(policy, view, caller);
        return new CellPlan(
            caller.Cell,
            caller.Identity,
            view,
            Command: null,
            Filters.GetOrAdd(TableOf(policy), table => FilterCompiler.Compile(table).Bytes.ToArray()),
            caller.TerminalDescriptors,
            caller.OutputFiles,
            caller.FileModeMask,
            policy.Limits)
        {
            NullDevices = caller.NullDevices,
            Concessions = concessions,
            Apart = policy.Walls is not null,
        };
    }

    /// <summary>What is hidden is not read by way of an output that the caller redirected there. Behind walls no cell gets the
    /// caller's files: their bytes are relayed.</summary>
    private static void RefuseHidden(EffectivePolicy policy, ViewPlan view, Caller caller)
    {
        foreach ((int number, string path) in caller.Unread)
        {
            if (policy.Walls is null && view.ProtectionOf(path) is { IsHidden: true } hidden && hidden != view.Protected[0])
            {
                throw new PlanException(
                    $"{hidden.Rule}: descriptor {number} writes to {path}, which is hidden, and a program could open it again and read it; "
                    + "write there through a pipe, as in … | cat >> FILE");
            }
        }
    }

    /// <summary>The table of system calls of a cell: writes and refusals are explained, reads where the policy wants it;
    /// and where it has walls, cells are kept from telling each other something.</summary>
    public static SystemCallTable TableOf(EffectivePolicy policy) => Tables.GetOrAdd(
        new FilterOptions
        {
            ExplainWrites = true,
            ReportDenials = true,
            ExplainReads = policy.Session.ExplainReads,
            Apart = policy.Walls is not null,
        },
        SystemCallTable.For);

    private static IReadOnlyList<PathRule> WithNeeded(IReadOnlyList<PathRule> rules)
    {
        if (rules.Any(rule => rule is { Path: "/", IsGlob: false }))
        {
            return rules;
        }

        RuleSource source = new("built-in", 0, 0, "what a program needs to start");
        return [.. NeededPaths.All.Select(path => new PathRule(path, PathMode.ReadOnly, IsGlob: false, source)), .. rules];
    }
}
