namespace ShellGuard.Linux.Seccomp;

/// <summary>A test of an argument. Flags and numbers that are an <c>int</c> in the kernel have no upper half there, so
/// the mask of such a one must not have one either.</summary>
/// <param name="Argument">0 to 5.</param>
/// <param name="Mask">Bits to look at.</param>
/// <param name="Values">Holds when those bits of the low half are one of these; with none, when any bit is set.</param>
public sealed record TraceTest(int Argument, ulong Mask, params IReadOnlyList<uint> Values);
