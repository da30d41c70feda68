using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace ShellGuard.Core.Flow.Forms;

/// <summary>What a filter may let out, declared beforehand. Whatever the filter wrote, only one spelling of each
/// permitted output passes: what could be said by spaces, by the order of keys or by leading zeros is not said.</summary>
/// <param name="text">As in the policy.</param>
/// <param name="maximumBytes">The longest output, with the line feed at its end.</param>
public abstract class OutputForm(string text, int maximumBytes)
{
    /// <summary>As in the policy.</summary>
    public string Text { get; } = text;

    /// <summary>The longest output, with the line feed at its end.</summary>
    public int MaximumBytes { get; } = maximumBytes;

    /// <summary>How many bits one passage tells at most: the logarithm of the number of outputs, and one for none at all,
    /// rounded up.</summary>
    public abstract long Bits { get; }

    /// <summary>Reads what a filter wrote.</summary>
    /// <param name="output">All of it.</param>
    /// <param name="passed">What is passed on in its place.</param>
    /// <param name="problem">What is wrong, in lower case without a full stop. It tells of the output: for the journal and
    /// for the person, never for the filter's caller on the lower side.</param>
    public bool TryRead(
        ReadOnlySpan<byte> output, [NotNullWhen(true)] out byte[]? passed, [NotNullWhen(false)] out string? problem)
    {
        passed = null;
        if (output.Length > MaximumBytes)
        {
            problem = $"the output is longer than {MaximumBytes} bytes";
            return false;
        }

        if (!TryReadForm(output, out passed, out problem))
        {
            return false;
        }

        if (passed.Length > MaximumBytes)
        {
            problem = $"the output with its line feed is longer than {MaximumBytes} bytes";
            passed = null;
            return false;
        }

        return true;
    }

    /// <inheritdoc cref="TryRead"/>
    protected abstract bool TryReadForm(
        ReadOnlySpan<byte> output, [NotNullWhen(true)] out byte[]? passed, [NotNullWhen(false)] out string? problem);

    /// <summary>The bits of one of so many outputs or none.</summary>
    protected static long BitsOf(BigInteger outputs) => Math.Max(1, outputs.GetBitLength());

    /// <summary>The output without the one line feed that programs write at the end.</summary>
    protected static ReadOnlySpan<byte> WithoutLineFeed(ReadOnlySpan<byte> output) =>
        output.EndsWith("\n"u8) ? output[..^1] : output;
}
