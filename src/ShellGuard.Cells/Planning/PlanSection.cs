namespace ShellGuard.Cells.Planning;

/// <summary>A part of a plan's report.</summary>
/// <param name="Title">One word or two.</param>
public sealed record PlanSection(string Title, IReadOnlyList<PlanRow> Rows);
