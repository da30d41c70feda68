using ShellGuard.Audit.Coverage;

namespace ShellGuard.Audit.Model;

/// <summary>One of several runs that an audit puts together.</summary>
/// <param name="Name">The file that it came from, as it was named.</param>
/// <param name="Sha256">The hash at the end of that file.</param>
/// <param name="State">How far that recording can be relied on.</param>
/// <param name="Inputs">How many of the inputs are this run's; they stand behind those of the runs before it.</param>
public sealed record AuditRun(string Name, string Sha256, CoverageState State, int Inputs);
