using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace ShellGuard.Core.Flow.Forms.Json;

/// <summary>A whole number from one to another.</summary>
internal sealed class IntegerShape(long lowest, long highest) : JsonShape
{
    public override BigInteger Count => (BigInteger)highest - lowest + 1;

    public override string? Read(ref Utf8JsonReader reader, StringBuilder written)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number))
        {
            return "a value is no whole number";
        }

        if (number < lowest || number > highest)
        {
            return $"a number is not from {lowest} to {highest}";
        }

        written.Append(number.ToString(CultureInfo.InvariantCulture));
        return null;
    }
}
