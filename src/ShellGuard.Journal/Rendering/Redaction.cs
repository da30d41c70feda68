using System.Buffers;
using System.Text;
using ShellGuard.Core.Events;

namespace ShellGuard.Journal.Rendering;

/// <summary>Hides what looks like a secret in a command line before it is shown to people. The journal itself keeps
/// what was run; this is a table, not a promise: a secret that looks like any other word is shown.</summary>
public static class Redaction
{
    /// <summary>Stands in the place of a secret.</summary>
    public const string Mark = "[redacted]";

    // Endings of a name, compared without case and with - and _ alike, that say that its value is a secret.
    private static readonly string[] SecretNames =
    [
        "password", "passwd", "passphrase", "pwd", "pass", "secret", "token", "apikey", "api-key", "access-key",
        "secret-key", "private-key", "secret-access-key", "credentials", "credential", "auth", "authorization",
        "bearer", "cookie", "signature", "sig",
    ];

    // Flags of known programs that take a secret: attached (-pSECRET), or as the next argument.
    private static readonly (string Program, string Flag, bool Attached, bool Separate)[] Flags =
    [
        ("mysql", "-p", true, false), ("mysqldump", "-p", true, false), ("mysqladmin", "-p", true, false),
        ("mysqlimport", "-p", true, false), ("mysqlshow", "-p", true, false), ("mariadb", "-p", true, false),
        ("mariadb-dump", "-p", true, false), ("mariadb-admin", "-p", true, false), ("sshpass", "-p", true, true),
        ("curl", "-u", true, true), ("curl", "--user", false, true), ("curl", "-U", true, true),
        ("curl", "--proxy-user", false, true), ("curl", "--oauth2-bearer", false, true), ("curl", "-b", true, true),
        ("redis-cli", "-a", true, true), ("zip", "-P", true, true),
        ("ldapsearch", "-w", true, true), ("ldapmodify", "-w", true, true), ("ldapadd", "-w", true, true),
        ("smbclient", "-U", true, true),
        ("unzip", "-P", true, true), ("7z", "-p", true, false), ("7za", "-p", true, false), ("rar", "-p", true, false),
        ("unrar", "-p", true, false), ("sqlcmd", "-P", true, true), ("bcp", "-P", true, true),
        ("mosquitto_pub", "-P", true, true), ("mosquitto_sub", "-P", true, true), ("ipmitool", "-P", true, true),
        ("openssl", "-pass", false, true), ("openssl", "-passin", false, true), ("openssl", "-passout", false, true),
        ("openssl", "-k", false, true), ("gpg", "--passphrase", false, true),
        ("vncviewer", "-p", true, true), ("xfreerdp", "/p", true, false),
    ];

    private static readonly SearchValues<char> AuthorityEnds = SearchValues.Create("/?# \t\n\"'");
    private static readonly SearchValues<char> ValueEnds = SearchValues.Create("&; \t\n\"'");

    private static readonly string[] TokenPrefixes =
    [
        "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xoxa-", "sk_live_",
        "rk_live_", "npm_", "pypi-", "dop_v1_", "hvs.", "AKIA", "ASIA",
    ];

    /// <summary>The arguments, byte by byte as they were apart from secrets.</summary>
    public static IReadOnlyList<HostileText> Arguments(IReadOnlyList<HostileText> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        List<HostileText> shown = new(arguments.Count);
        string program = arguments.Count > 0 ? Name(Text(arguments[0])) : "";
        bool nextIsSecret = false;
        foreach (HostileText argument in arguments)
        {
            string text = Text(argument);
            string redacted;
            if (nextIsSecret && shown.Count > 0)
            {
                redacted = Mark;
                nextIsSecret = false;
            }
            else
            {
                redacted = shown.Count > 0 ? Argument(program, text, out nextIsSecret) : text;
            }

            // A redacted text says nothing about its length either.
            shown.Add(redacted == text ? argument : HostileText.Of(Encoding.Latin1.GetBytes(redacted), int.MaxValue));
        }

        return shown;
    }

