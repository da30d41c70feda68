using ShellGuard.Leash.Configuration;

namespace ShellGuard.Leash.Integrity;

/// <summary>A stage with its files open.</summary>
/// <param name="Stage">As configured.</param>
/// <param name="File">The program, or the script.</param>
/// <param name="Interpreter">What runs the script; null for a program.</param>
/// <param name="InterpreterArgument">What the script's first line gives it besides; null for nothing.</param>
public sealed record PreparedStage(
    LeashStage Stage, StageFile File, StageFile? Interpreter, string? InterpreterArgument) : IDisposable
{
    /// <summary>What puts the program into a cell; null where it runs without one.</summary>
    public CellWrapper? Cell { get; init; }

    public void Dispose()
    {
        File.Dispose();
        Interpreter?.Dispose();
        Cell?.Dispose();
    }
}
