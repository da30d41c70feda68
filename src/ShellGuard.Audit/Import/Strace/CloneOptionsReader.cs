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
            return ((bits & CLONE_THREAD) != 0 ? CloneOptions.Thread : CloneOptions.None)
                | ((bits & CLONE_FILES) != 0 ? CloneOptions.Files : CloneOptions.None)
                | ((bits & CLONE_FS) != 0 ? CloneOptions.Directory : CloneOptions.None)
                | ((bits & CLONE_UNTRACED) != 0 ? CloneOptions.Untraced : CloneOptions.None);
        }

        return (FlagText.Has(flags, "CLONE_THREAD"u8) ? CloneOptions.Thread : CloneOptions.None)
            | (FlagText.Has(flags, "CLONE_FILES"u8) ? CloneOptions.Files : CloneOptions.None)
            | (FlagText.Has(flags, "CLONE_FS"u8) ? CloneOptions.Directory : CloneOptions.None)
            | (FlagText.Has(flags, "CLONE_UNTRACED"u8) ? CloneOptions.Untraced : CloneOptions.None);
    }
}
