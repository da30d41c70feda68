using System.Buffers;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>What a call returned, taken apart.</summary>
internal readonly ref struct StraceResult
{
    private static readonly SearchValues<byte> TimeBytes = SearchValues.Create("0123456789."u8);

    private StraceResult(StraceResultKind kind, long value, ReadOnlySpan<byte> text, bool isTampered)
    {
        Kind = kind;
        Value = value;
        Text = text;
        IsTampered = isTampered;
    }

    /// <summary>The end of the call is not there.</summary>
    public static StraceResult Missing => new(StraceResultKind.None, 0, default, false);

    public StraceResultKind Kind { get; }

    /// <summary>The returned number; for an error without a name its number.</summary>
    public long Value { get; }

    /// <summary>The error's name; else what follows the number, for example the descriptor's name.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>The recorder changed or delayed the call.</summary>
    public bool IsTampered { get; }

    public bool IsSuccess => Kind == StraceResultKind.Value;

    public static StraceResult Parse(ReadOnlySpan<byte> text)
    {
        text = LogText.TrimBlanks(text);

        // -T: the time spent, at the very end.
        if (text.EndsWith(">"u8) && text.LastIndexOf(" <"u8) is >= 0 and int time && time + 2 < text.Length
            && LogText.IsDigit(text[time + 2]) && text[(time + 2)..^1].IndexOfAnyExcept(TimeBytes) < 0)
        {
            text = text[..time].TrimEnd((byte)' ');
        }

        bool tampered = false;
        if (text.EndsWith(")"u8) && text.LastIndexOf(" ("u8) is >= 0 and int note
            && (text[note..].StartsWith(" (INJECTED"u8) || text[note..].StartsWith(" (DELAYED"u8)))
        {
            tampered = true;
        }

        if (text.StartsWith("?"u8))
        {
            ReadOnlySpan<byte> why = text[1..].TrimStart((byte)' ');
            return why.StartsWith("ERESTART"u8)
                ? new StraceResult(StraceResultKind.Restarted, 0, why[..NameEnd(why)], tampered)
                : new StraceResult(StraceResultKind.None, 0, why, tampered);
        }

        int used = LogText.Number(text, out long value);
        if (used == 0)
        {
            return default;
        }

        ReadOnlySpan<byte> rest = text[used..];
        ReadOnlySpan<byte> next = rest.TrimStart((byte)' ');
        if (value == -1 && next.StartsWith("E"u8) && NameEnd(next) is > 1 and int length)
        {
            return length <= OutcomePool.LongestError ? new StraceResult(StraceResultKind.Error, 0, next[..length], tampered) : default;
        }

        if (value == -1 && next.StartsWith("(errno "u8))
        {
            LogText.Decimal(next["(errno "u8.Length..], out long number);
            return new StraceResult(StraceResultKind.Error, number, default, tampered);
        }

        return new StraceResult(StraceResultKind.Value, value, rest, tampered);
    }

    private static int NameEnd(ReadOnlySpan<byte> text)
    {
        int end = 0;
        while (end < text.Length && (text[end] is (>= (byte)'A' and <= (byte)'Z') or (byte)'_' || LogText.IsDigit(text[end])))
        {
            end++;
        }

        return end;
    }
}
