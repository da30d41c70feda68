namespace ShellGuard.Core;

/// <summary>How an access went, with the error's name.</summary>
/// <param name="Kind">Success, a probe, a denial or another failure.</param>
/// <param name="Error">The error's name as in errno(3), <c>errno 7</c> where it has none; empty without an error.
/// </param>
public readonly record struct Outcome(OutcomeKind Kind, string Error)
{
    public static readonly Outcome Unknown = new(OutcomeKind.Unknown, "");

    public static readonly Outcome Success = new(OutcomeKind.Success, "");

    /// <summary>The access happened or was begun, so that whoever wants it again needs the right to it.</summary>
    public bool IsGranted => Kind is OutcomeKind.Success or OutcomeKind.Started;

    /// <summary>Which kind of outcome an error is.</summary>
    /// <param name="error">The error's name as in errno(3).</param>
    public static Outcome Of(string error) => new(KindOf(error), error);

    /// <inheritdoc/>
    public override string ToString() => string.IsNullOrEmpty(Error) ? Kind.ToString() : $"{Kind} ({Error})";

    private static OutcomeKind KindOf(string error) => error switch
    {
        "" => OutcomeKind.Success,
        "ENOENT" or "ENOTDIR" => OutcomeKind.Absent,
        "EACCES" or "EPERM" or "EROFS" => OutcomeKind.Denied,
        "EINPROGRESS" => OutcomeKind.Started,
        _ => OutcomeKind.Failed,
    };
}
