namespace ShellGuard.Leash.Lines;

/// <summary>Where lines come from.</summary>
public interface ILineReader
{
    /// <summary>The next line without its line feed.</summary>
    /// <returns>False at the end.</returns>
    bool Next(out byte[] line);
}
