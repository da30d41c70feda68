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
    /// <summary>Where a script's file is open for its interpreter.</summary>
    public const int ScriptNumber = 3;

    /// <summary>What the program gets as its arguments. A script's interpreter gets the open file instead of the name, which
    /// could lead elsewhere by now.</summary>
    public IReadOnlyList<string> Arguments => Interpreter is null
        ? Stage.Words
        :
        [
            Interpreter.Path, .. InterpreterArgument is { } argument ? [argument] : Array.Empty<string>(),
            $"/proc/self/fd/{ScriptNumber}", .. Stage.Words.Skip(1),
        ];

    public void Dispose()
    {
        File.Dispose();
        Interpreter?.Dispose();
    }
}
