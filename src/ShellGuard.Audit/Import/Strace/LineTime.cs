using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>The time of the line that is being read. It is understood only where a process begins or ends.</summary>
internal sealed class LineTime
{
    private const long Second = 1_000_000;
    private const long Day = 86_400 * Second;

    /// <summary>Seconds from which on a number is a time since 1970 and no difference: March 1973.</summary>
    private const long FirstEpoch = 100_000_000;

    private readonly byte[] _text = new byte[32];
    private int _length;
    private long _midnight;
    private long _last;
    private long _sum;

    /// <summary>What the times that were understood count from.</summary>
    public TraceClock Clock { get; private set; }

    /// <summary>Seconds count from something that is not known.</summary>
    public bool IsUptime { get; set; }

    /// <summary>The lines are of one file in the order in which they were written, so that differences (strace -r) add up.
    /// </summary>
    public bool IsWhole { get; init; }

    /// <summary>Where the line stands.</summary>
    public Origin Origin { get; private set; }

    public void Set(ReadOnlySpan<byte> text, Origin origin)
    {
        Origin = origin;
        _length = text.Length <= _text.Length ? text.Length : 0;
        text[.._length].CopyTo(_text);
        if (IsWhole && !IsUptime && Clock is TraceClock.None or TraceClock.Uptime && IsDifference(_text.AsSpan(0, _length), out long since))
        {
            _sum += since;
        }
    }

    /// <summary>Seconds with a fraction, too few for a time since 1970.</summary>
    private static bool IsDifference(ReadOnlySpan<byte> text, out long since)
    {
        int digits = LogText.Decimal(text, out long seconds);
        since = seconds * Second;
        return digits is > 0 and <= 9 && seconds < FirstEpoch && digits < text.Length && text[digits] == '.' && TryFraction(text[digits..], ref since);
    }

    /// <summary>Microseconds; null where the line has no time, or another kind of time than those before.</summary>
    public long? Now
    {
        get
        {
            ReadOnlySpan<byte> text = _text.AsSpan(0, _length);
            if (!TryParse(text, IsUptime, out TraceClock clock, out long value))
            {
                if (!IsWhole || IsUptime || !IsDifference(text, out _))
                {
                    return null;
                }

                (clock, value) = (TraceClock.Uptime, _sum);
            }

            if (Clock == TraceClock.None)
            {
                Clock = clock;
            }

            if (clock != Clock)
            {
                return null;
            }

            // A time of day that is much earlier than the one before is of the next day.
            if (clock == TraceClock.Day)
            {
                _midnight += value + _midnight < _last - (Day / 2) ? Day : 0;
                value += _midnight;
                _last = Math.Max(_last, value);
            }

            return value;
        }
    }

    private static bool TryParse(ReadOnlySpan<byte> text, bool isUptime, out TraceClock clock, out long value)
    {
        clock = TraceClock.Day;
        value = 0;
        int digits = LogText.Decimal(text, out long number);
        if (digits == 0)
        {
            return false;
        }

        text = text[digits..];
        if (!text.StartsWith(":"u8))
        {
            clock = isUptime ? TraceClock.Uptime : TraceClock.Utc;
            value = number * Second;
            return (isUptime || number >= FirstEpoch) && number < long.MaxValue / Second / 2 && TryFraction(text, ref value);
        }

        int minute = LogText.Decimal(text[1..], out long minutes);
        text = text[(1 + minute)..];
        if (minute != 2 || !text.StartsWith(":"u8) || LogText.Decimal(text[1..], out long seconds) != 2 || number > 23 || minutes > 59 || seconds > 60)
        {
            return false;
        }

        value = ((((number * 60) + minutes) * 60) + seconds) * Second;
        return TryFraction(text[3..], ref value);
    }

    /// <summary><c>.5</c>, <c>.500000</c>, <c>.500000000</c>, or nothing.</summary>
    private static bool TryFraction(ReadOnlySpan<byte> text, ref long value)
    {
        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] != '.')
        {
            return false;
        }

        long unit = Second / 10;
        foreach (byte digit in text[1..])
        {
            if (!LogText.IsDigit(digit))
            {
                return false;
            }

            value += (digit - '0') * unit;
            unit /= 10;
        }

        return true;
    }
}