    /// <summary>Whether anything of it would be hidden.</summary>
    public static bool HasSecret(IReadOnlyList<HostileText> arguments)
    {
        IReadOnlyList<HostileText> shown = Arguments(arguments);
        for (int index = 0; index < shown.Count; index++)
        {
            if (!ReferenceEquals(shown[index], arguments[index]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Hides secrets inside one text: URLs with passwords, <c>token=…</c>, bearer tokens.</summary>
    public static string Within(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Tokens(Assignments(Headers(Urls(text))));
    }

    private static string Argument(string program, string text, out bool nextIsSecret)
    {
        nextIsSecret = false;
        foreach ((string name, string flag, bool attached, bool separate) in Flags)
        {
            if (name != program || !text.StartsWith(flag, StringComparison.Ordinal))
            {
                continue;
            }

            if (text.Length == flag.Length)
            {
                nextIsSecret = separate;
                return text;
            }

            if (attached)
            {
                return flag + Mark;
            }
        }

        // --password SECRET: a long flag without a value, named like a secret.
        if (text.StartsWith('-') && text.Length > 2 && !text.Contains('=') && IsSecretName(text.AsSpan().TrimStart('-'))
            && !text.Contains(' '))
        {
            nextIsSecret = true;
            return text;
        }

        return Within(text);
    }

    /// <summary><c>scheme://user:pass@host</c>: hides the password; a lone user that is a token is caught later.
    /// </summary>
    private static string Urls(string text)
    {
        int from = 0;
        while (text.IndexOf("://", from, StringComparison.Ordinal) is int scheme and >= 0)
        {
            from = scheme + 3;
            int end = text.AsSpan(from).IndexOfAny(AuthorityEnds);
            end = end < 0 ? text.Length : from + end;
            int at = text.LastIndexOf('@', end - 1, end - from);
            int colon = at < 0 ? -1 : text.IndexOf(':', from, at - from);
            if (colon >= 0)
            {
                text = string.Concat(text.AsSpan(0, colon + 1), Mark, text.AsSpan(at));
                from = colon + 1 + Mark.Length;
            }
        }

        return text;
    }

    /// <summary><c>Authorization: …</c>, <c>X-Api-Key: …</c>, <c>Bearer …</c>: hides to the end of the line.</summary>
    private static string Headers(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && !text.AsSpan(colon).StartsWith("://") && IsHeaderName(text.AsSpan(0, colon))
            && IsSecretName(text.AsSpan(0, colon)))
        {
            return string.Concat(text.AsSpan(0, colon + 1), " ", Mark);
        }

        int bearer = text.IndexOf("bearer ", StringComparison.OrdinalIgnoreCase);
        return bearer < 0 ? text : string.Concat(text.AsSpan(0, bearer + "bearer ".Length), Mark);
    }

    /// <summary><c>NAME=value</c>, also in query strings and connection strings.</summary>
    private static string Assignments(string text)
    {
        int from = 0;
        while (from < text.Length && text.IndexOf('=', from) is int equals and >= 0)
        {
            int start = equals;
            while (start > 0 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '_' or '-' or '.'))
            {
                start--;
            }

            from = equals + 1;
            if (!IsSecretName(text.AsSpan(start, equals - start)))
            {
                continue;
            }

            // A flag's or variable's value is all that follows; inside a longer text it ends at a separator.
            bool wholeArgument = start == 0 || text.AsSpan(0, start).TrimStart('-').IsEmpty;
            int length = wholeArgument && !text.AsSpan(from).ContainsAny("&;")
                ? text.Length - from
                : text.AsSpan(from).IndexOfAny(ValueEnds);
            length = length < 0 ? text.Length - from : length;
            if (length > 0)
            {
                text = string.Concat(text.AsSpan(0, from), Mark, text.AsSpan(from + length));
                from += Mark.Length;
            }
        }

        return text;
    }

    private static string Tokens(string text)
    {
        foreach (string prefix in TokenPrefixes)
        {
            int at = text.IndexOf(prefix, StringComparison.Ordinal);
            while (at >= 0)
            {
                int end = at + prefix.Length;
                while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-' or '.'))
                {
                    end++;
                }

                // Short words that begin alike are no tokens.
                int next = end;
                if (end - at - prefix.Length >= 12)
                {
                    text = string.Concat(text.AsSpan(0, at), Mark, text.AsSpan(end));
                    next = at + Mark.Length;
                }

                at = next < text.Length ? text.IndexOf(prefix, next, StringComparison.Ordinal) : -1;
            }
        }

        return text;
    }

    private static bool IsHeaderName(ReadOnlySpan<char> name)
    {
        foreach (char letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != '-')
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSecretName(ReadOnlySpan<char> name)
    {
        foreach (string ending in SecretNames)
        {
            if (name.Length >= ending.Length && EndsAlike(name, ending)
                && (name.Length == ending.Length || ending.Length > 4
                    || name[^(ending.Length + 1)] is '_' or '-' or '.'))
            {
                return true;
            }
        }

        return false;
    }

    private static bool EndsAlike(ReadOnlySpan<char> name, string ending)
    {
        ReadOnlySpan<char> end = name[^ending.Length..];
        for (int index = 0; index < ending.Length; index++)
        {
            char letter = end[index] == '_' ? '-' : char.ToLowerInvariant(end[index]);
            if (letter != ending[index])
            {
                return false;
            }
        }

        return true;
    }

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    // Latin-1 maps bytes to characters one to one, so that nothing is lost on the way there and back.
    private static string Text(HostileText text) => Encoding.Latin1.GetString(text.Kept.Span);
}
