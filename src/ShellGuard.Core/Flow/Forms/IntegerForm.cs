using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace ShellGuard.Core.Flow.Forms;

/// <summary><c>integer A..B</c>: one whole number from A to B.</summary>
internal sealed class IntegerForm : OutputForm
{
    private readonly long _lowest;
    private readonly long _highest;

    private IntegerForm(string text, int maximumBytes, long lowest, long highest)
        : base(text, maximumBytes)
    {
        _lowest = lowest;
        _highest = highest;
        Bits = BitsOf((BigInteger)highest - lowest + 1);
    }

    public override long Bits { get; }

    public static bool TryParse(
        string text, string range, int maximumBytes, [NotNullWhen(true)] out OutputForm? form,
        [NotNullWhen(false)] out string? problem)
    {
        form = null;
        string[] ends = range.Split("..");
        if (ends.Length != 2 || !TryRead(ends[0].Trim(), out long lowest) || !TryRead(ends[1].Trim(), out long highest))
        {
            problem = "a range is written as in integer 0..1000000";
            return false;
        }

        if (lowest > highest)
        {
            problem = "the range is empty: its first number is greater than its last";
            return false;
        }

        int longest = Math.Max(Write(lowest).Length, Write(highest).Length);
        if (longest > maximumBytes)
        {
            problem = $"numbers of this range need {longest} bytes with the line feed, and max-bytes is {maximumBytes}";
            return false;
        }

        problem = null;
        form = new IntegerForm(text, maximumBytes, lowest, highest);
        return true;
    }

    protected override bool TryReadForm(
        ReadOnlySpan<byte> output, [NotNullWhen(true)] out byte[]? passed, [NotNullWhen(false)] out string? problem)
    {
        passed = null;
        if (!TryRead(Encoding.Latin1.GetString(WithoutLineFeed(output)), out long number))
        {
            problem = "the output is not one whole number in decimal without leading zeros";
            return false;
        }

        if (number < _lowest || number > _highest)
        {
            problem = $"the number is not from {_lowest} to {_highest}";
            return false;
        }

        problem = null;
        passed = Write(number);
        return true;
    }

    private static bool TryRead(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
        && number.ToString(CultureInfo.InvariantCulture) == text;

    private static byte[] Write(long number) =>
        Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture) + "\n");
}
