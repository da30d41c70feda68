using System.Diagnostics.CodeAnalysis;

namespace ShellGuard.Cells.Supervision.Network.Dns;

/// <summary>The one grammar of host names that this house accepts, over bytes: labels of 1 to 63 letters, digits,
/// hyphens and underscores, not beginning or ending with a hyphen, 253 characters in all, and a last label that is
/// not all digits (so that no name reads as an address, RFC 3696 section 2).</summary>
internal static class HostName
{
    internal const int MaxLength = 253;
    internal const int MaxLabel = 63;

    /// <summary>Whether the byte may stand in a label.</summary>
    internal static bool IsLabelByte(byte value) =>
        value is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or
            (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'_';

    /// <summary>Checks labels joined by dots, without a trailing one, and gives them in lower case.</summary>
    internal static bool TryNormalise(ReadOnlySpan<byte> joined, [NotNullWhen(true)] out string? name)
    {
        name = null;
        if (joined.IsEmpty || joined.Length > MaxLength)
        {
            return false;
        }

        Span<char> text = stackalloc char[joined.Length];
        int start = 0;
        bool digits = true;
        for (int index = 0; index <= joined.Length; index++)
        {
            if (index == joined.Length || joined[index] == '.')
            {
                int length = index - start;
                if (length is 0 or > MaxLabel || joined[start] == '-' || joined[index - 1] == '-')
                {
                    return false;
                }

                if (index < joined.Length)
                {
                    text[index] = '.';
                    start = index + 1;
                    digits = true;
                }

                continue;
            }

            byte value = joined[index];
            if (!IsLabelByte(value))
            {
                return false;
            }

            digits &= char.IsAsciiDigit((char)value);
            text[index] = char.ToLowerInvariant((char)value);
        }

        if (digits)
        {
            return false;
        }

        name = text.ToString();
        return true;
    }
}
