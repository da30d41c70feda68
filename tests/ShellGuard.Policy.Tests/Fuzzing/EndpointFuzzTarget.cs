using System.Text;
using ShellGuard.Policy.Model;
using Xunit;

namespace ShellGuard.Policy.Tests.Fuzzing;

/// <summary>An endpoint that is accepted is written back so that it reads the same.</summary>
public sealed class EndpointFuzzTarget : IFuzzTarget
{
    public string Corpus => "endpoint";

    public void Run(ReadOnlySpan<byte> input)
    {
        if (EndpointPattern.TryParse(Encoding.UTF8.GetString(input), out var pattern, out string? problem))
        {
            Assert.True(EndpointPattern.TryParse(pattern.ToString(), out var again, out _), pattern.ToString());
            Assert.Equal(pattern.ToString(), again!.ToString());
            Assert.All(pattern.ToString(), c => Assert.InRange(c, '!', '~'));
        }
        else
        {
            Assert.NotEmpty(problem);
        }
    }
}
