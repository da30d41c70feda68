namespace ShellGuard.Cells.Planning;

/// <summary>One line of a plan's report.</summary>
/// <param name="What">What is held: a path, an endpoint, a variable, a limit.</param>
/// <param name="Mechanism">What holds it.</param>
/// <param name="Rule">By which rule or need.</param>
public sealed record PlanRow(string What, string Mechanism, string Rule);
