using System.Globalization;
using ShellGuard.Linux;

namespace ShellGuard.Cells.Hosting.Attacks;

/// <summary>Turns what the attacker wrote and what the canaries show into outcomes. The attacker's report is of hostile
/// origin in principle, but the program is our own: a missing answer is not held.</summary>
internal static class AttackReport
{
    /// <param name="lines">The attacker's.</param>
    /// <param name="touched">Attacks whose canary outside was reached, with what it shows.</param>
    public static IReadOnlyList<AttackOutcome> Judge(
        IReadOnlyList<string> lines, IReadOnlyDictionary<string, string> touched)
    {
        Dictionary<string, Errno> answers = new(StringComparer.Ordinal);
        HashSet<string> tried = new(StringComparer.Ordinal);
        foreach (string[] fields in lines.Select(line => line.Split('\t')))
        {
            if (fields is [AttackProbe.Trying, var begun])
            {
                tried.Add(begun);
            }
            else if (fields is [AttackProbe.Answer, var name, var number]
                && int.TryParse(number, CultureInfo.InvariantCulture, out int error))
            {
                answers[name] = (Errno)error;
            }
        }

        return [.. AttackCatalog.All.Select(Outcome)];

        AttackOutcome Outcome(Attack attack)
        {
            (string got, bool held) = touched.TryGetValue(attack.Name, out string? canary)
                ? (canary, false)
                : answers.TryGetValue(attack.Name, out Errno error)
                    ? (error is not Errno.None ? error.ToString() : attack.MaySucceed ? "as expected" : "done", attack.IsHeldBy(error))
                    : tried.Contains(attack.Name)
                        ? ("the attacker was ended", attack.MayBeKilled)
                        : ("not tried: the attacker had ended", attack.MayBeKilled && tried.Count > 0);
            return new AttackOutcome(attack.Name, attack.Tried, attack.Expected, got, held);
        }
    }
}
