namespace ShellGuard.Leash.Configuration;

/// <summary>Differences from l8ash that harm nobody and can be taken back, the table <c>[compat]</c>. None of them opens
/// a hole of l8ash again.</summary>
public sealed record Compatibility
{
    public static readonly Compatibility None = new();

    /// <summary>A script's or a <c>-c</c> line's status is always 0 (<c>exit_zero</c>).</summary>
    public bool ExitZero { get; init; }

    /// <summary>Blanks of all of Unicode around a line are trimmed, not of ASCII only (<c>unicode_blanks</c>).</summary>
    public bool UnicodeBlanks { get; init; }

    /// <summary>An entry without <c>env</c> or <c>integrity</c> is a mistake (<c>require_columns</c>).</summary>
    public bool RequireColumns { get; init; }
}
