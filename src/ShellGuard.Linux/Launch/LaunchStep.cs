using System.Globalization;
using System.Text;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Launch;

/// <summary>One system call of a launch.</summary>
/// <param name="Call">The call.</param>
/// <param name="Arguments">At most six.</param>
/// <param name="Purpose">Why, in a few words; part of the message when the step fails.</param>
public sealed record LaunchStep(SystemCall Call, IReadOnlyList<LaunchArgument> Arguments, string Purpose)
{
    /// <summary>The smallest result that counts as success; <see cref="long.MinValue"/> where failing is fine.</summary>
    public long Minimum { get; init; }

    /// <summary>Receives the result for later steps.</summary>
    public LaunchSlot? Result { get; init; }

    /// <summary>Steps that only the child of this vfork(2) walks; 0 for every other call.</summary>
    public int ChildSteps { get; init; }

    /// <summary>The call as strace(1) would print it, followed by its purpose.</summary>
    public override string ToString()
    {
        StringBuilder line = new();
        if (Result is not null)
        {
            line.Append(Result).Append(" = ");
        }

        line.Append(CallText).Append("  # ").Append(Purpose);
        return line.Append(Minimum == long.MinValue ? " (may fail)" : "").ToString();
    }

    /// <summary>The call as a person writes it.</summary>
    public string CallText => $"{Call}({string.Join(", ", Arguments.Select(Display))})";

    private static string Display(LaunchArgument argument) => argument switch
    {
        LaunchArgument.Number { Display: { } display } => display(),
        LaunchArgument.Number number => number.Value.ToString(CultureInfo.InvariantCulture),
        LaunchArgument.Text text => Quote(text.Value),
        LaunchArgument.TextArray array => $"[{string.Join(", ", array.Values.Select(Quote))}]",
        LaunchArgument.Result result => result.Slot.ToString(),
        LaunchArgument.Block block => block.Display(),
        _ => throw new InvalidOperationException($"unknown argument {argument.GetType().Name}"),
    };

    private static string Quote(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                _ when char.IsControl(c) => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
