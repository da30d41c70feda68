using System.Numerics;
using System.Text;
using System.Text.Json;
using ShellGuard.Core.Flow.Forms.Regular;

namespace ShellGuard.Core.Flow.Forms.Json;

/// <summary>A string of printable ASCII that matches an expression as a whole and is not too long.</summary>
internal sealed class TextShape(RegularLanguage language, int longest) : JsonShape
{
    public override BigInteger Count { get; } = language.Count(longest);

    public override string? Read(ref Utf8JsonReader reader, StringBuilder written)
    {
        if (reader.TokenType != JsonTokenType.String || JsonText.TextOf(reader) is not { } text)
        {
            return "a value is no string of printable ASCII";
        }

        if (text.Length > longest)
        {
            return $"a string is longer than {longest}";
        }

        if (!language.Matches(Encoding.ASCII.GetBytes(text)))
        {
            return "a string does not match";
        }

        written.Append(JsonText.Quote(text));
        return null;
    }
}
