namespace ShellGuard.Journal.Recordings;

/// <summary>The first line of a recording.</summary>
/// <param name="Width">Columns, 1 to 65535.</param>
/// <param name="Height">Rows, 1 to 65535.</param>
/// <param name="Timestamp">Start in whole seconds since 1970, UTC.</param>
/// <param name="Terminal">TERM; null where there is none.</param>
/// <param name="Shell">SHELL; null where there is none.</param>
/// <param name="Title">Shown by players; null for none.</param>
public sealed record AsciicastHeader(
    int Width, int Height, long Timestamp, string? Terminal = null, string? Shell = null, string? Title = null);
