namespace ShellGuard.Cells.Tests.Fuzzing;

/// <summary>A parser of hostile bytes. Every implementation is found by reflection and gets the corpus, its mutations
/// and random bytes.</summary>
internal interface IFuzzTarget
{
    /// <summary>The folder of its corpus below <c>Fuzzing/Corpus</c>.</summary>
    string Corpus { get; }

    /// <summary>Must return, without an exception, and checks what always holds.</summary>
    void Run(ReadOnlySpan<byte> data);
}
