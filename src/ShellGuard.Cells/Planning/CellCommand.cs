namespace ShellGuard.Cells.Planning;

/// <summary>What runs in a cell.</summary>
/// <param name="Program">Absolute path as the cell sees it.</param>
/// <param name="Arguments">The whole argument vector, the program's name first.</param>
/// <param name="WorkingDirectory">Absolute path as the cell sees it.</param>
/// <param name="Environment">Variables, <c>NAME=value</c>.</param>
public sealed record CellCommand(
    string Program,
    IReadOnlyList<string> Arguments,
    string WorkingDirectory,
    IReadOnlyList<string> Environment);
