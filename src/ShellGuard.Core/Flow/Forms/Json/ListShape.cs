using System.Numerics;
using System.Text;
using System.Text.Json;

namespace ShellGuard.Core.Flow.Forms.Json;

/// <summary>An array of values of one kind.</summary>
internal sealed class ListShape(JsonShape item, int least, int most) : JsonShape
{
    public override BigInteger Count { get; } = CountOf(item.Count, least, most);

    public override string? Read(ref Utf8JsonReader reader, StringBuilder written)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return "a value is no array";
        }

        written.Append('[');
        int count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            written.Append(count == 0 ? "" : ",");
            if (++count > most)
            {
                return $"an array has more than {most} values";
            }

            if (item.Read(ref reader, written) is { } problem)
            {
                return problem;
            }
        }

        written.Append(']');
        return count < least ? $"an array has fewer than {least} values" : null;
    }

    // The sum of a geometric series.
    private static BigInteger CountOf(BigInteger items, int least, int most) => items.IsOne
        ? most - least + 1
        : (BigInteger.Pow(items, most + 1) - BigInteger.Pow(items, least)) / (items - BigInteger.One);
}
