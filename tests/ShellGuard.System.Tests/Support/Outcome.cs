using System.Text;
using Xunit;

namespace ShellGuard.System.Tests.Support;

/// <summary>How a program ended and what it wrote.</summary>
/// <param name="Status">Exit status; 128 plus the signal's number after a signal.</param>
internal sealed record Outcome(int Status, byte[] Bytes, string Errors)
{
    public string Output => Encoding.UTF8.GetString(Bytes);

    /// <summary>Asserts status 0.</summary>
    public Outcome Succeed() => EndWith(0);

    /// <summary>Asserts a status, showing what was written when it is another.</summary>
    public Outcome EndWith(int status)
    {
        Assert.True(Status == status, $"status {Status} instead of {status}\n--- output\n{Output}\n--- errors\n{Errors}");
        return this;
    }
}
