using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ShellGuard.Linux.Launch;

/// <summary>One number for everything that a script hands to the kernel.</summary>
/// <remarks>Each part is preceded by its kind and its length, so that two scripts have the same bytes only where they are
/// the same. What a later step takes from an earlier one is named by the earlier one's place.</remarks>
public sealed class LaunchDigest
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64 * 1024);
    private readonly Dictionary<LaunchSlot, int> _slots = [];

    private LaunchDigest(LaunchScript script)
    {
        Number((long)script.Namespaces);
        foreach (LaunchStep step in script.Steps)
        {
            Number((long)step.Call);
            Number(step.Minimum);
            Number(step.ChildSteps);
            Number(step.Result is null ? 0 : 1);
            Number(step.Arguments.Count);
            foreach (LaunchArgument argument in step.Arguments)
            {
                Argument(argument);
            }

            if (step.Result is { } slot)
            {
                _slots.Add(slot, _slots.Count);
            }
        }
    }

    /// <summary>SHA-256 in lower-case hex.</summary>
    public static string Of(LaunchScript script) =>
        Convert.ToHexString(SHA256.HashData(new LaunchDigest(script)._bytes.WrittenSpan)).ToLowerInvariant();

    private void Argument(LaunchArgument argument)
    {
        switch (argument)
        {
            case LaunchArgument.Number number:
                Kind('n');
                Number(number.Value);
                break;
            case LaunchArgument.Text text:
                Kind('t');
                Bytes(Calls.KernelText.Encode(text.Value));
                break;
            case LaunchArgument.TextArray array:
                Kind('a');
                Number(array.Values.Count);
                foreach (string value in array.Values)
                {
                    Bytes(Calls.KernelText.Encode(value));
                }

                break;
            case LaunchArgument.Result result:
                Kind('r');
                Number(_slots.GetValueOrDefault(result.Slot, -1));
                break;
            case LaunchArgument.Block block:
                Kind('b');
                Bytes(block.Bytes);
                Number(block.Fields.Count);
                foreach ((int offset, LaunchArgument value) in block.Fields)
                {
                    Number(offset);
                    Argument(value);
                }

                break;
            default:
                throw new InvalidOperationException($"unknown argument {argument.GetType().Name}");
        }
    }

    private void Kind(char kind) => _bytes.Write([(byte)kind]);

    private void Number(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        _bytes.Write(bytes);
    }

    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        Number(bytes.Length);
        _bytes.Write(bytes);
    }
}
