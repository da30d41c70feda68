using System.Globalization;
using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Abi;

/// <summary><c>struct timespec</c>, timespec(3type): seconds and nanoseconds.</summary>
[CStruct("struct timespec", "time.h")]
[StructLayout(LayoutKind.Sequential)]
public struct TimeSpec : IComparable<TimeSpec>, IEquatable<TimeSpec>
{
    public long tv_sec;
    public long tv_nsec;

    public TimeSpec(long seconds, long nanoseconds)
    {
        tv_sec = seconds;
        tv_nsec = nanoseconds;
    }

    public readonly int CompareTo(TimeSpec other) =>
        tv_sec != other.tv_sec ? tv_sec.CompareTo(other.tv_sec) : tv_nsec.CompareTo(other.tv_nsec);

    public readonly bool Equals(TimeSpec other) => tv_sec == other.tv_sec && tv_nsec == other.tv_nsec;

    public override readonly bool Equals(object? obj) => obj is TimeSpec other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(tv_sec, tv_nsec);

    /// <summary>Seconds, a point, nine digits.</summary>
    public override readonly string ToString() => $"{tv_sec}.{tv_nsec:D9}";

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, out TimeSpec time)
    {
        time = default;
        string[] parts = text.Split('.');
        return parts is [_, { Length: 9 }]
            && long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out time.tv_sec)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out time.tv_nsec);
    }

    public static bool operator ==(TimeSpec left, TimeSpec right) => left.Equals(right);

    public static bool operator !=(TimeSpec left, TimeSpec right) => !left.Equals(right);

    public static bool operator <(TimeSpec left, TimeSpec right) => left.CompareTo(right) < 0;

    public static bool operator >(TimeSpec left, TimeSpec right) => left.CompareTo(right) > 0;

    public static bool operator <=(TimeSpec left, TimeSpec right) => left.CompareTo(right) <= 0;

    public static bool operator >=(TimeSpec left, TimeSpec right) => left.CompareTo(right) >= 0;
}
