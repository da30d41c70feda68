using System.Globalization;
using System.Text;

namespace ShellGuard.Audit.Import.Perf;

/// <summary>Turns the arguments of a call as perf writes them into those that strace writes.</summary>
internal static class PerfText
{
    /// <param name="call">The call's name.</param>
    /// <param name="arguments"><c>dfd: CWD, filename: "/etc/hosts", flags: RDONLY</c>.</param>
    public static string Arguments(string call, string arguments)
    {
        if (PerfCalls.Of(call) is not { } names)
        {
            return "";
        }

        Dictionary<string, string> given = Split(arguments);
        StringBuilder text = new();
        foreach (string name in names)
        {
            text.Append(text.Length > 0 ? ", " : "").Append(Value(name, given.GetValueOrDefault(name, "0")));
        }

        return text.ToString();
    }

    /// <summary>Arguments by their names; commas in quotes, braces and angle brackets part nothing.</summary>
    private static Dictionary<string, string> Split(string arguments)
    {
        Dictionary<string, string> given = new(StringComparer.Ordinal);
        int start = 0, depth = 0;
        bool quoted = false;
        for (int i = 0; i <= arguments.Length; i++)
        {
            char letter = i < arguments.Length ? arguments[i] : ',';
            if (i < arguments.Length && quoted)
            {
                quoted = letter != '"' || (i + 1 < arguments.Length && arguments[i + 1] is not (',' or ' ' or ')' or '}'));
                continue;
            }

            quoted = letter == '"';
            depth += letter is '{' or '<' or '[' ? 1 : letter is '}' or '>' or ']' ? -1 : 0;
            if (i == arguments.Length || (letter == ',' && depth <= 0))
            {
                string argument = arguments[start..i].Trim();
                int colon = argument.IndexOf(": ", StringComparison.Ordinal);
                if (colon > 0)
                {
                    given.TryAdd(argument[..colon], argument[(colon + 2)..].Trim());
                }

                start = i + 1;
            }
        }

        return given;
    }

    private static string Value(string name, string value) => name switch
    {
        "dfd" or "olddfd" or "newdfd" => value == "CWD" ? "AT_FDCWD" : Number(value),
        "fd" or "fildes" or "oldfd" or "newfd" or "pid" or "uid" or "gid" or "ruid" or "euid" or "suid" or "rgid" or "egid" or "sgid" => Number(value),
        "filename" or "pathname" or "path" or "oldname" or "newname" or "name" or "specialfile" => Path(value),
        "uservaddr" or "umyaddr" => Address(value),
        "prot" => Flags(value, "PROT_"),
        "flags" => Flags(value, "O_"),
        _ => value.StartsWith('{') || value.Contains('"', StringComparison.Ordinal) ? "0" : value,
    };

    /// <summary>A tracepoint prints an <c>int</c> as 32 bits or as 64: <c>0xffffff9c</c> is -100. perf trace may write the
    /// name of what is open behind it.</summary>
    private static string Number(string value)
    {
        if (value.StartsWith("0x", StringComparison.Ordinal) && ulong.TryParse(value.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong number))
        {
            return ((int)(uint)number).ToString(CultureInfo.InvariantCulture);
        }

        return value;
    }

    /// <summary><c>"/etc/hosts"</c>, <c>/etc/hosts</c>, <c>0x7fdc "/etc/hosts"</c> or an address alone.</summary>
    private static string Path(string value)
    {
        int quote = value.IndexOf('"', StringComparison.Ordinal);
        if (quote >= 0 && value.EndsWith('"') && value.Length > quote + 1)
        {
            return Quoted(value[(quote + 1)..^1]);
        }

        return value.StartsWith("0x", StringComparison.Ordinal) || value == "0" ? value : Quoted(value);
    }

    private static string Quoted(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char letter in text)
        {
            quoted.Append(letter is '"' or '\\' ? "\\" : "").Append(letter);
        }

        return quoted.Append('"').ToString();
    }

    /// <summary><c>RDONLY|CLOEXEC</c>; with trace.show_prefix the names are whole already.</summary>
    private static string Flags(string value, string prefix) => value.Length == 0 || !char.IsAsciiLetterUpper(value[0])
        ? value
        : string.Join('|', value.Split('|').Select(flag => flag.StartsWith(prefix, StringComparison.Ordinal) || !char.IsAsciiLetter(flag.FirstOrDefault()) ? flag : prefix + flag));

    /// <summary><c>{ .family: INET, port: 443, addr: 192.0.2.1 }</c>, <c>{ .family: LOCAL, path: /run/x }</c>; else an
    /// address in memory.</summary>
    private static string Address(string value)
    {
        if (!value.StartsWith('{') || !value.EndsWith('}'))
        {
            return value;
        }

        Dictionary<string, string> fields = Split(value[1..^1]);
        string family = fields.GetValueOrDefault(".family", "");
        family = family[(family.IndexOf('_', StringComparison.Ordinal) + 1)..];
        string port = fields.GetValueOrDefault("port", "0"), address = Quoted(fields.GetValueOrDefault("addr", ""));
        return family switch
        {
            "LOCAL" or "UNIX" => $"{{sa_family=AF_UNIX, sun_path={Quoted(fields.GetValueOrDefault("path", ""))}}}",
            "INET" => $"{{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr({address})}}",
            "INET6" => $"{{sa_family=AF_INET6, sin6_port=htons({port}), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, {address}, &sin6_addr), sin6_scope_id=0}}",
            _ => $"{{sa_family=AF_{family}}}",
        };
    }
}
