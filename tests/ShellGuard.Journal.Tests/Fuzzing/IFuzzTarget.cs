namespace ShellGuard.Journal.Tests.Fuzzing;

/// <summary>Code that must take any bytes. Found by reflection; its corpus is the folder of its name.</summary>
internal interface IFuzzTarget
{
    /// <summary>The folder in <c>Corpus</c>.</summary>
    string Name { get; }

    /// <summary>Must return, whatever the bytes.</summary>
    void Run(ReadOnlyMemory<byte> input);
}
