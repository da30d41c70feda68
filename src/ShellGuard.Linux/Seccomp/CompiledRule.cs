using System.Collections.Immutable;

namespace ShellGuard.Linux.Seccomp;

/// <summary>An argument rule with the number that the filter returns for it.</summary>
internal sealed record CompiledRule(uint ReturnValue, ImmutableArray<ArgumentTest> Tests);
