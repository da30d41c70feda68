namespace ShellGuard.Audit.Export;

/// <summary>A command with fixed arguments.</summary>
/// <param name="Program">Absolute path.</param>
/// <param name="Arguments">Without the program.</param>
/// <param name="IsEscape">Running it as root amounts to being root.</param>
/// <param name="Evidence">What it needed root for.</param>
internal sealed record HelperCommand(string Program, IReadOnlyList<string> Arguments, bool IsEscape, string Evidence)
{
    /// <summary>For order and identity only.</summary>
    public string Line => string.Join('\0', Arguments.Prepend(Program));
}
