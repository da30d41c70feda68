namespace ShellGuard.Leash.Configuration;

/// <summary>Splits a command line as l8ash does: at every <c>|</c>, then at white space. Nothing protects either.
/// </summary>
public static class PipelineText
{
    /// <summary>The stages; one without a word is an empty list.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Split(string commandLine) =>
        [.. commandLine.Split('|').Select(stage => (IReadOnlyList<string>)SplitWords(stage))];

    // Without separators Split takes Unicode white space, the set that l8ash splits and trims by.
    private static string[] SplitWords(string stage) =>
        stage.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
