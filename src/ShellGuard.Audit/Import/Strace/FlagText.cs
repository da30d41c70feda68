namespace ShellGuard.Audit.Import.Strace;

/// <summary>Flags as strace writes them: <c>A|B|0x8000</c>, a bare number (<c>-X raw</c>), or a number with a comment
/// (<c>-X verbose</c>).</summary>
internal static class FlagText
{
    /// <summary>Whether a name stands among the flags.</summary>
    public static bool Has(ReadOnlySpan<byte> flags, ReadOnlySpan<byte> name)
    {
        while (!flags.IsEmpty)
        {
            int at = flags.IndexOf(name);
            if (at < 0)
            {
                return false;
            }

            int end = at + name.Length;
            if ((at == 0 || !IsWord(flags[at - 1])) && (end == flags.Length || !IsWord(flags[end])))
            {
                return true;
            }

            flags = flags[end..];
        }

        return false;
    }

    /// <summary>Whether a flag is set, by its name or by its bits.</summary>
    public static bool Has(ReadOnlySpan<byte> flags, ReadOnlySpan<byte> name, long bits) =>
        LogText.Number(flags, out long value) > 0 ? (value & bits) == bits : Has(flags, name);

    private static bool IsWord(byte value) =>
        value is (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z') or (byte)'_' || LogText.IsDigit(value);
}
