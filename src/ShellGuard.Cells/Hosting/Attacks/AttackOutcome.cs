namespace ShellGuard.Cells.Hosting.Attacks;

/// <summary>What became of one attack.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Tried">What was tried.</param>
/// <param name="Expected">What a cell that holds answers.</param>
/// <param name="Got">What it answered, or what the canary outside showed.</param>
/// <param name="IsHeld">Whether the cell held.</param>
public sealed record AttackOutcome(string Name, string Tried, string Expected, string Got, bool IsHeld);
