using ShellGuard.Core;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Planning;

/// <summary>What no policy can show a cell: where sessions are kept with journal, key and layers, the files that the policy
/// itself was read from, the directories that policies of later sessions come from, and behind walls the files that the
/// person redirected output to.</summary>
internal static class OwnFiles
{
    private const string OfTheHost = "/etc/shellguard";
    private const string BuiltIn = "built-in";
    private const string OfItsUser = "no cell sees or changes a policy of its user";

    /// <summary>The rules with what is ShellGuard's own hidden.</summary>
    /// <param name="policy">Whose files are hidden.</param>
    /// <param name="rules">Its path rules and the built-in ones.</param>
    /// <param name="caller">Whose home has a directory of policies.</param>
    /// <param name="host">The host's files.</param>
    /// <param name="sessionDirectory">Where this session is kept.</param>
    /// <exception cref="PlanException">A rule hands one of them over.</exception>
    public static IReadOnlyList<PathRule> Hide(
        EffectivePolicy policy, IReadOnlyList<PathRule> rules, Caller caller, IHostFiles host, string sessionDirectory)
    {
        List<PathRule> all = [.. rules];
        string storage = Paths.Parent(Paths.Parent(sessionDirectory));
        if (host.RealPath(storage) is { } kept)
        {
            Add(kept, "sessions are kept in", "keep them elsewhere with SHELLGUARD_STATE", "no cell sees its own journal and layers");
        }

        // Whoever may make the host's directory may do anything.
        List<string> own = [.. policy.Chain.Where(Path.IsPathRooted)];
        if (host.KindOf(OfTheHost) != HostFileKind.Missing)
        {
            own.Add(OfTheHost);
        }

        own.ForEach(path => AddPolicy(path, "no cell sees or changes a policy"));
        foreach (string path in OfThePerson(caller))
        {
            AddPolicy(path, OfItsUser);
        }

        foreach (string path in caller.Redirected.Values)
        {
            Add(path, "the session's output goes to", "redirect it elsewhere", "no cell sees what others wrote for the person");
        }

        return all;

        void AddPolicy(string path, string because) => Add(
            host.RealPath(path) ?? path, "policies are kept in", "keep the policy outside of what it hands over", because);

        void Add(string hidden, string what, string wayOn, string because)
        {
            PathRule? inside = rules.FirstOrDefault(rule => rule.Mode is not PathMode.Hidden && !rule.IsGlob
                && Paths.IsAtOrBeneath(host.RealPath(rule.Path) ?? rule.Path, hidden));
            if (inside is not null)
            {
                throw new PlanException($"{inside.Source}: {inside.Path} cannot be handed over: {what} {hidden}; {wayOn}");
            }

            all.Add(new PathRule(hidden, PathMode.Hidden, IsGlob: false, new RuleSource(BuiltIn, 0, 0, because)));
        }
    }

    /// <summary>The person's directory of policies where it is missing and the policy lets the cell make it: made first, it can
    /// be hidden.</summary>
    public static IEnumerable<string> Missing(EffectivePolicy policy, Caller caller, IHostFiles host)
    {
        List<EffectivePolicy> all = [policy];
        if (policy.Walls is { } walls)
        {
            all.AddRange(walls.Cells.Select(cell => walls.PolicyOf(policy, cell)));
        }

        return OfThePerson(caller).Where(path => host.KindOf(path) == HostFileKind.Missing
            && all.Exists(one => PathDecision.Of(one.Paths, Paths.Parent(path)).Mode is PathMode.Direct));
    }

    /// <summary>Whether it is what is made first, unless the caller, and so the cell, cannot make it.</summary>
    public static bool MayBeMissing(PathRule rule) => rule.Source is { File: BuiltIn, Text: OfItsUser };

    private static IEnumerable<string> OfThePerson(Caller caller) =>
        caller.Home.Length > 1 ? [Sessions.UserRules.DirectoryOf(caller.Home)] : [];
}
