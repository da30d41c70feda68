using System.Numerics;
using System.Text;
using System.Text.Json;

namespace ShellGuard.Core.Flow.Forms.Json;

/// <summary>The values that a schema allows.</summary>
internal abstract class JsonShape
{
    /// <summary>More bits than anybody would let out; such a schema is refused.</summary>
    public const long MostBits = 1 << 20;

    /// <summary>How many values there are; each is written in one way only.</summary>
    public abstract BigInteger Count { get; }

    /// <summary>Reads the value that the reader stands on, and writes it in the one way.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public abstract string? Read(ref Utf8JsonReader reader, StringBuilder written);
}
