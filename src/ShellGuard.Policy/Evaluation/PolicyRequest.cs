namespace ShellGuard.Policy.Evaluation;

/// <summary>Which policy is wanted.</summary>
/// <param name="Policy">A preset's name, or a file: anything with a slash or ending in <c>.toml</c>.</param>
/// <param name="Flags">Rules of the command line, in their order; they are the last source.</param>
/// <param name="Context">Whose session it is.</param>
public sealed record PolicyRequest(string Policy, IReadOnlyList<PolicyFlag> Flags, PolicyContext Context);
