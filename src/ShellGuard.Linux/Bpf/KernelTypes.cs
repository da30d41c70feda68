using System.Buffers.Binary;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Bpf;

/// <summary>The running kernel's own description of its structures (BTF), Documentation/bpf/btf.rst: where a member stands
/// differs from one kernel to the next.</summary>
public sealed class KernelTypes
{
    private const ushort Magic = 0xeb9f;
    private const int MinimumHeader = 24;
    private const int TypeSize = 12;
    private const int MemberSize = 12;

    private readonly byte[] _data;
    private readonly int _strings;

    /// <summary>Where each type begins; number 0 is void.</summary>
    private readonly List<int> _types = [0];

    /// <param name="data">The content of <c>/sys/kernel/btf/vmlinux</c>.</param>
    /// <exception cref="InvalidDataException">It is no such description.</exception>
    public KernelTypes(byte[] data)
    {
        ArgumentNullException.ThrowIfNull(data);
        _data = data;
        if (data.Length < MinimumHeader || BinaryPrimitives.ReadUInt16LittleEndian(data) != Magic)
        {
            throw new InvalidDataException("it is no description of types");
        }

        int header = Word(4);
        long start = (long)header + Word(8);
        long end = start + Word(12);
        long strings = (long)header + Word(16);
        if (header < MinimumHeader || Word(8) < 0 || Word(12) < 0 || Word(16) < 0 || end > data.Length || strings > data.Length)
        {
            throw new InvalidDataException("it is cut off");
        }

        _strings = (int)strings;
        for (long at = start; at < end;)
        {
            if (end - at < TypeSize)
            {
                throw new InvalidDataException("it is cut off");
            }

            _types.Add((int)at);
            at += TypeSize + Rest((int)at);
        }
    }

    /// <summary>Reads the description of the running kernel.</summary>
    /// <param name="types">Null where it has none: it was built without (CONFIG_DEBUG_INFO_BTF).</param>
    public static bool TryRead(out KernelTypes? types)
    {
        types = null;
        try
        {
            types = new KernelTypes(File.ReadAllBytes("/sys/kernel/btf/vmlinux"));
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Where a member stands, in bytes from the beginning of its structure.</summary>
    /// <param name="path">For example <c>file.f_path.mnt</c>: a structure, then members of members.</param>
    /// <returns>-1 where this kernel has none.</returns>
    public int OffsetOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string[] names = path.Split('.');
        int type = Find(names[0]);
        int offset = 0;
        for (int i = 1; i < names.Length && type > 0; i++)
        {
            (type, int bits) = Member(type, names[i]);
            if (type <= 0 || bits % 8 != 0)
            {
                return -1;
            }

            offset += bits / 8;
            type = Plain(type);
        }

        return type < 0 ? -1 : offset;
    }

    /// <summary>The structure of that name; -1 where there is none.</summary>
    private int Find(string name)
    {
        for (int i = 1; i < _types.Count; i++)
        {
            if (Kind(i) == BTF_KIND.STRUCT && IsNamed(Word(_types[i]), name))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A member's type and place, also where it is in a nameless structure or union; type -1 where there is none.
    /// </summary>
    private (int Type, int Bits) Member(int type, string name)
    {
        if (Kind(type) is not (BTF_KIND.STRUCT or BTF_KIND.UNION))
        {
            return (-1, 0);
        }

        uint info = (uint)Word(_types[type] + 4);
        bool hasBitFields = info >> 31 != 0;
        for (int i = 0; i < (info & 0xffff); i++)
        {
            int at = _types[type] + TypeSize + (i * MemberSize);
            int bits = hasBitFields ? Word(at + 8) & 0xffffff : Word(at + 8);
            if (IsNamed(Word(at), name))
            {
                return (Word(at + 4), bits);
            }

            if (Word(at) == 0 && Member(Plain(Word(at + 4)), name) is ( > 0, _) and (int inner, int more))
            {
                return (inner, bits + more);
            }
        }

        return (-1, 0);
    }

    /// <summary>What a type is behind its other names.</summary>
    private int Plain(int type)
    {
        while (Kind(type) is BTF_KIND.TYPEDEF or BTF_KIND.CONST or BTF_KIND.VOLATILE or BTF_KIND.RESTRICT or BTF_KIND.TYPE_TAG)
        {
            type = Word(_types[type] + 8);
        }

        return type;
    }

    private BTF_KIND Kind(int type) =>
        type > 0 && type < _types.Count ? (BTF_KIND)((Word(_types[type] + 4) >> 24) & 0x1f) : default;

    /// <summary>Bytes behind a type's first twelve.</summary>
    private int Rest(int at)
    {
        int count = Word(at + 4) & 0xffff;
        return (BTF_KIND)((Word(at + 4) >> 24) & 0x1f) switch
        {
            BTF_KIND.INT or BTF_KIND.VAR or BTF_KIND.DECL_TAG => 4,
            BTF_KIND.ARRAY => 12,
            BTF_KIND.STRUCT or BTF_KIND.UNION or BTF_KIND.DATASEC or BTF_KIND.ENUM64 => count * MemberSize,
            BTF_KIND.ENUM or BTF_KIND.FUNC_PROTO => count * 8,
            BTF_KIND.PTR or BTF_KIND.FWD or BTF_KIND.TYPEDEF or BTF_KIND.VOLATILE or BTF_KIND.CONST or BTF_KIND.RESTRICT
                or BTF_KIND.FUNC or BTF_KIND.FLOAT or BTF_KIND.TYPE_TAG => 0,
            _ => throw new InvalidDataException("it has a kind of type that is not known"),
        };
    }

    private bool IsNamed(int name, string text)
    {
        int at = _strings + name;
        if (name < 0 || at < 0 || at + text.Length >= _data.Length || _data[at + text.Length] != 0)
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            if (_data[at + i] != text[i])
            {
                return false;
            }
        }

        return true;
    }

    private int Word(int at) => BinaryPrimitives.ReadInt32LittleEndian(_data.AsSpan(at));
}
