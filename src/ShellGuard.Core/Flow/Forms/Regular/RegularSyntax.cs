using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ShellGuard.Core.Flow.Forms.Regular;

/// <summary>Reads a regular expression over printable ASCII: literals, <c>.</c>, sets, groups, <c>|</c>, <c>* + ?</c> and
/// <c>{n,m}</c>. It always speaks of the whole text. What is not regular (references back, looking around) is refused, and
/// so is what means different things elsewhere.</summary>
internal sealed class RegularSyntax
{
    public const char First = ' ';
    public const char Last = '~';
    public const int MostRepetitions = 1000;

    private const int DeepestGroup = 50;

    private readonly string _text;
    private int _at;
    private int _depth;
    private string? _problem;

    private RegularSyntax(string text) => _text = text;

    /// <summary>Every character that there is.</summary>
    public static UInt128 Any { get; } = Range(First, Last);

    private bool AtEnd => _at >= _text.Length;

    public static bool TryParse(
        string text, [NotNullWhen(true)] out RegularNode? node, [NotNullWhen(false)] out string? problem)
    {
        RegularSyntax syntax = new(text);
        node = syntax.Choice();
        if (syntax._problem is null && !syntax.AtEnd)
        {
            syntax.Fail("a ) without its (");
        }

        problem = syntax._problem is null
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{syntax._problem}, at character {syntax._at + 1} of the expression");
        node = problem is null ? node : null;
        return problem is null;
    }

    private RegularNode Choice()
    {
        List<RegularNode> parts = [Sequence()];
        while (_problem is null && Take('|'))
        {
            parts.Add(Sequence());
        }

        return parts.Count == 1 ? parts[0] : new RegularNode.Choice(parts);
    }

    private RegularNode.Sequence Sequence()
    {
        List<RegularNode> parts = [];
        while (_problem is null && !AtEnd && _text[_at] is not ('|' or ')'))
        {
            parts.Add(Repeated(Atom()));
        }

        return new RegularNode.Sequence(parts);
    }

    private RegularNode Repeated(RegularNode what)
    {
        if (_problem is not null || AtEnd)
        {
            return what;
        }

        RegularNode repeated;
        switch (_text[_at])
        {
            case '*':
                repeated = new RegularNode.Repeat(what, 0, null);
                _at++;
                break;
            case '+':
                repeated = new RegularNode.Repeat(what, 1, null);
                _at++;
                break;
            case '?':
                repeated = new RegularNode.Repeat(what, 0, 1);
                _at++;
                break;
            case '{':
                repeated = Counted(what);
                break;
            default:
                return what;
        }

        if (_problem is null && !AtEnd && _text[_at] is '*' or '+' or '?' or '{')
        {
            Fail("a repetition of a repetition: use a group");
        }

        return repeated;
    }

    private RegularNode Counted(RegularNode what)
    {
        int close = _text.IndexOf('}', _at);
        string[] ends = close < 0 ? [] : _text[(_at + 1)..close].Split(',');
        int? least = ends.Length is 1 or 2 ? Number(ends[0]) : null;
        int? most = ends.Length == 1 ? least : ends.Length == 2 && ends[1].Length > 0 ? Number(ends[1]) : null;
        bool open = ends.Length == 2 && ends[1].Length == 0;
        if (least is not { } from || (most is null && !open) || most < from)
        {
            Fail($"a repetition is {{n}}, {{n,}} or {{n,m}} with numbers up to {MostRepetitions}");
            return what;
        }

        _at = close + 1;
        return new RegularNode.Repeat(what, from, most);
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= MostRepetitions
            ? number
            : null;

    private RegularNode Atom()
    {
        char c = _text[_at];
        switch (c)
        {
            case '(':
                return Group();
            case '[':
                return new RegularNode.One(Set());
            case '.':
                _at++;
                return new RegularNode.One(Any);
            case '\\':
                return new RegularNode.One(Escape());
            case '^' or '$':
                return Fail($"{c} is not needed: the whole text must match; write \\{c} for the character");
            case '*' or '+' or '?' or '{':
                return Fail($"nothing stands before {c}");
            case ']' or '}':
                return Fail($"write \\{c} for the character");
            case < First or > Last:
                return Fail("only printable ASCII can be matched");
            default:
                _at++;
                return new RegularNode.One(UInt128.One << c);
        }
    }

    private RegularNode Group()
    {
        if (++_depth > DeepestGroup)
        {
            return Fail($"groups nest deeper than {DeepestGroup}");
        }

        _at++;
        if (Take('?') && !Take(':'))
        {
            return Fail("of (?…) only (?:…) is known: looking around is not regular");
        }

        RegularNode inner = Choice();
        if (_problem is null && !Take(')'))
        {
            return Fail("a ( without its )");
        }

        _depth--;
        return inner;
    }

    private UInt128 Set()
    {
        _at++;
        bool negated = Take('^');
        UInt128 set = UInt128.Zero;
        if (!AtEnd && _text[_at] == ']')
        {
            Fail("a set of no characters; write \\] for the character");
        }

        while (_problem is null && !AtEnd && _text[_at] != ']')
        {
            UInt128 low = Member();
            if (_at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']')
            {
                _at++;
                UInt128 high = Member();
                if (_problem is null && (!UInt128.IsPow2(low) || !UInt128.IsPow2(high) || low > high))
                {
                    Fail("a range goes from one character to a later one");
                }

                set |= _problem is null ? Range((char)(int)UInt128.Log2(low), (char)(int)UInt128.Log2(high)) : low;
            }
            else
            {
                set |= low;
            }
        }

        if (_problem is null && !Take(']'))
        {
            Fail("a [ without its ]");
        }

        set = negated ? Any & ~set : set;
        if (_problem is null && set == UInt128.Zero)
        {
            Fail("a set of no characters");
        }

        return set;
    }

    private UInt128 Member()
    {
        char c = AtEnd ? '\0' : _text[_at];
        if (c == '\\')
        {
            return Escape();
        }

        if (c is < First or > Last or '[')
        {
            Fail(c == '[' ? "write \\[ for the character" : "only printable ASCII can be matched");
            return UInt128.Zero;
        }

        _at++;
        return UInt128.One << c;
    }

    private UInt128 Escape()
    {
        char c = _at + 1 < _text.Length ? _text[_at + 1] : '\0';
        UInt128 set = c switch
        {
            'd' => Range('0', '9'),
            'w' => Range('0', '9') | Range('A', 'Z') | Range('a', 'z') | (UInt128.One << '_'),
            'D' => Any & ~Range('0', '9'),
            'W' => Any & ~(Range('0', '9') | Range('A', 'Z') | Range('a', 'z') | (UInt128.One << '_')),
            > First and <= Last when !char.IsAsciiLetterOrDigit(c) => UInt128.One << c,
            _ => UInt128.Zero,
        };
        if (set == UInt128.Zero)
        {
            Fail(char.IsAsciiDigit(c)
                ? "references back are not regular"
                : "of escapes there are \\d, \\w, \\D, \\W and signs");
        }

        _at += 2;
        return set;
    }

    private bool Take(char c)
    {
        bool there = !AtEnd && _text[_at] == c;
        _at += there ? 1 : 0;
        return there;
    }

    private RegularNode.Sequence Fail(string problem)
    {
        _problem ??= problem;
        return new RegularNode.Sequence([]);
    }

    private static UInt128 Range(char low, char high)
    {
        UInt128 set = UInt128.Zero;
        for (int c = low; c <= high; c++)
        {
            set |= UInt128.One << c;
        }

        return set;
    }
}
