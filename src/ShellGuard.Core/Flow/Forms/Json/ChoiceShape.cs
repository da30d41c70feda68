using System.Numerics;
using System.Text;
using System.Text.Json;

namespace ShellGuard.Core.Flow.Forms.Json;

/// <summary>One of some values that are no objects or arrays: <c>enum</c>, <c>const</c>, <c>boolean</c>,
/// <c>null</c>.</summary>
/// <param name="values">As they are written.</param>
internal sealed class ChoiceShape(IReadOnlyList<string> values) : JsonShape
{
    public override BigInteger Count => values.Count;

    public override string? Read(ref Utf8JsonReader reader, StringBuilder written)
    {
        string? value = JsonText.OfScalar(ref reader);
        if (value is null || !values.Contains(value, StringComparer.Ordinal))
        {
            return "a value is none of those that there are";
        }

        written.Append(value);
        return null;
    }
}
