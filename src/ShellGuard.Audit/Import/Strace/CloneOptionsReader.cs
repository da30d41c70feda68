namespace ShellGuard.Audit.Import.Strace;

/// <summary>Reads <see cref="CloneOptions"/>.</summary>
internal static class CloneOptionsReader
{
    private const long CLONE_FS = 0x200, CLONE_FILES = 0x400, CLONE_THREAD = 0x10000, CLONE_UNTRACED = 0x800000;

    /// <summary>From the text of a call, complete or not.</summary>
    public static CloneOptions Of(ReadOnlySpan<byte> text)
    {
        int at = text.IndexOf("flags="u8);
        if (at < 0)
        {
            return CloneOptions.None;
        }

        ReadOnlySpan<byte> flags = text[(at + "flags=".Length)..];
        int end = flags.IndexOfAny((byte)',', (byte)'}', (byte)')');
        flags = end < 0 ? flags : flags[..end];
        if (LogText.Number(flags, out long bits) > 0)
        {
            return ((bits & CLONE_THREAD) != 0 ? CloneOptions.Thread : 0)
                | ((bits & CLONE_FILES) != 0 ? CloneOptions.Files : 0)
                | ((bits & CLONE_FS) != 0 ? CloneOptions.Directory : 0)
                | ((bits & CLONE_UNTRACED) != 0 ? CloneOptions.Untraced : 0);
        }

        return (FlagText.Has(flags, "CLONE_THREAD"u8) ? CloneOptions.Thread : 0)
            | (FlagText.Has(flags, "CLONE_FILES"u8) ? CloneOptions.Files : 0)
            | (FlagText.Has(flags, "CLONE_FS"u8) ? CloneOptions.Directory : 0)
            | (FlagText.Has(flags, "CLONE_UNTRACED"u8) ? CloneOptions.Untraced : 0);
    }
}
