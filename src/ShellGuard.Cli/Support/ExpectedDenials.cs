using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Core.Events;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cli.Support;

/// <summary>What was denied, or not there, in the recording already: in the cell that is nothing new.</summary>
internal sealed class ExpectedDenials
{
    public static readonly ExpectedDenials None = new(null);

    private readonly HashSet<string> _targets = new(StringComparer.Ordinal);
    private readonly HashSet<string> _succeeded = new(StringComparer.Ordinal);

    public ExpectedDenials(ImportResult? result)
    {
        Result = result;
        foreach (SeenAccess seen in result?.Accesses ?? [])
        {
            (seen.Access.Outcome.IsGranted ? _succeeded : _targets).Add(seen.Access.Target);
        }
    }

    public ImportResult? Result { get; }

    /// <summary>Whether the recording has the same failure and no success with it.</summary>
    public bool Has(AccessEvent denial)
    {
        string target = KernelText.Decode(denial.Target.Kept.Span);
        return _targets.Contains(target) && !_succeeded.Contains(target);
    }
}
