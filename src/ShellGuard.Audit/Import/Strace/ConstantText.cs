using System.Text;
using ShellGuard.Audit.Tracing;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>Constants as strace writes them: by name, as a number (<c>-X raw</c>), or as a number with the name in a comment
/// (<c>-X verbose</c>).</summary>
internal static class ConstantText
{
    /// <returns>The name; the number where it is none of them and has no comment.</returns>
    public static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> argument, FlagName[] names)
    {
        if (LogText.Number(argument, out long value) == 0)
        {
            return argument;
        }

        foreach (FlagName name in names)
        {
            if (name.Value == value)
            {
                return Encoding.ASCII.GetBytes(name.Name);
            }
        }

        return Comment(argument);
    }

    /// <returns>The names with <c>|</c> between them.</returns>
    public static ReadOnlySpan<byte> Names(ReadOnlySpan<byte> argument, FlagName[] names)
    {
        if (LogText.Number(argument, out long value) == 0 || value == 0)
        {
            return argument;
        }

        StringBuilder text = new();
        foreach (FlagName name in names)
        {
            if ((value & name.Value) == name.Value)
            {
                text.Append(text.Length > 0 ? "|" : "").Append(name.Name);
                value &= ~(long)name.Value;
            }
        }

        return value == 0 ? Encoding.ASCII.GetBytes(text.ToString()) : Comment(argument);
    }

    public static ReadOnlySpan<byte> Capability(ReadOnlySpan<byte> argument) =>
        LogText.Number(argument, out long value) > 0 && value >= 0 && value < CapabilityNames.All.Count
            ? Encoding.ASCII.GetBytes(CapabilityNames.All[(int)value])
            : Comment(argument);

    /// <summary><c>0x4208 /* PTRACE_LISTEN */</c>.</summary>
    private static ReadOnlySpan<byte> Comment(ReadOnlySpan<byte> argument)
    {
        int start = argument.IndexOf("/* "u8), end = argument.LastIndexOf(" */"u8);
        return start >= 0 && end > start + 3 ? argument[(start + 3)..end] : argument;
    }
}
