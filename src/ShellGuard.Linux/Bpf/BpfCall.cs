using System.Buffers.Binary;
using System.Text;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Linux.Bpf;

/// <summary>bpf(2).</summary>
internal static unsafe class BpfCall
{
    internal static LinuxResult Do(BPF_CMD command, ReadOnlySpan<byte> attributes, string subject)
    {
        // SAFETY: the kernel reads so many bytes and writes at most there, for the commands that this assembly makes; what
        // they point to is the caller's to hold.
        fixed (byte* bytes = attributes)
        {
            return Kernel.Call(SystemCall.bpf, (nint)command, (nint)bytes, attributes.Length, subject: subject);
        }
    }

    internal static void Put(Span<byte> attributes, int offset, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(attributes[offset..], value);

    internal static void Put(Span<byte> attributes, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(attributes[offset..], value);

    /// <exception cref="ArgumentException">The name is too long.</exception>
    internal static void PutName(Span<byte> attributes, int offset, string name)
    {
        if (name.Length >= bpf_attr.NameLength)
        {
            throw new ArgumentException($"{name} is longer than the kernel takes", nameof(name));
        }

        Encoding.ASCII.GetBytes(name, attributes[offset..]);
    }
}
