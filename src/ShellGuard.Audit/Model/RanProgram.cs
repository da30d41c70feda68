using ShellGuard.Core.Events;

namespace ShellGuard.Audit.Model;

/// <summary>A program that a process ran.</summary>
/// <param name="Program">Its path.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record RanProgram(string Program, ArgumentVector Arguments);
