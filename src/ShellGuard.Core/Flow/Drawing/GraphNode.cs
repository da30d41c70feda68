namespace ShellGuard.Core.Flow.Drawing;

/// <summary>A box.</summary>
/// <param name="Key">Distinct in its graph: letters and digits.</param>
/// <param name="Name">Safe to print.</param>
/// <param name="Kind">In words, such as <c>cell, pinned</c>.</param>
/// <param name="Shape">What it stands for; null for what was asked for and is not there.</param>
/// <param name="Lines">What it has, holds and reaches; safe to print.</param>
/// <param name="Knows">Whether it has any source.</param>
/// <param name="Reaches">Whether it reaches any sink.</param>
/// <param name="Faint">Whether it is stopped or gone.</param>
internal sealed record GraphNode(
    string Key, string Name, string Kind, NodeKind? Shape, IReadOnlyList<string> Lines, bool Knows, bool Reaches, bool Faint);
