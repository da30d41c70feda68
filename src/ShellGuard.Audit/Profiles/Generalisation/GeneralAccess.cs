using ShellGuard.Audit.Model;
using ShellGuard.Core;

namespace ShellGuard.Audit.Profiles.Generalisation;

/// <summary>Accesses that count as one: same operation, kind of outcome, and names that a rule puts together.</summary>
/// <param name="Operation">What was done.</param>
/// <param name="Kind">To what kind of object.</param>
/// <param name="Target">A name, or a pattern in the language of <see cref="Policy.Model.Glob"/>.</param>
/// <param name="Destination">The second path of a rename or link.</param>
/// <param name="Outcome">How it went; without the error's name where it went well.</param>
/// <param name="IsUnresolved">The name is relative to something unknown.</param>
/// <param name="Rules">The rules that put names together; empty where the name is as it was seen.</param>
/// <param name="Members">What was seen, in its order.</param>
public sealed record GeneralAccess(
    Operation Operation, ObjectKind Kind, string Target, string? Destination, Outcome Outcome, bool IsUnresolved,
    IReadOnlyList<GeneralRule> Rules, IReadOnlyList<SeenAccess> Members)
{
    public bool IsPattern => Rules.Count > 0;

    /// <summary>How often it was seen.</summary>
    public long Count => Members.Sum(seen => seen.Count);

    /// <summary>Different names that were seen.</summary>
    public int Names => Members.Select(seen => seen.Access.Target).Distinct(StringComparer.Ordinal).Count();

    /// <summary>In how many of the runs it was seen; 0 where there is one run only.</summary>
    public int RunCount => CountRuns([this]);

    /// <summary>In how many of the runs any of these was seen.</summary>
    public static int CountRuns(IEnumerable<GeneralAccess> accesses)
    {
        HashSet<int> runs = [];
        foreach (GeneralAccess access in accesses)
        {
            foreach (SeenAccess seen in access.Members)
            {
                foreach (int run in seen.Runs)
                {
                    runs.Add(run);
                }
            }
        }

        return runs.Count;
    }
}
