using System.Text;
using ShellGuard.Linux.Bpf;
using Xunit;

namespace ShellGuard.Linux.Tests.Bpf;

/// <summary>The kernel's description of its structures, here written by hand.</summary>
public sealed class KernelTypesTests
{
    private const int Int = 1, Pointer = 2, Array = 3, Struct = 4, Union = 5, Enum = 6, Typedef = 8, Const = 10, Prototype = 13;

    [Fact]
    public void Members_are_found_through_names_and_nameless_unions()
    {
        Description text = new();
        int number = text.Add("int", Int, 0, 4, [32]);
        text.Add("", Pointer, 0, 0, []);
        text.Add("", Array, 0, 0, [number, number, 4]);
        text.Add("colour", Enum, 1, 4, [text.Name("RED"), 0]);
        text.Add("", Prototype, 1, 0, [0, number]);
        int inner = text.Add("inner", Struct, 2, 8, [text.Name("first"), number, 0, text.Name("second"), number, 32]);
        int alias = text.Add("inner_t", Typedef, 0, inner, []);
        int fixedAlias = text.Add("", Const, 0, alias, []);
        int either = text.Add("", Union, 2, 8, [text.Name("one"), fixedAlias, 0, text.Name("other"), number, 0]);
        text.Add("outer", Struct, 2, 16, [text.Name("head"), number, 0, 0, either, 64]);
        KernelTypes types = new(text.ToBytes());
        Assert.Equal(0, types.OffsetOf("outer.head"));
        Assert.Equal(8, types.OffsetOf("outer.other"));
        Assert.Equal(12, types.OffsetOf("outer.one.second"));
        Assert.Equal(4, types.OffsetOf("inner.second"));
        Assert.Equal(-1, types.OffsetOf("outer.missing"));
        Assert.Equal(-1, types.OffsetOf("outer.head.deeper"));
        Assert.Equal(-1, types.OffsetOf("missing.head"));
    }

    [Fact]
    public void Bit_fields_have_no_place_in_bytes()
    {
        Description text = new();
        int number = text.Add("int", Int, 0, 4, [32]);
        text.Add(
            "bits", Struct | 0x80, 2, 4, [text.Name("three"), number, (3 << 24) | 1, text.Name("whole"), number, 64]);
        KernelTypes types = new(text.ToBytes());
        Assert.Equal(-1, types.OffsetOf("bits.three"));
        Assert.Equal(8, types.OffsetOf("bits.whole"));
    }

    [Fact]
    public void What_is_no_description_is_refused()
    {
        Description text = new();
        text.Add("int", Int, 0, 4, [32]);
        byte[] good = text.ToBytes();
        Assert.Throws<InvalidDataException>(() => new KernelTypes([]));
        Assert.Throws<InvalidDataException>(() => new KernelTypes(new byte[64]));
        Assert.Throws<InvalidDataException>(() => new KernelTypes(good[..30]));
        Description strange = new();
        strange.Add("what", 31, 0, 0, []);
        Assert.Throws<InvalidDataException>(() => new KernelTypes(strange.ToBytes()));
    }

    [Fact]
    public void The_running_kernel_describes_itself()
    {
        Assert.True(KernelTypes.TryRead(out KernelTypes? types));
        Assert.Equal(8, types!.OffsetOf("list_head.prev"));
        Assert.Equal(8, types.OffsetOf("path.dentry"));
        Assert.True(types.OffsetOf("task_struct.tgid") > types.OffsetOf("task_struct.pid"));
        Assert.True(types.OffsetOf("file.f_path.dentry") > 0);
    }

    /// <summary>Documentation/bpf/btf.rst: a header, types of three words and more, names.</summary>
    private sealed class Description
    {
        private readonly List<int> _types = [];
        private readonly StringBuilder _names = new("\0");
        private int _count;

        public int Name(string name)
        {
            if (name.Length == 0)
            {
                return 0;
            }

            _names.Append(name).Append('\0');
            return _names.Length - name.Length - 1;
        }

        public int Add(string name, int kind, int members, int size, int[] rest)
        {
            _types.AddRange([Name(name), (kind << 24) | members, size, .. rest]);
            return ++_count;
        }

        public byte[] ToBytes()
        {
            int length = _types.Count * sizeof(int);
            int[] words = [0x1eb9f, 24, 0, length, length, _names.Length, .. _types];
            return [.. words.SelectMany(BitConverter.GetBytes), .. Encoding.ASCII.GetBytes(_names.ToString())];
        }
    }
}
