namespace ShellGuard.Audit.Tracing.Ebpf;

/// <summary>A piece of what a call's arguments lead to.</summary>
/// <param name="Kind">See <see cref="CaptureLayout"/>.</param>
/// <param name="Index">Which argument, or which word of a list.</param>
/// <param name="Address">Where it is in the program's memory, or a descriptor.</param>
/// <param name="Start">Where its bytes begin in the view.</param>
/// <param name="Length">How many bytes.</param>
internal readonly record struct CapturedRecord(int Kind, int Index, ulong Address, int Start, int Length);
