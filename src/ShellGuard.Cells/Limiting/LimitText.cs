using System.Globalization;
using ShellGuard.Core.Events;

namespace ShellGuard.Cells.Limiting;

/// <summary>Limits in words.</summary>
public static class LimitText
{
    private static readonly string[] Units = ["bytes", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>For example <c>memory 512 MiB</c>.</summary>
    public static string Describe(LimitKind kind, long value) => $"{Name(kind)} {Amount(kind, value)}";

    public static string Name(LimitKind kind) => kind switch
    {
        LimitKind.Memory => "memory",
        LimitKind.Processes => "processes",
        LimitKind.Cpu => "CPU time",
        LimitKind.WallTime => "wall time",
        LimitKind.OpenFiles => "open files",
        LimitKind.LayerSize => "layer size",
        _ => kind.ToString(),
    };

    /// <summary>The flag of the command line that sets it.</summary>
    public static string Flag(LimitKind kind) => kind switch
    {
        LimitKind.Memory => "--memory",
        LimitKind.Processes => "--processes",
        LimitKind.Cpu => "--cpu",
        LimitKind.WallTime => "--wall-time",
        LimitKind.OpenFiles => "--open-files",
        _ => "--layer",
    };

    private static string Amount(LimitKind kind, long value) => kind switch
    {
        LimitKind.Memory or LimitKind.LayerSize => Bytes(value),
        LimitKind.Cpu => string.Create(CultureInfo.InvariantCulture, $"{value}% of one core"),
        LimitKind.WallTime => TimeSpan.FromSeconds(value).ToString("c", CultureInfo.InvariantCulture),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    private static string Bytes(long value)
    {
        int unit = 0;
        while (unit < Units.Length - 1 && value >= 1024 && value % 1024 == 0)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value} {Units[unit]}");
    }
}
