using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Lint;

/// <summary>What is allowed by the language and still worth a look: rights that amount to an escape, rules that never
/// decide, rules that hand out secrets.</summary>
public static class PolicyLint
{
    /// <summary>Findings by source and line. Of a policy with errors only the dangers, for what never decides depends on
    /// the rules that could not be read.</summary>
    public static IReadOnlyList<Diagnostic> Check(PolicyResult result, IPolicyFiles files)
    {
        var report = new LintReport(result.Layers);
        if (result.Policy is { } policy)
        {
            CheckWhole(result, policy, files, report);
        }
        else if (result.Understood is { } understood)
        {
            new EscapeLint(result, understood, files, report).Check();
            new NetworkLint(result, report).CheckDangers(result.Layers.SelectMany(l => l.Network), _ => false);
        }

        var order = result.Layers.Select(l => l.File).ToList();
        return [.. report.Findings.OrderBy(f => order.IndexOf(f.File)).ThenBy(f => f.Line).ThenBy(f => f.Column)];
    }

    private static void CheckWhole(PolicyResult result, EffectivePolicy policy, IPolicyFiles files, LintReport report)
    {
        new EscapeLint(result, policy, files, report).Check();
        new ReachabilityLint(result, policy, report).Check();
        new EnvironmentLint(policy, report).Check();
        new NetworkLint(result, report).Check();
        if (policy.Walls is { } walls)
        {
            new WallLint(policy, walls, report).Check();
            foreach (CellRule cell in walls.Cells)
            {
                new EscapeLint(result, walls.PolicyOf(policy, cell), files, report).Check();
                new NetworkLint(result, report).CheckDangers(
                    cell.Network.Rules, whole => walls.Resources.Any(r => !r.Sinks.IsEmpty && r.Endpoints.Any(e => e.Covers(whole))));
            }
        }
    }

    /// <summary>Loads and checks: everything that <c>policy check</c> prints.</summary>
    public static (PolicyResult Result, IReadOnlyList<Diagnostic> Findings) LoadAndCheck(
        PolicyRequest request, IPolicyFiles files)
    {
        var result = PolicyLoader.Load(request, files);
        return (result, [.. result.Diagnostics, .. Check(result, files)]);
    }
}
