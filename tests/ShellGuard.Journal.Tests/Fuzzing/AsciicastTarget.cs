using ShellGuard.Journal.Recordings;

namespace ShellGuard.Journal.Tests.Fuzzing;

internal sealed class AsciicastTarget : IFuzzTarget
{
    public string Name => "asciicast";

    public void Run(ReadOnlyMemory<byte> input)
    {
        if (AsciicastReader.TryOpen(new MemoryStream(input.ToArray()), out AsciicastReader? reader, out _))
        {
            using (reader)
            {
                AsciicastEvent[] events = [.. reader.Read()];
                Assert.All(Replay.Plan(events, new ReplayOptions()), step => Assert.True(step.Delay >= TimeSpan.Zero));
                Replay.Find(events, 1);
            }
        }
    }
}
