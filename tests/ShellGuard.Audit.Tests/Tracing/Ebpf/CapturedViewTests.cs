using System.Text;
using ShellGuard.Audit.Tracing.Ebpf;
using static ShellGuard.Audit.Tracing.Ebpf.CaptureLayout;

namespace ShellGuard.Audit.Tests.Tracing.Ebpf;

/// <summary>Events by hand, and what is seen in them.</summary>
public sealed class CapturedViewTests
{
    private const int Pipe = 0x50495045, Anonymous = 0x09041934, Shared = 0x01021994;

    [Theory]
    [InlineData("", 0, 0, "/")]
    [InlineData("hosts\0etc\0", 0, 0, "/etc/hosts")]
    [InlineData("gone\0tmp\0", FileDeleted, 0, "/tmp/gone (deleted)")]
    [InlineData("\0", FileNameless | FileDeleted, Pipe, "pipe:[4711]")]
    [InlineData("[eventfd]\0", FileNameless, Anonymous, "anon_inode:[eventfd]")]
    [InlineData("memfd:x\0", FileNameless, Shared, "/memfd:x (deleted)")]
    [InlineData("", FileSocket, 0, "socket:[4711]")]
    [InlineData("file\0air\0", FileNameless, 0, null)]
    [InlineData("", FileMissing, 0, null)]
    [InlineData("deep\0", FileCut, 0, null)]
    public void A_descriptor_is_shown_as_proc_would(string names, int flags, int magic, string? expected)
    {
        CapturedView view = Viewed(new Event(257).File(3, flags, magic, Encoding.UTF8.GetBytes(names)));
        Assert.Equal(expected, view.Link(3) is { } link ? Encoding.UTF8.GetString(link) : null);
        Assert.Null(view.Link(4));
    }

    [Theory]
    [InlineData(2, 1, 6, 80, "7f000001", "TCP:[127.0.0.1:80]")]
    [InlineData(2, 2, 17, 53, "00000000", "UDP:[0.0.0.0:53]")]
    [InlineData(2, 1, 6, 0, "00000000", "TCP:[4711]")]
    [InlineData(10, 1, 6, 443, "00000000000000000000000000000001", "TCPv6:[[::1]:443]")]
    [InlineData(1, 1, 0, 0, "00000000", "UNIX-STREAM:[4711]")]
    [InlineData(16, 3, 0, 0, "00000000", "NETLINK:[4711]")]
    public void A_socket_has_its_protocol_and_address(int family, int type, int protocol, int port, string address, string expected)
    {
        byte[] rest = new byte[24];
        BitConverter.GetBytes((ushort)family).CopyTo(rest, 0);
        BitConverter.GetBytes((ushort)type).CopyTo(rest, 2);
        BitConverter.GetBytes((ushort)protocol).CopyTo(rest, 4);
        BitConverter.GetBytes((ushort)port).CopyTo(rest, 6);
        Convert.FromHexString(address).CopyTo(rest, 8);
        Assert.Equal(expected, Viewed(new Event(42).File(3, FileSocket, 0, rest)).Socket(3));
    }

    [Fact]
    public void What_was_not_there_before_the_call_is_there_behind_it()
    {
        CapturedView view = Viewed(new Event(2).Bytes(Memory | Unread, 0, 0x1000, []));
        Assert.False(view.TryText(0x1000, out _, out _));
        view.Add(new Event(2).Bytes(Memory, 0, 0x1000, "/late\0"u8).ToBytes());
        Assert.True(view.TryText(0x1000, out ReadOnlySpan<byte> text, out bool isCut));
        Assert.Equal("/late", Encoding.UTF8.GetString(text));
        Assert.False(isCut);
        Assert.False(view.TryText(0x2000, out _, out _));
    }

    [Fact]
    public void A_text_as_long_as_is_read_counts_as_cut()
    {
        CapturedView view = Viewed(new Event(2).Bytes(Memory, 0, 0x1000, new byte[PathMax]));
        Assert.True(view.TryText(0x1000, out ReadOnlySpan<byte> text, out bool isCut));
        Assert.Equal(PathMax - 1, text.Length);
        Assert.True(isCut);
    }

