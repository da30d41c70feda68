using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Tracing;

/// <summary>What a command is given at its start: the names of the variables of its environment. What they are stays where
/// it is: a recording is shown around.</summary>
internal static class GivenLine
{
    /// <param name="time">Microseconds since 1970.</param>
    /// <param name="variables">As <c>NAME=VALUE</c>.</param>
    public static void Write(LineBuffer line, int process, long time, IReadOnlyList<string> variables)
    {
        CallWriter.BeginLine(line, process, time);
        line.Add("+++ given by shellguard: "u8);
        foreach (string variable in variables)
        {
            ReadOnlySpan<byte> bytes = KernelText.Encode(variable);
            int end = bytes.IndexOf((byte)'=');
            line.Add((byte)'"');
            line.AddEscaped(end < 0 ? bytes : bytes[..end]);
            line.Add("\" "u8);
        }

        line.Add("+++"u8);
    }
}
