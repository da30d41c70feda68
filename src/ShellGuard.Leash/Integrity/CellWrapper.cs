using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Integrity;

/// <summary>This program itself as the one that makes a cell around a pipeline.</summary>
/// <param name="Program">Its file, opened through this process.</param>
/// <param name="Policy">A preset's name, or a policy file that is root's alone.</param>
/// <param name="Name">The cell of a policy with walls; null for the one cell of a policy without.</param>
public sealed record CellWrapper(Descriptor Program, string Policy, string? Name) : IDisposable
{
    public void Dispose() => Program.Dispose();
}