    [Fact]
    public void Memory_is_read_within_what_was_copied_only()
    {
        CapturedView view = Viewed(new Event(42).Bytes(Memory, 1, 0x1000, [1, 2, 3, 4, 5, 6, 7, 8]));
        byte[] four = new byte[4];
        Assert.True(view.TryRead(0x1004, four));
        Assert.Equal([5, 6, 7, 8], four);
        Assert.False(view.TryRead(0x1005, four));
        Assert.False(view.TryRead(0xfff, four));
        Assert.False(view.TryRead(ulong.MaxValue, four));
    }

    [Fact]
    public void Arguments_are_a_list_of_pointers_with_an_end()
    {
        CapturedView view = Viewed(new Event(59, 0x10, 0x100)
            .Bytes(Word, 0, 0x1000, "ls\0"u8).Bytes(Word, 1, 0x2000, "-l\0"u8).Bytes(Word, 2, 0, []));
        Assert.Equal(["ls", "-l"], Words(view, 0x100));
    }

    [Fact]
    public void What_an_executed_program_found_stands_for_what_could_not_be_read()
    {
        CapturedView view = Viewed(new Event(59, 0x10, 0x100)
            .Bytes(Memory | Unread, 0, 0x10, []).Bytes(Word | Unread, 0, 0x1000, []).Bytes(Word, 1, 0, []));
        view.Add(new Event(59).Bytes(Memory, 0, 0, "/bin/ls\0"u8).Bytes(Word, 0, 0, "ls\0-l\0\0"u8).ToBytes());
        Assert.True(view.TryText(0x10, out ReadOnlySpan<byte> path, out _));
        Assert.Equal("/bin/ls", Encoding.UTF8.GetString(path));
        Assert.Equal(["ls", "-l", ""], Words(view, 0x100));
    }

    [Fact]
    public void A_record_that_is_longer_than_its_event_is_not_taken()
    {
        byte[] bytes = new Event(2).Bytes(Memory, 0, 0x1000, "/a\0"u8).ToBytes();
        BitConverter.GetBytes(int.MaxValue).CopyTo(bytes, EventRecords + RecordLength);
        CapturedView view = new();
        view.Begin(bytes);
        Assert.False(view.TryText(0x1000, out _, out _));
    }

    private static List<string> Words(CapturedView view, ulong list)
    {
        List<string> words = [];
        for (ulong i = 0; view.TryWord(list + (i * 8), 8, out ulong at) && at != 0; i++)
        {
            Assert.True(view.TryText(at, out ReadOnlySpan<byte> text, out _));
            words.Add(Encoding.UTF8.GetString(text));
        }

        return words;
    }

    private static CapturedView Viewed(Event bytes)
    {
        CapturedView view = new();
        view.Begin(bytes.ToBytes());
        return view;
    }

    private sealed class Event
    {
        private readonly List<byte> _bytes = [.. new byte[EventRecords]];

        public Event(int call, params ulong[] arguments)
        {
            Put(EventCall, BitConverter.GetBytes((ushort)call));
            for (int i = 0; i < arguments.Length; i++)
            {
                Put(EventArguments + (i * 8), BitConverter.GetBytes(arguments[i]));
            }
        }

        public Event Bytes(int kind, int index, ulong address, ReadOnlySpan<byte> bytes)
        {
            _bytes.AddRange(BitConverter.GetBytes((ushort)kind));
            _bytes.AddRange(BitConverter.GetBytes((ushort)index));
            _bytes.AddRange(BitConverter.GetBytes(bytes.Length));
            _bytes.AddRange(BitConverter.GetBytes(address));
            _bytes.AddRange(bytes);
            while (_bytes.Count % 8 != 0)
            {
                _bytes.Add(0);
            }

            return this;
        }

        public Event File(int descriptor, int flags, int magic, byte[] rest) => Bytes(
            Descriptor, 0, (ulong)descriptor,
            [
                .. BitConverter.GetBytes(4711UL), .. BitConverter.GetBytes(magic), .. BitConverter.GetBytes((ushort)0),
                .. BitConverter.GetBytes((ushort)flags), .. rest,
            ]);

        public byte[] ToBytes() => [.. _bytes];

        private void Put(int at, byte[] bytes)
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                _bytes[at + i] = bytes[i];
            }
        }
    }
}
