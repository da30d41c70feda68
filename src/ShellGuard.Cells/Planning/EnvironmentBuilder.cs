using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Planning;

/// <summary>Picks the cell's environment by the policy's allow-list.</summary>
public static class EnvironmentBuilder
{
    /// <summary><c>NAME=value</c>, sorted by name.</summary>
    public static IReadOnlyList<string> Build(
        EnvironmentRules rules, IReadOnlyDictionary<string, string> caller, string session)
    {
        SortedDictionary<string, string> variables = new(StringComparer.Ordinal);
        foreach ((string name, string value) in rules.Apply(caller))
        {
            variables[name] = value;
        }

        variables["SHELLGUARD_SESSION"] = session;
        return [.. variables.Select(variable => $"{variable.Key}={variable.Value}")];
    }
}
