using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Bpf;

/// <summary>Memory that programs in the kernel share with us. It goes when its last descriptor and the last program that
/// uses it do.</summary>
public sealed unsafe class BpfMap : Descriptor
{
    private readonly int _keySize;
    private readonly int _valueSize;

    private BpfMap(int number, int keySize, int valueSize)
        : base(number) => (_keySize, _valueSize) = (keySize, valueSize);

    /// <summary>Makes a map.</summary>
    /// <param name="name">Up to 15 letters, shown by tools.</param>
    /// <param name="entries">How many; bytes for a ring buffer, a power of two and of whole pages.</param>
    /// <param name="map">To be disposed.</param>
    /// <returns>EPERM without the right to; E2BIG or ENOMEM when it is too large.</returns>
    public static LinuxResult Create(
        BPF_MAP_TYPE type, string name, int keySize, int valueSize, int entries, out BpfMap? map)
    {
        Span<byte> attributes = stackalloc byte[bpf_attr.Size];
        attributes.Clear();
        BpfCall.Put(attributes, bpf_attr.map_type, (int)type);
        BpfCall.Put(attributes, bpf_attr.key_size, keySize);
        BpfCall.Put(attributes, bpf_attr.value_size, valueSize);
        BpfCall.Put(attributes, bpf_attr.max_entries, entries);
        BpfCall.PutName(attributes, bpf_attr.map_name, name);
        LinuxResult result = BpfCall.Do(BPF_CMD.MAP_CREATE, attributes, $"map {name}");
        map = result.Failed ? null : new BpfMap((int)result.Value, keySize, valueSize);
        return result;
    }

    /// <returns>ENOENT where there is no such key.</returns>
    public LinuxResult Read(ReadOnlySpan<byte> key, Span<byte> value) => Element(BPF_CMD.MAP_LOOKUP_ELEM, key, value, _valueSize);

    public LinuxResult Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        // SAFETY: the kernel only reads the value of an update.
        fixed (byte* bytes = value)
        {
            return Element(BPF_CMD.MAP_UPDATE_ELEM, key, new Span<byte>(bytes, value.Length), _valueSize);
        }
    }

    /// <summary>The key behind another one; the first one where that is empty or gone.</summary>
    /// <returns>ENOENT behind the last.</returns>
    public LinuxResult NextKey(ReadOnlySpan<byte> key, Span<byte> next) => Element(BPF_CMD.MAP_GET_NEXT_KEY, key, next, _keySize);

    private LinuxResult Element(BPF_CMD command, ReadOnlySpan<byte> key, Span<byte> value, int size)
    {
        if ((key.Length != _keySize && command != BPF_CMD.MAP_GET_NEXT_KEY) || value.Length != size)
        {
            throw new ArgumentException("not the size of the map's keys or values", nameof(key));
        }

        Span<byte> attributes = stackalloc byte[bpf_attr.Size];
        attributes.Clear();

        // SAFETY: the kernel reads the key and reads or writes the value, which have the sizes that the map was made with.
        fixed (byte* keyBytes = key)
        fixed (byte* valueBytes = value)
        {
            BpfCall.Put(attributes, bpf_attr.map_fd, Number);
            BpfCall.Put(attributes, bpf_attr.key, (ulong)keyBytes);
            BpfCall.Put(attributes, bpf_attr.value, (ulong)valueBytes);
            return BpfCall.Do(command, attributes, "a map's element");
        }
    }
}
