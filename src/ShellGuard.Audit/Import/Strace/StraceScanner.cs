using System.Buffers;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>Finds where a call's arguments end and its result begins. Strings, descriptor names and comments may hold
/// every character that otherwise means something.</summary>
internal static class StraceScanner
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\"<()[]{}/"u8);
    private static readonly SearchValues<byte> SpecialInList = SearchValues.Create("\"<()[]{}/,"u8);
    private static readonly SearchValues<byte> InString = SearchValues.Create("\"\\"u8);

    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_#?"u8);

    private static readonly SearchValues<byte> KindBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"u8);

    /// <summary>More than any name of an object has: the path of a socket is 108 bytes, each of four characters at most.
    /// </summary>
    private const int LongestName = 1024;

    /// <param name="body">A line behind its leader.</param>
    public static StraceCall Scan(ReadOnlySpan<byte> body)
    {
        StraceCall call = default;
        int name = body.IndexOfAnyExcept(NameBytes);
        if (name <= 0 || body[name] != '(')
        {
            return call;
        }

        call.Name = body[..name];
        int start = name + 1;
        int end = End(body, start, out bool marked);
        if (end < 0)
        {
            call.Form = StraceForm.Broken;
            call.Arguments = body[start..];
            return call;
        }

        call.Arguments = body[start..end];
        if (marked)
        {
            Mark(body[end..], ref call);
            return call;
        }

        ReadOnlySpan<byte> rest = body[(end + 1)..].TrimStart((byte)' ');
        if (rest.StartsWith("= "u8))
        {
            call.Form = StraceForm.Complete;
            call.Result = rest[2..];
        }
        else
        {
            call.Form = StraceForm.Broken;
        }

        return call;
    }

    /// <summary>Takes the first argument off a list.</summary>
    /// <returns>Without blanks around it.</returns>
    public static ReadOnlySpan<byte> TakeArgument(ref ReadOnlySpan<byte> list)
    {
        int depth = 0;
        int at = 0;
        while (at < list.Length)
        {
            int next = list[at..].IndexOfAny(SpecialInList);
            if (next < 0)
            {
                break;
            }

            at += next;
            byte special = list[at];
            if (special == ',')
            {
                if (depth == 0)
                {
                    ReadOnlySpan<byte> first = list[..at];
                    list = list[(at + 1)..];
                    return LogText.TrimBlanks(first);
                }

                at++;
            }
            else
            {
                at = Step(list, at, ref depth);
                if (at < 0)
                {
                    break;
                }
            }
        }

        ReadOnlySpan<byte> last = list;
        list = default;
        return LogText.TrimBlanks(last);
    }

    /// <summary>The name behind a descriptor or process number: from <c>&lt;</c> to its <c>&gt;</c>.</summary>
    /// <param name="text">Begins with <c>&lt;</c>.</param>
    /// <returns>The length with both brackets, or -1.</returns>
    public static int NameLength(ReadOnlySpan<byte> text)
    {
        // A path escapes both brackets (printfd in strace's source); behind it a device may stand in its own.
        if (text.Length > 1 && text[1] is (byte)'/' or (byte)'\\')
        {
            int close = text[1..].IndexOfAny((byte)'<', (byte)'>');
            if (close >= 0 && text[close + 1] == '<')
            {
                int device = text[(close + 2)..].IndexOf((byte)'>');
                return device >= 0 && text[(close + 3 + device)..].StartsWith(">"u8) ? close + device + 4 : -1;
            }

            return close < 0 ? -1 : close + 2;
        }

        int length = ObjectLength(text[..Math.Min(text.Length, LongestName)]);
        if (length > 0)
        {
            return length;
        }

        // The command name of a process (-Y) has any character but both brackets, which are escaped.
        int end = text.IndexOf((byte)'>');
        return end < 0 ? -1 : end + 1;
    }

    /// <summary>Sockets and the like: <c>TCP:[a->b]</c>, <c>UNIX-STREAM:[1->2,"/path"]</c>, <c>pipe:[3]</c>, <c>{eventfd-count=0}</c>,
    /// <c>pid:12</c>, <c>pid:12&lt;name&gt;</c>. Names in quotes hide everything.</summary>
    private static int ObjectLength(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> process = "<pid:"u8;
        if (text.StartsWith(process) && LogText.Decimal(text[process.Length..], out _) is > 0 and int digits)
        {
            ReadOnlySpan<byte> rest = text[(process.Length + digits)..];
            int name = rest.StartsWith("<"u8) ? rest.IndexOf((byte)'>') + 1 : 0;
            return rest[name..].StartsWith(">"u8) ? process.Length + digits + name + 1 : -1;
        }

        int kind = text[1..].IndexOfAnyExcept(KindBytes) + 1;
        if (!text[1..].StartsWith("{"u8) && !text[kind..].StartsWith(":"u8))
        {
            return -1;
        }

        int depth = 0;
        for (int i = 1; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'"':
                    i = StringEnd(text, i + 1) - 1;
                    if (i < 0)
                    {
                        return -1;
                    }

                    break;
                case (byte)'[':
                    depth++;
                    break;
                case (byte)']':
                    depth--;
                    break;
                case (byte)'>' when depth <= 0 || (text[i - 1] != '-' && text[i - 1] == ']'):
                    return i + 1;
                default:
                    break;
            }
        }

        return -1;
    }

    /// <summary>Behind the closing quote, or -1.</summary>
    /// <param name="start">Behind the opening quote.</param>
    public static int StringEnd(ReadOnlySpan<byte> text, int start)
    {
        while (start < text.Length)
        {
            int next = text[start..].IndexOfAny(InString);
            if (next < 0)
            {
                return -1;
            }

            start += next + 1;
            if (text[start - 1] == '"')
            {
                return start;
            }

            start++;
        }

        return -1;
    }

    /// <summary>The closing parenthesis, or a mark that stands in its place.</summary>
    private static int End(ReadOnlySpan<byte> text, int at, out bool marked)
    {
        marked = false;
        int depth = 0;
        while (at < text.Length)
        {
            int next = text[at..].IndexOfAny(Special);
            if (next < 0)
            {
                return -1;
            }

            at += next;
            if (text[at] == ')' && depth == 0)
            {
                return at;
            }

            if (text[at] == '<' && IsMark(text[at..]))
            {
                marked = true;
                return at;
            }

            at = Step(text, at, ref depth);
            if (at < 0)
            {
                return -1;
            }
        }

        return -1;
    }

    private static bool IsMark(ReadOnlySpan<byte> text) =>
        text.StartsWith("<unfinished ...>"u8) || text.StartsWith("<pid changed to "u8)
        || text.StartsWith("<detached ...>"u8);

    private static void Mark(ReadOnlySpan<byte> text, ref StraceCall call)
    {
        if (text.StartsWith("<pid changed to "u8))
        {
            call.Form = LogText.Decimal(text["<pid changed to ".Length..], out long pid) > 0 && pid <= int.MaxValue
                ? StraceForm.PidChanged
                : StraceForm.Broken;
            call.NewPid = (int)pid;
        }
        else if (text.StartsWith("<detached"u8))
        {
            call.Form = StraceForm.Detached;
        }
        else
        {
            ReadOnlySpan<byte> rest = text["<unfinished ...>".Length..];
            call.Form = rest.TrimEnd((byte)' ').IsEmpty ? StraceForm.Unfinished
                : rest.StartsWith(")"u8) && rest[1..].TrimStart((byte)' ').StartsWith("= ?"u8)
                    ? StraceForm.NeverReturned
                    : StraceForm.Broken;
        }
    }

    /// <summary>Steps over what a special character begins.</summary>
    /// <returns>Behind it, or -1 where it does not end.</returns>
    private static int Step(ReadOnlySpan<byte> text, int at, ref int depth)
    {
        switch (text[at])
        {
            case (byte)'"':
                return StringEnd(text, at + 1);
            case (byte)'(' or (byte)'[' or (byte)'{':
                depth++;
                return at + 1;
            case (byte)')' or (byte)']' or (byte)'}':
                depth--;
                return at + 1;
            case (byte)'/' when at + 1 < text.Length && text[at + 1] == '*':
                int comment = text[(at + 2)..].IndexOf("*/"u8);
                return comment < 0 ? -1 : at + comment + 4;
            case (byte)'<' when BeginsName(text, at):
                int name = NameLength(text[at..]);
                return name < 0 ? -1 : at + name;
            case (byte)'<' when at + 1 < text.Length && text[at + 1] == '<':
                return at + 2;
            default:
                return at + 1;
        }
    }

    /// <summary>A name follows a number, AT_FDCWD, or the comment behind a number.</summary>
    private static bool BeginsName(ReadOnlySpan<byte> text, int at) =>
        at > 0 && (at + 1 == text.Length || text[at + 1] is not ((byte)'<' or (byte)' '))
        && (LogText.IsDigit(text[at - 1]) || text[..at].EndsWith("AT_FDCWD"u8) || text[..at].EndsWith("*/"u8));
}
