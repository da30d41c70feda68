using ShellGuard.Core;

namespace ShellGuard.Audit.Profiles.Generalisation;

/// <summary>What makes a generalised access distinct.</summary>
internal sealed record GeneralKey(
    Operation Operation, ObjectKind Kind, string Target, bool IsPattern, string? Destination, string Outcome, bool IsUnresolved)
{
    /// <summary>The same for the directory of the target.</summary>
    public GeneralKey WithTarget(string target) => this with { Target = target, IsPattern = true };
}
