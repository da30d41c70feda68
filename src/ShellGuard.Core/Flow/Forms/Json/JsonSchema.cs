using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ShellGuard.Core.Flow.Forms.Regular;

namespace ShellGuard.Core.Flow.Forms.Json;

/// <summary>Reads the part of JSON Schema that bounds how much a value can say. Whatever else a schema has is refused: it
/// would not be checked.</summary>
internal sealed class JsonSchema
{
    private const int Deepest = 16;
    private const int MostValues = 10_000;
    private const int LongestText = 256;

    private string? _problem;

    private JsonSchema()
    {
    }

    public static bool TryParse(
        string schema, [NotNullWhen(true)] out JsonShape? shape, [NotNullWhen(false)] out string? problem)
    {
        shape = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(schema, new JsonDocumentOptions { MaxDepth = 64 });
            JsonSchema reader = new();
            shape = reader.Read(document.RootElement, "the schema", 0);
            problem = reader._problem;
        }
        catch (JsonException failure)
        {
            problem = $"the schema is no JSON, at byte {failure.BytePositionInLine}";
        }

        shape = problem is null ? shape : null;
        return problem is null;
    }

    private JsonShape? Read(JsonElement schema, string where, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > Deepest)
        {
            return Fail(depth > Deepest ? $"{where} nests deeper than {Deepest}" : $"{where} is no object");
        }

        if (schema.TryGetProperty("enum", out JsonElement values) || schema.TryGetProperty("const", out values))
        {
            return Choice(schema, values, where);
        }

        if (!schema.TryGetProperty("type", out JsonElement type) || type.ValueKind != JsonValueKind.String)
        {
            return Fail($"{where} has no type, enum or const");
        }

        return type.GetString() switch
        {
            "boolean" when Knows(schema, where) => new ChoiceShape(["false", "true"]),
            "null" when Knows(schema, where) => new ChoiceShape(["null"]),
            "integer" when Knows(schema, where, "minimum", "maximum") => Integer(schema, where),
            "string" when Knows(schema, where, "pattern", "maxLength") => Text(schema, where),
            "array" when Knows(schema, where, "items", "minItems", "maxItems") => List(schema, where, depth),
            "object" when Knows(schema, where, "properties", "required", "additionalProperties") =>
                Object(schema, where, depth),
            "boolean" or "null" or "integer" or "string" or "array" or "object" => null,
            "number" => Fail($"{where} is a number, which has no end of digits: use integer"),
            _ => Fail($"{where} has a type that there is not"),
        };
    }

    private JsonShape? Choice(JsonElement schema, JsonElement values, string where)
    {
        bool isConst = !schema.TryGetProperty("enum", out _);
        if (!Knows(schema, where, isConst ? "const" : "enum"))
        {
            return null;
        }

        JsonElement[] all = isConst ? [values] : values.ValueKind == JsonValueKind.Array ? [.. values.EnumerateArray()] : [];
        List<string> written = [];
        foreach (JsonElement value in all)
        {
            Utf8JsonReader reader = new(System.Text.Encoding.UTF8.GetBytes(value.GetRawText()));
            reader.Read();
            if (JsonText.OfScalar(ref reader) is { } text)
            {
                written.Add(text);
            }
            else
            {
                return Fail($"{where} has a value that is no whole number, no string of printable ASCII, not true, false or null");
            }
        }

        return written.Count == 0 ? Fail($"{where} has no values")
            : written.Distinct(StringComparer.Ordinal).Count() != written.Count ? Fail($"{where} has a value twice")
            : new ChoiceShape(written);
    }

    private JsonShape? Integer(JsonElement schema, string where) =>
        Whole(schema, "minimum") is { } lowest && Whole(schema, "maximum") is { } highest && lowest <= highest
            ? new IntegerShape(lowest, highest)
            : Fail($"{where} needs minimum and maximum, whole numbers in this order");

    private JsonShape? Text(JsonElement schema, string where)
    {
        if (Whole(schema, "maxLength") is not (>= 0 and <= LongestText and { } longest))
        {
            return Fail($"{where} needs a maxLength of at most {LongestText}");
        }

        string? pattern = schema.TryGetProperty("pattern", out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
        if (pattern is not { Length: >= 2 } || pattern[0] != '^' || pattern[^1] != '$' || pattern.EndsWith("\\$", StringComparison.Ordinal))
        {
            return Fail($"{where} needs a pattern for the whole text, as in \"^[a-z]+$\"");
        }

        if (!RegularLanguage.TryParse(pattern[1..^1], out RegularLanguage? language, out string? problem))
        {
            return Fail($"{where}: {problem}");
        }

        TextShape text = new(language, (int)longest);
        return text.Count.IsZero ? Fail($"{where} matches nothing that short") : text;
    }

    private JsonShape? List(JsonElement schema, string where, int depth)
    {
        long least = schema.TryGetProperty("minItems", out _) ? Whole(schema, "minItems") ?? -1 : 0;
        if (Whole(schema, "maxItems") is not (>= 0 and <= MostValues and { } most) || least < 0 || least > most)
        {
            return Fail($"{where} needs a maxItems of at most {MostValues}, and no larger minItems");
        }

        if (!schema.TryGetProperty("items", out JsonElement items) || Read(items, $"items of {where}", depth + 1) is not { } item)
        {
            return Fail($"{where} needs items");
        }

        return item.Count.GetBitLength() * (most + 1) > JsonShape.MostBits
            ? Fail($"{where} can say more than {JsonShape.MostBits} bits")
            : new ListShape(item, (int)least, (int)most);
    }

    private JsonShape? Object(JsonElement schema, string where, int depth)
    {
        if (schema.TryGetProperty("additionalProperties", out JsonElement more) && more.ValueKind != JsonValueKind.False)
        {
            return Fail($"{where} has additionalProperties, and none are let through: say false");
        }

        HashSet<string> required = new(StringComparer.Ordinal);
        if (schema.TryGetProperty("required", out JsonElement names))
        {
            if (names.ValueKind != JsonValueKind.Array || names.EnumerateArray().Any(name => name.ValueKind != JsonValueKind.String))
            {
                return Fail($"required of {where} is no array of names");
            }

            required = [.. names.EnumerateArray().Select(name => name.GetString()!)];
        }

        List<(string Name, JsonShape Shape, bool Required)> properties = [];
        long bits = 0;
        if (schema.TryGetProperty("properties", out JsonElement given) && given.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in given.EnumerateObject())
            {
                if (property.Name.Any(c => c is < ' ' or > '~') || properties.Exists(known => known.Name == property.Name))
                {
                    return Fail($"{where} has a property that is not printable ASCII, or twice the same");
                }

                if (Read(property.Value, property.Name, depth + 1) is not { } shape)
                {
                    return null;
                }

                properties.Add((property.Name, shape, required.Remove(property.Name)));
                bits += shape.Count.GetBitLength() + 1;
            }
        }

        return required.Count > 0 ? Fail($"{where} requires what is not among its properties")
            : bits > JsonShape.MostBits ? Fail($"{where} can say more than {JsonShape.MostBits} bits")
            : new ObjectShape(properties);
    }

    private bool Knows(JsonElement schema, string where, params ReadOnlySpan<string> keys)
    {
        foreach (JsonProperty property in schema.EnumerateObject())
        {
            if (property.Name is not ("type" or "$schema" or "title" or "description") && !keys.Contains(property.Name))
            {
                Fail($"{where} has {SafeText.Shorten(property.Name, 60)}, which is not known for it");
                return false;
            }
        }

        return true;
    }

    private static long? Whole(JsonElement schema, string key) =>
        schema.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out long number) ? number : null;

    private JsonShape? Fail(string problem)
    {
        _problem ??= problem;
        return null;
    }
}
