using ShellGuard.Core.Events;
using ShellGuard.Leash.Configuration;

namespace ShellGuard.Leash.Lines;

/// <summary>What a line is.</summary>
/// <param name="Entry">The pipeline that it names; null where nothing is to run.</param>
/// <param name="Reason">Why it is denied; <see cref="LineReason.None"/> where it is not.</param>
/// <param name="IsHelp">Whether it asks for the list of names.</param>
public sealed record LineJudgement(LeashEntry? Entry, LineReason Reason, bool IsHelp = false)
{
    /// <summary>A blank line or a comment.</summary>
    public static readonly LineJudgement Nothing = new(null, LineReason.None);

    public static readonly LineJudgement Help = new(null, LineReason.None, IsHelp: true);

    public bool IsDenied => Reason is not LineReason.None;

    public static LineJudgement Denied(LineReason reason) => new(null, reason);

    /// <summary>What the person is told; l8ash's words where it has any.</summary>
    public static string Text(LineReason reason) => reason switch
    {
        LineReason.NotText => "invalid UTF-8",
        LineReason.TooLong => "line too long",
        _ => "permission denied",
    };
}
