namespace ShellGuard.Audit.Model;

/// <summary>What a process and the children that it waited for used, getrusage(2); of the command itself also what it read
/// and wrote, proc(5).</summary>
/// <param name="User">Microseconds in programs.</param>
/// <param name="System">Microseconds in the kernel.</param>
/// <param name="Memory">KiB: the most memory that one of the processes had at once.</param>
/// <param name="Read">Bytes that read(2) and its kin returned; null where it was not recorded.</param>
/// <param name="Written">Bytes that write(2) and its kin took; null where it was not recorded.</param>
/// <param name="Fetched">Bytes that came from a disk; null where it was not recorded.</param>
/// <param name="Stored">Bytes that went to a disk; null where it was not recorded.</param>
public sealed record ResourceUse(long User, long System, long Memory, long? Read, long? Written, long? Fetched, long? Stored);
