using System.Diagnostics.CodeAnalysis;

namespace ShellGuard.Policy.Model;

/// <summary>The strict grammar of host names: labels of 1 to 63 letters, digits, hyphens and underscores that neither
/// begin nor end with a hyphen, 253 characters in all, and never something that a resolver would read as an address.
/// </summary>
public static class HostName
{
    /// <summary>Lower-cases a name and drops one trailing dot.</summary>
    /// <param name="text">The name as given.</param>
    /// <param name="name">The name in its only accepted form.</param>
    /// <param name="problem">What is wrong, in lower case without a full stop.</param>
    public static bool TryNormalise(
        string text, [NotNullWhen(true)] out string? name, [NotNullWhen(false)] out string? problem)
    {
        name = null;
        string candidate = text.EndsWith('.') ? text[..^1] : text;
        problem = FindProblem(candidate);
        if (problem is not null)
        {
            return false;
        }

        name = candidate.ToLowerInvariant();
        return true;
    }

    private static string? FindProblem(string name)
    {
        if (name.Length is 0 or > 253)
        {
            return name.Length == 0 ? "the host name is empty" : "a host name has at most 253 characters";
        }

        string last = "";
        foreach (string label in name.Split('.'))
        {
            last = label;
            if (label.Length is 0 or > 63)
            {
                return label.Length == 0
                    ? "a host name has something between its dots"
                    : "a part of a host name has at most 63 characters";
            }

            if (label[0] == '-' || label[^1] == '-')
            {
                return "a part of a host name neither begins nor ends with a hyphen";
            }

            foreach (char c in label)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                {
                    return c > '\x7F'
                        ? "a host name is ASCII; write an international name in its xn-- form"
                        : "a host name has letters, digits, hyphens, underscores and dots only";
                }
            }
        }

        return LooksNumeric(last) ? "this is an address in another notation, not a name" : null;
    }

    // inet_aton(3) reads 0x7f.1, 017700000001 and 2130706433 as addresses, and so do resolvers: what ends in a number
    // is never a name.
    private static bool LooksNumeric(string label)
    {
        bool hexadecimal = label.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var digits = hexadecimal ? label.AsSpan(2) : label;
        foreach (char c in digits)
        {
            if (!(hexadecimal ? char.IsAsciiHexDigit(c) : char.IsAsciiDigit(c)))
            {
                return false;
            }
        }

        return true;
    }
}
