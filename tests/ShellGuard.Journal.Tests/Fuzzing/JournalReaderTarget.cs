using ShellGuard.Journal.Explanations;
using ShellGuard.Journal.Rendering;

namespace ShellGuard.Journal.Tests.Fuzzing;

internal sealed class JournalReaderTarget : IFuzzTarget
{
    public string Name => "journal-reader";

    public void Run(ReadOnlyMemory<byte> input)
    {
        using JournalReader reader = new(new MemoryStream(input.ToArray()));
        JournalLine[] lines = [.. reader.Read(new JournalFilter { Since = DateTimeOffset.UnixEpoch })];
        Assert.All(lines, line => Assert.True(RenderingTests.IsHarmless(RecordText.Of(line))));
        Assert.All(Why.All(lines), why => Assert.NotEmpty(why.Render()));
    }
}
