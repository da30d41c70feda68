using System.Globalization;

namespace ShellGuard.Policy.Evaluation;

/// <summary>Sizes, shares and times as people write them. Each answers null for what it cannot read.</summary>
public static class ValueText
{
    private static readonly (string Unit, long Factor)[] _sizeUnits =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40),
        ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("K", 1L << 10), ("M", 1L << 20), ("G", 1L << 30), ("T", 1L << 40), ("B", 1),
    ];

    /// <summary><c>2 GiB</c>, <c>1.5GiB</c>, <c>500 MB</c>, <c>4096</c>: bytes, 1 to 2^60.</summary>
    public static long? Size(string text)
    {
        string number = text.Trim();
        long factor = 1;
        foreach (var (unit, bytes) in _sizeUnits)
        {
            if (number.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                number = number[..^unit.Length].TrimEnd();
                factor = bytes;
                break;
            }
        }

        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal count)
            || count > (1L << 60))
        {
            return null;
        }

        decimal total = decimal.Truncate(count * factor);
        return total is >= 1 and <= 1L << 60 ? (long)total : null;
    }

    /// <summary>1 to 2^31 - 1.</summary>
    public static int? Count(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count
            : null;

    /// <summary><c>150%</c>: 1 to 100,000.</summary>
    public static int? Percent(string text)
    {
        string trimmed = text.Trim();
        return trimmed.EndsWith('%') && Count(trimmed[..^1]) is { } percent and <= 100_000 ? percent : null;
    }

    /// <summary><c>8h</c>, <c>1h30m</c>, <c>90 s</c>, <c>2d</c>: 1 second to 10 years.</summary>
    public static TimeSpan? Duration(string text)
    {
        long total = 0;
        long previousUnit = long.MaxValue;
        int at = 0;
        string compact = text.Replace(" ", "", StringComparison.Ordinal);
        while (at < compact.Length)
        {
            int start = at;
            while (at < compact.Length && char.IsAsciiDigit(compact[at]))
            {
                at++;
            }

            long unit = at < compact.Length
                ? compact[at] switch { 'd' => 86_400, 'h' => 3_600, 'm' => 60, 's' => 1, _ => 0 }
                : 0;
            if (unit == 0 || unit >= previousUnit || at - start is 0 or > 9)
            {
                return null;
            }

            var digits = compact.AsSpan(start, at - start);
            total += unit * long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
            previousUnit = unit;
            at++;
        }

        return total is >= 1 and <= 3650L * 86_400 ? TimeSpan.FromSeconds(total) : null;
    }

    /// <summary>Writes a time so that <see cref="Duration"/> reads it.</summary>
    public static string Write(TimeSpan time)
    {
        long seconds = (long)time.TotalSeconds;
        string text = "";
        foreach (var (unit, name) in new[] { (86_400L, "d"), (3_600L, "h"), (60L, "m"), (1L, "s") })
        {
            if (seconds >= unit)
            {
                text += (seconds / unit).ToString(CultureInfo.InvariantCulture) + name;
                seconds %= unit;
            }
        }

        return text;
    }

    /// <summary>Writes a size so that <see cref="Size"/> reads it, without loss.</summary>
    public static string WriteSize(long bytes)
    {
        foreach (var (unit, factor) in _sizeUnits.Take(4).Reverse())
        {
            if (bytes >= factor && bytes % factor == 0)
            {
                return $"{bytes / factor} {unit}";
            }
        }

        return $"{bytes} B";
    }
}
