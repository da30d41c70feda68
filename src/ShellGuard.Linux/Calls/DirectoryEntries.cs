using System.Buffers.Binary;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Calls;

/// <summary>The names in a directory.</summary>
public static unsafe class DirectoryEntries
{
    // d_type is S_IFMT of the mode, dirent.h IFTODT.
    private const int TypeShift = 12;

    /// <summary>getdents64(2) from the beginning to the end, without <c>.</c> and <c>..</c>.</summary>
    /// <param name="directory">Open for reading, not <c>O_PATH</c>. Its position is moved.</param>
    /// <param name="names">Sorted ordinally; empty when the call failed.</param>
    public static LinuxResult List(Descriptor directory, out List<string> names) => List(directory, null, out names);

    /// <summary>Those names only whose inode is of interest.</summary>
    /// <param name="wanted">Given the inode's number and type, which is <see cref="FileType.None"/> where the file system
    /// does not say; null for all.</param>
    public static LinuxResult List(Descriptor directory, Func<ulong, FileType, bool>? wanted, out List<string> names)
    {
        names = [];
        LinuxResult result = FileContent.Seek(directory, 0, SeekFrom.SET);
        if (result.Failed)
        {
            return result;
        }

        // Small directories are the rule; clearing a large buffer for each would cost more than the call.
        Span<byte> buffer = stackalloc byte[4096];
        List<string> found = [];
        while (true)
        {
            // SAFETY: the kernel writes at most buffer.Length bytes into the pinned buffer.
            fixed (byte* into = buffer)
            {
                result = Kernel.Call(SystemCall.getdents64, directory.Number, (nint)into, buffer.Length);
            }

            GC.KeepAlive(directory);
            if (result.Failed)
            {
                return result;
            }

            if (result.Value == 0)
            {
                break;
            }

            Parse(buffer[..(int)result.Value], wanted, found);
        }

        found.Sort(StringComparer.Ordinal);
        names = found;
        return result;
    }

    // struct linux_dirent64: u64 d_ino, s64 d_off, u16 d_reclen, u8 d_type, char d_name[], getdents(2).
    private static void Parse(ReadOnlySpan<byte> records, Func<ulong, FileType, bool>? wanted, List<string> found)
    {
        while (!records.IsEmpty)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(records[16..]);
            ReadOnlySpan<byte> name = records[19..length];
            name = name[..name.IndexOf((byte)0)];
            bool isWanted = wanted is null
                || wanted(BinaryPrimitives.ReadUInt64LittleEndian(records), (FileType)((uint)records[18] << TypeShift));
            if (isWanted && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
            {
                found.Add(KernelText.Decode(name));
            }

            records = records[length..];
        }
    }
}
