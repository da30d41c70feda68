using ShellGuard.Linux.Calls;

namespace ShellGuard.Leash.Integrity;

/// <summary>The first line of a script, as the kernel reads it, execve(2).</summary>
/// <param name="Interpreter">As it was written.</param>
/// <param name="Argument">Everything behind it as one argument; null where nothing follows.</param>
public sealed record ScriptHeader(string Interpreter, string? Argument)
{
    /// <summary>How much of a file the kernel looks at (BINPRM_BUF_SIZE).</summary>
    public const int MaximumBytes = 256;

    /// <summary>Whether a file's first bytes are those of a script.</summary>
    public static bool IsScript(ReadOnlySpan<byte> head) => head.StartsWith("#!"u8);

    /// <summary>Reads the line; null where the kernel would not execute the file either.</summary>
    /// <param name="head">The first bytes, at most <see cref="MaximumBytes"/> of them.</param>
    public static ScriptHeader? Read(ReadOnlySpan<byte> head)
    {
        if (!IsScript(head))
        {
            return null;
        }

        int end = head.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = head[2..(end < 0 ? head.Length : end)].Trim(" \t"u8);
        int blank = line.IndexOfAny((byte)' ', (byte)'\t');
        ReadOnlySpan<byte> interpreter = blank < 0 ? line : line[..blank];

        // Without an end of the line the path may have been cut.
        bool cut = end < 0 && blank < 0 && head.Length == MaximumBytes;
        if (interpreter.IsEmpty || cut || line.Contains((byte)0))
        {
            return null;
        }

        ReadOnlySpan<byte> argument = blank < 0 ? default : line[blank..].Trim(" \t"u8);
        return new ScriptHeader(
            KernelText.Decode(interpreter), argument.IsEmpty ? null : KernelText.Decode(argument));
    }
}
