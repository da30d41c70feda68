using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using ShellGuard.Core.Flow.Forms.Json;

namespace ShellGuard.Core.Flow.Forms;

/// <summary><c>json SCHEMA</c>: one JSON value, written without spaces and in the schema's order.</summary>
internal sealed class JsonForm : OutputForm
{
    private readonly JsonShape _shape;

    private JsonForm(string text, int maximumBytes, JsonShape shape)
        : base(text, maximumBytes)
    {
        _shape = shape;

        // So many bytes carry no more than their own bits, whatever the schema would let them say.
        Bits = Math.Min(BitsOf(shape.Count), ((long)maximumBytes * 8) + 1);
    }

    public override long Bits { get; }

    public static bool TryParse(
        string text, string schema, int maximumBytes, [NotNullWhen(true)] out OutputForm? form,
        [NotNullWhen(false)] out string? problem)
    {
        form = JsonSchema.TryParse(schema, out JsonShape? shape, out problem) ? new JsonForm(text, maximumBytes, shape) : null;
        return form is not null;
    }

    protected override bool TryReadForm(
        ReadOnlySpan<byte> output, [NotNullWhen(true)] out byte[]? passed, [NotNullWhen(false)] out string? problem)
    {
        passed = null;
        try
        {
            Utf8JsonReader reader = new(output);
            StringBuilder written = new();
            reader.Read();
            problem = _shape.Read(ref reader, written);
            if (problem is null)
            {
                // Anything behind the value makes the reader throw.
                reader.Read();
                passed = Encoding.ASCII.GetBytes(written.Append('\n').ToString());
            }
        }
        catch (JsonException)
        {
            problem = "the output is no JSON";
        }

        return passed is not null;
    }
}
