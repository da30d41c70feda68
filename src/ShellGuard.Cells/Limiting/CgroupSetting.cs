using ShellGuard.Core.Events;

namespace ShellGuard.Cells.Limiting;

/// <summary>One value of a control group.</summary>
/// <param name="Kind">The limit that it holds.</param>
/// <param name="Controller">Whose file it is, for example <c>pids</c>.</param>
/// <param name="File">The file's name.</param>
/// <param name="Value">What is written.</param>
/// <param name="IsOptional">Whether a kernel without the file holds the limit all the same.</param>
public sealed record CgroupSetting(LimitKind Kind, string Controller, string File, string Value, bool IsOptional = false);
