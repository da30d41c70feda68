using System.Numerics;
using System.Text;
using System.Text.Json;

namespace ShellGuard.Core.Flow.Forms.Json;

/// <summary>An object with these properties and no others; it is written in their order.</summary>
internal sealed class ObjectShape : JsonShape
{
    private readonly IReadOnlyList<(string Name, JsonShape Shape, bool Required)> _properties;

    public ObjectShape(IReadOnlyList<(string Name, JsonShape Shape, bool Required)> properties)
    {
        _properties = properties;
        Count = properties.Aggregate(
            BigInteger.One, (count, property) => count * (property.Shape.Count + (property.Required ? 0 : 1)));
    }

    public override BigInteger Count { get; }

    public override string? Read(ref Utf8JsonReader reader, StringBuilder written)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return "a value is no object";
        }

        string?[] values = new string?[_properties.Count];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string? name = JsonText.TextOf(reader);
            int index = 0;
            while (index < _properties.Count && _properties[index].Name != name)
            {
                index++;
            }

            if (index == _properties.Count)
            {
                return "an object has a property that there is not";
            }

            if (values[index] is not null)
            {
                return "an object has a property twice";
            }

            StringBuilder value = new();
            reader.Read();
            if (_properties[index].Shape.Read(ref reader, value) is { } problem)
            {
                return problem;
            }

            values[index] = value.ToString();
        }

        return Write(values, written);
    }

    private string? Write(string?[] values, StringBuilder written)
    {
        char before = '{';
        for (int i = 0; i < values.Length; i++)
        {
            (string name, _, bool required) = _properties[i];
            if (values[i] is { } value)
            {
                written.Append(before).Append(JsonText.Quote(name)).Append(':').Append(value);
                before = ',';
            }
            else if (required)
            {
                return $"an object has no {name}";
            }
        }

        written.Append(before == '{' ? "{" : "").Append('}');
        return null;
    }
}
