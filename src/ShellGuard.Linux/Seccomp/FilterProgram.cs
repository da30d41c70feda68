using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>A compiled filter, ready for seccomp(2).</summary>
/// <param name="Instructions">At most 4096.</param>
public sealed record FilterProgram(ImmutableArray<sock_filter> Instructions)
{
    /// <summary>The instructions as struct sock_fprog points to them: 8 bytes each.</summary>
    public ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(Instructions.AsSpan());
}
