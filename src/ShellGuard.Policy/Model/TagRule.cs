using ShellGuard.Core;
using ShellGuard.Core.Flow;

namespace ShellGuard.Policy.Model;

/// <summary>A tag that a policy declares.</summary>
/// <param name="Meaning">What it stands for, shown in messages.</param>
/// <param name="Rule">Where it is declared.</param>
public sealed record TagRule(Tag Tag, string Name, string Meaning, RuleSource Rule);
