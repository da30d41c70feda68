namespace ShellGuard.Audit.Profiles.Generalisation;

/// <summary>Why several names count as one.</summary>
/// <param name="Name">For people and programs, in kebab case.</param>
/// <param name="Reason">One clause.</param>
public sealed record GeneralRule(string Name, string Reason);
