using System.Text;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Calls;

/// <summary>Finds objects by name without opening them, so that a FIFO or a device is never touched.</summary>
public static unsafe class ObjectPath
{
    private const int AT_FDCWD = -100;
    private const int AT_EMPTY_PATH = 0x1000;
    private const int O_PATH = 0x200000;
    private const int O_CLOEXEC = 0x80000;
    private const int O_DIRECTORY = 0x10000;
    private const ulong RESOLVE_NO_MAGICLINKS = 2;
    private const ulong RESOLVE_BENEATH = 8;
    private const ulong RESOLVE_IN_ROOT = 0x10;
    private const uint STATX_BASIC_STATS = 0x7ff;
    private const uint STATX_MNT_ID = 0x1000;
    private const int StatxSize = 256;

    /// <summary>The directory that a magic link such as <c>/proc/7/root</c> leads to, as an O_PATH descriptor.</summary>
    public static LinuxResult OpenDirectory(string path, out Descriptor directory)
    {
        Span<byte> name = stackalloc byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        name[Encoding.UTF8.GetBytes(path, name)] = 0;
        // SAFETY: name ends in NUL and is on the stack.
        fixed (byte* bytes = name)
        {
            LinuxResult result = Kernel.Call(
                SystemCall.openat, AT_FDCWD, (nint)bytes, O_PATH | O_CLOEXEC | O_DIRECTORY, subject: path);
            directory = result.Failed ? new Descriptor() : new Descriptor((int)result.Value);
            return result;
        }
    }

    /// <summary>Walks a path with <paramref name="root"/> as its root: absolute symbolic links and <c>..</c> stay
    /// inside, magic links are ELOOP, openat2(2). The last component may be a symbolic link and is followed.</summary>
    /// <param name="path">Bytes without a NUL.</param>
    public static LinuxResult OpenInRoot(Descriptor root, ReadOnlySpan<byte> path, out Descriptor found) =>
        Open(root, path, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS, out found);

    /// <summary>Walks a relative path that must stay below <paramref name="directory"/>; one that leaves it, even
    /// for a moment, is EXDEV.</summary>
    public static LinuxResult OpenBeneath(Descriptor directory, ReadOnlySpan<byte> path, out Descriptor found) =>
        Open(directory, path, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS, out found);

    /// <summary>What an open (also O_PATH) descriptor is, statx(2).</summary>
    public static LinuxResult Describe(Descriptor descriptor, out ObjectIdentity identity)
    {
        byte* buffer = stackalloc byte[StatxSize];
        byte empty = 0;
        using DescriptorLease lease = new(descriptor);
        // SAFETY: struct statx is 256 bytes; the name is the empty string.
        LinuxResult result = Kernel.Call(
            SystemCall.statx,
            lease.Number,
            (nint)(&empty),
            AT_EMPTY_PATH,
            (nint)(STATX_BASIC_STATS | STATX_MNT_ID),
            (nint)buffer);
        identity = default;
        if (result.Failed)
        {
            return result;
        }

        // Offsets of struct statx, statx(2): stx_mask 0, stx_mode 28, stx_ino 32, stx_dev_major 136,
        // stx_dev_minor 140, stx_mnt_id 144.
        if ((*(uint*)buffer & STATX_MNT_ID) == 0)
        {
            return new LinuxResult(-1, Errno.ENOSYS, SystemCall.statx);
        }

        identity = new ObjectIdentity(
            MakeDevice(*(uint*)(buffer + 136), *(uint*)(buffer + 140)),
            *(ulong*)(buffer + 32),
            *(ushort*)(buffer + 28),
            *(ulong*)(buffer + 144));
        return result;
    }

    /// <summary>A device number as stat(2) gives it in st_dev, makedev(3).</summary>
    public static ulong MakeDevice(uint major, uint minor) =>
        ((ulong)(major & 0xfffff000u) << 32) | ((ulong)(major & 0xfff) << 8) |
        ((ulong)(minor & 0xffffff00u) << 12) | (minor & 0xff);

    private static LinuxResult Open(Descriptor directory, ReadOnlySpan<byte> path, ulong resolve, out Descriptor found)
    {
        found = new Descriptor();
        if (path.Length > 4095 || path.Contains((byte)0))
        {
            return new LinuxResult(-1, Errno.ENOENT, SystemCall.openat2);
        }

        Span<byte> name = stackalloc byte[path.Length + 1];
        path.CopyTo(name);
        name[path.Length] = 0;
        OpenHow how = new() { flags = O_PATH | O_CLOEXEC, resolve = resolve };
        using DescriptorLease lease = new(directory);
        // SAFETY: name ends in NUL and is on the stack; how is sizeof(OpenHow) bytes.
        fixed (byte* bytes = name)
        {
            LinuxResult result;
            int tries = 0;
            do
            {
                // EAGAIN: something was renamed meanwhile and the kernel cannot promise the result; bounded, so that
                // a renaming loop cannot hold the supervisor.
                result = Kernel.Call(
                    SystemCall.openat2, lease.Number, (nint)bytes, (nint)(&how), sizeof(OpenHow));
            }
            while (result.Error is Errno.EAGAIN or Errno.EINTR && ++tries < 64);
            if (result.Succeeded)
            {
                found = new Descriptor((int)result.Value);
            }

            return result;
        }
    }
}
