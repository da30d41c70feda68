namespace ShellGuard.Cells.Hosting;

/// <summary>One thing that a cell promises, and whether this host lets it.</summary>
/// <param name="Name">For example <c>host read-only</c>.</param>
/// <param name="State">Whether it holds.</param>
/// <param name="How">What holds it, or the call and error that failed.</param>
/// <param name="WayOn">What to do; null where it holds.</param>
public sealed record Guarantee(string Name, GuaranteeState State, string How, string? WayOn);
