using System.Runtime.InteropServices;

namespace ShellGuard.Policy.Toml;

/// <summary>A date, a time or both, as written. Not <see cref="DateTime"/>: year 0 and second 60 are valid RFC 3339
/// and have no place there.</summary>
internal sealed class TomlDateTime(
    TomlDate? date, TomlTime? time, int? offsetMinutes, TomlSpan span) : TomlValue(span)
{
    public TomlDate? Date { get; } = date;

    public TomlTime? Time { get; } = time;

    /// <summary>Minutes east of UTC; null for a local date or time.</summary>
    public int? OffsetMinutes { get; } = offsetMinutes;

    public override string Kind => "a date or time";
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct TomlDate(int Year, int Month, int Day);

/// <param name="Nanosecond">Further digits are cut off, as TOML 1.0 allows.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TomlTime(int Hour, int Minute, int Second, int Nanosecond);
