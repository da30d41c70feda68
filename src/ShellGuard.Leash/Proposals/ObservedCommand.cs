namespace ShellGuard.Leash.Proposals;

/// <summary>A command that a recording shows.</summary>
/// <param name="Program">The path that was executed, as it was recorded.</param>
/// <param name="Words">Its arguments, its own name first; null where the recording has not all of them as text.</param>
/// <param name="Count">How often it was started.</param>
/// <param name="First">Where the recording shows it first, for a person.</param>
/// <param name="By">Who started it, for a person.</param>
public sealed record ObservedCommand(
    string Program, IReadOnlyList<string>? Words, long Count, string First, IReadOnlyList<string> By)
{
    /// <summary>What its program did in the recording.</summary>
    public ObservedNeeds Needs { get; init; } = ObservedNeeds.Unknown;
}
