using System.Text.Json;

namespace ShellGuard.Journal.Format;

/// <summary>The fields of a record that hold the chain together, read strictly: each at most once.</summary>
internal struct RecordLinks
{
    private const int MaxDepth = 8;

    public long Schema;
    public long Sequence;
    public long Nanoseconds;
    public long Kind;
    public string? Session;
    public string? Previous;
    public string? PublicKey;
    public string? KeyFingerprint;

    public static bool TryRead(ReadOnlySpan<byte> line, out RecordLinks links, out string problem)
    {
        links = new RecordLinks { Schema = -1, Sequence = -1, Nanoseconds = -1, Kind = -1 };
        problem = "it is not JSON";
        try
        {
            Utf8JsonReader json = new(line, new JsonReaderOptions { MaxDepth = MaxDepth });
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (!links.Field(ref json, ref problem))
                {
                    return false;
                }
            }

            // Reads to the end, so that nothing follows the object.
            while (json.Read())
            {
            }
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            problem = "it has a text that is not Unicode";
            return false;
        }

        bool whole = links is
        {
            Schema: >= 0, Sequence: >= 0, Nanoseconds: >= 0, Kind: >= 0, Session: not null, Previous: not null,
        };
        problem = whole ? "" : "it lacks a field that every record has";
        return whole;
    }

    private bool Field(ref Utf8JsonReader json, ref string problem)
    {
        bool good =
            json.ValueTextEquals("v"u8) ? Number(ref json, ref Schema)
            : json.ValueTextEquals("seq"u8) ? Number(ref json, ref Sequence)
            : json.ValueTextEquals("ns"u8) ? Number(ref json, ref Nanoseconds)
            : json.ValueTextEquals("kind"u8) ? Number(ref json, ref Kind)
            : json.ValueTextEquals("session"u8) ? Text(ref json, ref Session)
            : json.ValueTextEquals("prev"u8) ? Text(ref json, ref Previous)
            : json.ValueTextEquals("publicKey"u8) ? Text(ref json, ref PublicKey)
            : json.ValueTextEquals("keyFingerprint"u8) ? Text(ref json, ref KeyFingerprint)
            : json.Read() && json.TrySkip();
        if (!good)
        {
            problem = "a field that holds the chain together is of the wrong type or there twice";
        }

        return good;
    }

    private static bool Number(ref Utf8JsonReader json, ref long field) =>
        field < 0 && json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out field) && field >= 0;

    private static bool Text(ref Utf8JsonReader json, ref string? field)
    {
        if (field is not null || !json.Read() || json.TokenType != JsonTokenType.String)
        {
            return false;
        }

        field = json.GetString();
        return true;
    }
}
