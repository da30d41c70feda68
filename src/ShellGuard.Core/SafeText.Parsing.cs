using System.Globalization;
using System.Text;

namespace ShellGuard.Core;

public static partial class SafeText
{
    /// <summary>The bytes that an escaped text stands for.</summary>
    /// <returns>False for a text that <see cref="Escape"/> cannot have made.</returns>
    public static bool TryParse(string safe, out byte[] bytes)
    {
        bytes = [];
        using MemoryStream parsed = new(safe.Length);
        for (int index = 0; index < safe.Length;)
        {
            if (safe[index] != '\\')
            {
                int run = safe.IndexOf('\\', index);
                run = run < 0 ? safe.Length : run;
                parsed.Write(Encoding.UTF8.GetBytes(safe[index..run]));
                index = run;
            }
            else if (!TryParseEscape(safe, ref index, parsed))
            {
                return false;
            }
        }

        bytes = parsed.ToArray();
        return true;
    }

    private static bool TryParseEscape(string safe, ref int index, MemoryStream parsed)
    {
        ReadOnlySpan<char> rest = safe.AsSpan(index + 1);
        if (rest.IsEmpty)
        {
            return false;
        }

        if (rest[0] == 'x' && rest.Length >= 3
            && byte.TryParse(rest[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
        {
            parsed.WriteByte(value);
            index += 4;
            return true;
        }

        int end = rest.IndexOf('}');
        if (rest.StartsWith("u{") && end > 2
            && int.TryParse(rest[2..end], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
            && Rune.IsValid(code))
        {
            parsed.Write(Encoding.UTF8.GetBytes(new Rune(code).ToString()));
            index += end + 2;
            return true;
        }

        int plain = "\\nrt".IndexOf(rest[0], StringComparison.Ordinal);
        if (plain < 0)
        {
            return false;
        }

        parsed.WriteByte((byte)"\\\n\r\t"[plain]);
        index += 2;
        return true;
    }
}
