using System.Collections.Immutable;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>The table's line for one system call.</summary>
/// <param name="Call">The call.</param>
/// <param name="Rules">Rules about arguments; the first that holds decides.</param>
/// <param name="Otherwise">What happens where no rule holds, or there is none.</param>
/// <param name="HeldBy">What keeps it inside the cell.</param>
/// <param name="Reason">Why the line is as it is.</param>
public sealed record SystemCallLine(
    SystemCall Call,
    ImmutableArray<ArgumentRule> Rules,
    FilterOutcome Otherwise,
    Holder HeldBy,
    string Reason)
{
    public Disposition Disposition => !Rules.IsEmpty ? Disposition.Partly : Otherwise.Action switch
    {
        FilterAction.Pass => Disposition.Passed,
        FilterAction.Mediate => Disposition.Mediated,
        _ => Disposition.Denied,
    };

    /// <summary>What happens to the call with these arguments.</summary>
    public FilterOutcome Judge(in SystemCallArguments arguments) => RuleFor(arguments)?.Outcome ?? Otherwise;

    /// <summary>Why that happens: what such arguments ask for, or the line's reason where no rule is about them.</summary>
    public string ReasonFor(in SystemCallArguments arguments) => RuleFor(arguments)?.Meaning ?? Reason;

    private ArgumentRule? RuleFor(in SystemCallArguments arguments)
    {
        foreach (ArgumentRule rule in Rules)
        {
            if (rule.Holds(arguments))
            {
                return rule;
            }
        }

        return null;
    }
}
