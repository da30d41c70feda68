using System.Buffers;
using ShellGuard.Journal.Recordings;

namespace ShellGuard.Journal.Tests.Fuzzing;

internal sealed class TerminalSanitizerTarget : IFuzzTarget
{
    public string Name => "terminal-sanitizer";

    public void Run(ReadOnlyMemory<byte> input)
    {
        ArrayBufferWriter<byte> output = new();
        TerminalSanitizer sanitizer = new();
        sanitizer.Filter(input.Span, output);
        sanitizer.Complete(output);
        Assert.True(System.Text.Unicode.Utf8.IsValid(output.WrittenSpan));

        // What is safe stays as it is: filtering again changes nothing.
        ArrayBufferWriter<byte> again = new();
        sanitizer.Filter(output.WrittenSpan, again);
        sanitizer.Complete(again);
        Assert.True(again.WrittenSpan.SequenceEqual(output.WrittenSpan));
    }
}
