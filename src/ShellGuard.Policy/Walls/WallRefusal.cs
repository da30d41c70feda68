using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Walls;

/// <summary>Something that a policy grants and that its own conflict sets do not let be.</summary>
/// <param name="Cell">Whose grant it is; null for a resource by itself.</param>
/// <param name="State">The state in which it was refused.</param>
/// <param name="Rule">The rule that grants it.</param>
public sealed record WallRefusal(
    CellRule? Cell, FlowState State, FlowOperation Operation, FlowRefusal Refusal, RuleSource Rule);
