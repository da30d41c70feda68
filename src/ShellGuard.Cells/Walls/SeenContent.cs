namespace ShellGuard.Cells.Walls;

/// <summary>What a file with a label held when it was looked at: by that its copies are known.</summary>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">Of all of it, in lower-case hex.</param>
/// <param name="Modified">When it was written last, seconds and nanoseconds.</param>
/// <param name="Read">When it was read last: where that is another time since, it may have been copied. Empty where it is not
/// noted, and then it always may.</param>
internal sealed record SeenContent(long Size, string Sha256, string Modified, string Read);
