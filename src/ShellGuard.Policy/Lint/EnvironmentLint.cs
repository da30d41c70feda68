using ShellGuard.Core;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Lint;

/// <summary>Finds variables that carry secrets or point at the host's services.</summary>
internal sealed class EnvironmentLint(EffectivePolicy policy, LintReport report)
{
    public void Check()
    {
        foreach (string name in policy.Environment.Pass)
        {
            CheckPassed(name, policy.Environment.Sources[$"pass {name}"]);
        }

        foreach (string name in policy.Environment.Set.Keys.Where(VariableNames.LooksSecret))
        {
            report.Add(
                Severity.Warning, policy.Environment.Sources[$"set {name}"],
                $"{name} looks like a secret: it stands in the policy and in every process of the cell");
        }
    }

    private void CheckPassed(string name, RuleSource source)
    {
        if (policy.Environment.Withhold.Any(w => EnvironmentRules.Matches(w, name.TrimEnd('*'))))
        {
            report.Add(Severity.Warning, source, $"{source.Text} never decides: the name is withheld");
        }
        else if (policy.Environment.Set.ContainsKey(name))
        {
            report.Add(Severity.Information, source,
                $"{source.Text} never decides: the variable is set to a fixed value");
        }
        else if (name.EndsWith('*') && name.Length < 4 && name != "LC_*")
        {
            report.Add(
                Severity.Warning, source,
                $"{source.Text} passes nearly everything, secrets included", "name the variables");
        }
        else if (VariableNames.LooksSecret(name))
        {
            report.Add(
                Severity.Warning, source,
                $"{source.Text}: the variable looks like a secret; every process of the cell reads it");
        }
        else if (VariableNames.PointsAtService(name))
        {
            report.Add(
                Severity.Warning, source,
                $"{source.Text}: the variable points at a service of the host, which is not there in the cell");
        }
    }
}
