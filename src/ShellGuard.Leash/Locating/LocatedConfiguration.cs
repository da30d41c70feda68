using ShellGuard.Leash.Configuration;

namespace ShellGuard.Leash.Locating;

/// <summary>The configuration in force.</summary>
/// <param name="Configuration">What may run.</param>
/// <param name="Notices">What was passed over or is weak; each a line for the person and the journal.</param>
public sealed record LocatedConfiguration(LeashConfiguration Configuration, IReadOnlyList<string> Notices);
