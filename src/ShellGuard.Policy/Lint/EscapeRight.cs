namespace ShellGuard.Policy.Lint;

/// <summary>A path of the host whose possession leads out of the cell.</summary>
/// <param name="Path">Absolute, or below a home with <c>~</c>.</param>
/// <param name="Kind">What has to be granted for it to count.</param>
/// <param name="How">What an attacker does with it, in lower case without a full stop.</param>
public sealed record EscapeRight(string Path, EscapeKind Kind, string How);

/// <summary>What has to be granted.</summary>
public enum EscapeKind
{
    /// <summary>Counts when changes reach the host at once.</summary>
    DirectWrite,

    /// <summary>A socket of the host: counts when it is shown at all, because connecting needs no write to the view.
    /// </summary>
    Socket,
}
