using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cli.Support;

/// <summary>One access on one line, for people. Everything in it was chosen by the program.</summary>
internal static class AccessLine
{
    private const int OperationWidth = 18;

    /// <summary>Prints to standard error; a probe for what is not there is not worth a line.</summary>
    public static void Print(Access access)
    {
        if (access.Outcome.Kind == OutcomeKind.Absent)
        {
            return;
        }

        string program = access.Chain[0].Program;
        string line = $"{KebabCase.Of(access.Operation.ToString()).PadRight(OperationWidth)} {Safe(access.Target)}"
            + (access.Destination is { } destination ? $" to {Safe(destination)}" : "")
            + (access.Outcome.Error is { Length: > 0 } error ? $" ({error})" : "")
            + (program.Length > 0 ? $"  by {Safe(program[(program.LastIndexOf('/') + 1)..])}" : "");
        Terminal.Error.WriteLine(Terminal.Paint(line, Colour(access), Terminal.ErrorColour));
    }

    private static Paint Colour(Access access) => access.Outcome.Kind == OutcomeKind.Denied ? Paint.Red
        : access.Operation is Operation.Read or Operation.Stat or Operation.List or Operation.MapExecutable ? Paint.Faint
        : Paint.None;

    private static string Safe(string text) => SafeText.Of(HostileText.Of(KernelText.Encode(text)), 200);
}
