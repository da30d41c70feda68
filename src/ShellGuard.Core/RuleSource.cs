namespace ShellGuard.Core;

/// <summary>Where a rule was written, so that every verdict can point at it.</summary>
/// <param name="File">The policy file's path, the preset's name as <c>preset:default</c>, or
/// <c>command line</c>.</param>
/// <param name="Line">One-based line, or 0 where the source has no lines (the command line).</param>
/// <param name="Column">One-based column in characters, or 0 where the source has no lines.</param>
/// <param name="Text">The rule as it was written, for example <c>hide = "~/.ssh"</c>.</param>
public sealed record RuleSource(string File, int Line, int Column, string Text)
{
    private const string Flags = "command line";

    /// <summary>A rule given as a command-line flag.</summary>
    public static RuleSource CommandLine(string flag) => new(Flags, 0, 0, flag);

    /// <summary>Whether it was given as a command-line flag.</summary>
    public bool IsFlag => File == Flags;

    /// <summary><c>file:line</c>, or the file alone where there are no lines.</summary>
    public string Position => Line > 0 ? $"{File}:{Line}" : File;

    /// <inheritdoc/>
    public override string ToString() => $"{Position}: {Text}";
}
