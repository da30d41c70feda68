namespace ShellGuard.Leash.Configuration;

/// <summary>One program of a pipeline.</summary>
/// <param name="Words">The program as it was written, and its arguments, verbatim: no quote, no escape and no wildcard
/// means anything. Never empty.</param>
public sealed record LeashStage(IReadOnlyList<string> Words)
{
    /// <summary>A path, or a bare name that is looked for in the pipeline's PATH.</summary>
    public string Program => Words[0];

    /// <summary>Whether the program is named by a path from the root.</summary>
    public bool IsAbsolute => Program[0] == '/';
}
