using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Launch;

namespace ShellGuard.Linux.Seccomp;

/// <summary>A compiled filter, ready for seccomp(2).</summary>
/// <param name="Instructions">At most 4096.</param>
public sealed record FilterProgram(ImmutableArray<sock_filter> Instructions)
{
    /// <summary>The instructions as struct sock_fprog points to them: 8 bytes each.</summary>
    public ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(Instructions.AsSpan());

    /// <summary>As a launch hands it to seccomp(2).</summary>
    public LaunchArgument ToArgument() => ToArgument(Bytes.ToArray());

    /// <summary><c>struct sock_fprog</c>.</summary>
    /// <param name="instructions">8 bytes each.</param>
    public static LaunchArgument.Block ToArgument(byte[] instructions)
    {
        byte[] program = new byte[16];
        int count = instructions.Length / 8;
        BinaryPrimitives.WriteInt16LittleEndian(program, (short)count);
        return new LaunchArgument.Block(
            program, [(8, new LaunchArgument.Block(instructions, [], "filter"))],
            $"{{{count.ToString(CultureInfo.InvariantCulture)} instructions}}");
    }
}
