using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux;

/// <summary>The outcome of a kernel call as a value: a number, or the error with the call and the object it was for.
/// An expected failure is never an exception.</summary>
/// <param name="Value">What the call returned; meaningless when <paramref name="Error"/> is set.</param>
/// <param name="Error">The error number, or <see cref="Errno.None"/>.</param>
/// <param name="Call">The call, for messages.</param>
/// <param name="Subject">The path or object it was for, or null.</param>
public readonly record struct LinuxResult(long Value, Errno Error, SystemCall Call, string? Subject = null)
{
    public bool Failed => Error != Errno.None;

    public bool Succeeded => Error == Errno.None;

    /// <summary>For start-up code, where a failure ends the run.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public long OrThrow() => Failed ? throw new LinuxException(this) : Value;

    /// <summary>For example <c>mkdir /run/x: EACCES</c>.</summary>
    public override string ToString() =>
        Failed ? Subject is null ? $"{Call}: {Error}" : $"{Call} {Subject}: {Error}" : $"{Call} = {Value}";
}
