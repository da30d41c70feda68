using ShellGuard.Core.Events;

namespace ShellGuard.Leash.Integrity;

/// <summary>Why a pipeline does not run, as a value.</summary>
/// <param name="Reason">For the journal.</param>
/// <param name="Message">For the person; l8ash's words where it has any.</param>
public sealed record Refusal(LineReason Reason, string Message)
{
    /// <summary>126 for what is denied, 127 for what is not there, as shells have it.</summary>
    public int Status => Reason is LineReason.NotFound ? 127 : 126;
}
