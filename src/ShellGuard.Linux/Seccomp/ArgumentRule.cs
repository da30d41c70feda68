using System.Collections.Immutable;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>What happens to a call whose arguments pass all of these tests.</summary>
/// <param name="Outcome">What happens.</param>
/// <param name="Meaning">What such arguments ask for, for readers: <c>a unix stream socket</c>.</param>
/// <param name="Tests">All must hold. Never empty.</param>
public sealed record ArgumentRule(FilterOutcome Outcome, string Meaning, ImmutableArray<ArgumentTest> Tests)
{
    public bool Holds(in SystemCallArguments arguments)
    {
        foreach (ArgumentTest test in Tests)
        {
            if (!test.Holds(arguments))
            {
                return false;
            }
        }

        return true;
    }
}
