using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Launch;

/// <summary>What became of a launch.</summary>
/// <param name="Process">The new process; null when none was created.</param>
/// <param name="FailedStep">The first step that did not succeed, or null when all did.</param>
/// <param name="Error">The error of that step, or of clone3 when <paramref name="Process"/> is null.</param>
public sealed record LaunchOutcome(ChildProcess? Process, LaunchStep? FailedStep, Errno Error)
{
    /// <summary>The result field of a step that was not walked.</summary>
    internal static readonly nint NotReached = nint.MinValue;

    public bool Succeeded => Process is not null && FailedStep is null;
}
