namespace ShellGuard.Policy.Tests.Fuzzing;

/// <summary>Something that takes bytes from strangers and must not fail on any. Found by reflection.</summary>
public interface IFuzzTarget
{
    /// <summary>The folder of the corpus.</summary>
    string Corpus { get; }

    /// <summary>Runs one input; an exception is a finding.</summary>
    void Run(ReadOnlySpan<byte> input);
}
