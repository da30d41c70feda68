using System.Text;
using ShellGuard.Core.Flow.Forms;
using Xunit;

namespace ShellGuard.Policy.Tests.Fuzzing;

/// <summary>Any text is a form or a problem, and any output passes or is refused: never an exception. What passes does so
/// again and as it is.</summary>
public sealed class FormFuzzTarget : IFuzzTarget
{
    private const int Bytes = 200;

    public string Corpus => "form";

    public void Run(ReadOnlySpan<byte> input)
    {
        int end = input.IndexOf((byte)'\n');
        string text = Encoding.UTF8.GetString(end < 0 ? input : input[..end]);
        if (!OutputForms.TryParse(text, Bytes, out OutputForm? form, out string? problem))
        {
            Assert.NotEmpty(problem);
            return;
        }

        Assert.InRange(form.Bits, 1, (Bytes * 8) + 1);
        if (form.TryRead(end < 0 ? default : input[(end + 1)..], out byte[]? passed, out _))
        {
            Assert.InRange(passed.Length, 1, Bytes);
            Assert.True(form.TryRead(passed, out byte[]? again, out _));
            Assert.Equal(passed, again);
        }
    }
}
