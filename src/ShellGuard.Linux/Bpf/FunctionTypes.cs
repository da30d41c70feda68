using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Bpf;

/// <summary>What the kernel must be told of a program's functions, so that the verifier reads one by itself and not anew for
/// each call of it: types (BTF), Documentation/bpf/btf.rst.</summary>
internal sealed class FunctionTypes
{
    /// <summary>Bytes of an entry of <see cref="Entries"/>.</summary>
    public const int EntrySize = 2 * sizeof(uint);

    private const uint MagicAndVersion = 0x1_eb9f, HeaderSize = 24;

    /// <summary>The one type of all parameters and results, and its name, which serves for everything that must have one.
    /// </summary>
    private const uint Number = 1, Name = 1, NumberBits = 64;

    /// <summary>BTF_FUNC_STATIC and BTF_FUNC_GLOBAL: read at each call, read by itself.</summary>
    private const uint Static = 0, Global = 1;

    private readonly List<uint> _types = [Name, Info(BTF_KIND.INT, 0), sizeof(ulong), NumberBits];
    private readonly List<uint> _entries = [];
    private uint _last = Number;

    public FunctionTypes(BpfProgram program)
    {
        Add(0, null);
        foreach ((int position, int? parameters) in program.Functions)
        {
            Add(position, parameters);
        }
    }

    /// <summary>For each function where it begins and the number of its type.</summary>
    public ReadOnlySpan<byte> Entries => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_entries));

    /// <summary>The description, as the kernel takes it.</summary>
    public byte[] Description
    {
        get
        {
            ReadOnlySpan<byte> names = "\0number\0"u8;
            uint types = (uint)_types.Count * sizeof(uint);
            uint[] header = [MagicAndVersion, HeaderSize, 0, types, types, (uint)names.Length];
            return [.. MemoryMarshal.AsBytes(header.AsSpan()), .. MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_types)), .. names];
        }
    }

    private void Add(int position, int? parameters)
    {
        _types.AddRange([0, Info(BTF_KIND.FUNC_PROTO, (uint)(parameters ?? 0)), Number]);
        for (int i = 0; i < parameters; i++)
        {
            _types.AddRange([Name, Number]);
        }

        uint prototype = ++_last;
        _types.AddRange([Name, Info(BTF_KIND.FUNC, parameters is null ? Static : Global), prototype]);
        _entries.AddRange([(uint)position, ++_last]);
    }

    private static uint Info(BTF_KIND kind, uint length) => ((uint)kind << 24) | length;
}
