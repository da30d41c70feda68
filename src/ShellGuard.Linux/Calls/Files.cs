using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Calls;

/// <summary>Names in directories: open, look, make, link, rename, remove; each relative to a directory's descriptor.
/// Paths are <see cref="KernelText"/>. A path with a NUL is <see cref="Errno.EINVAL"/>.</summary>
public static unsafe partial class Files
{
    /// <summary>open(2) of a path from the root of the file system, with the usual resolution of links.</summary>
    /// <param name="descriptor">The open file; invalid when the call failed.</param>
    public static LinuxResult Open(string path, OpenFlags flags, out Descriptor descriptor, uint mode = 0) =>
        OpenAt((int)AtFlags.FDCWD, path, flags, mode, out descriptor);

    /// <summary>openat(2): the last component is not protected from links unless the flags say so.</summary>
    public static LinuxResult Open(
        Descriptor directory, string path, OpenFlags flags, out Descriptor descriptor, uint mode = 0)
    {
        LinuxResult result = OpenAt(directory.Number, path, flags, mode, out descriptor);
        GC.KeepAlive(directory);
        return result;
    }

    /// <summary>openat2(2).</summary>
    public static LinuxResult Open(
        Descriptor directory,
        string path,
        OpenFlags flags,
        ResolveFlags resolve,
        out Descriptor descriptor,
        uint mode = 0)
    {
        descriptor = new Descriptor();
        if (KernelText.Terminated(path) is not { } bytes)
        {
            return new LinuxResult(-1, Errno.EINVAL, SystemCall.openat2, path);
        }

        OpenHow how = new() { flags = (ulong)(flags | OpenFlags.CLOEXEC), mode = mode, resolve = (ulong)resolve };
        LinuxResult result;
        do
        {
            // SAFETY: both buffers outlive the call; the kernel reads a terminated string and sizeof(OpenHow) bytes.
            fixed (byte* name = bytes)
            {
                result = Kernel.Call(
                    SystemCall.openat2, directory.Number, (nint)name, (nint)(&how), sizeof(OpenHow), subject: path);
            }
        }
        while (result.Error == Errno.EINTR);

        GC.KeepAlive(directory);
        return Own(result, ref descriptor);
    }

    /// <summary>open(2) with <c>O_TMPFILE</c>: a file of mode 0600 without a name in the directory's file system.</summary>
    public static LinuxResult OpenUnnamed(Descriptor directory, out Descriptor file)
    {
        // O_TMPFILE is a bit of its own together with O_DIRECTORY.
        const OpenFlags unnamed = (OpenFlags)0x400000 | OpenFlags.DIRECTORY | OpenFlags.RDWR;
        return Open(directory, ".", unnamed, out file, mode: 0x180);
    }

    /// <summary>statx(2) of a name; a link at its end is not followed, an automount not triggered.</summary>
    public static LinuxResult Status(Descriptor directory, string name, out FileStatus status)
    {
        LinuxResult result = StatusAt(
            directory.Number, name, AtFlags.SYMLINK_NOFOLLOW | AtFlags.NO_AUTOMOUNT, out status);
        GC.KeepAlive(directory);
        return result;
    }

    /// <summary>statx(2) of an open file.</summary>
    public static LinuxResult Status(Descriptor file, out FileStatus status)
    {
        LinuxResult result = StatusAt(file.Number, "", AtFlags.EMPTY_PATH, out status);
        GC.KeepAlive(file);
        return result;
    }

    /// <summary>mkdirat(2). The mode is narrowed by the umask.</summary>
    public static LinuxResult MakeDirectory(Descriptor directory, string name, uint mode) =>
        At(SystemCall.mkdirat, directory, name, (nint)mode);

    /// <summary>mknodat(2) for a FIFO. The mode is narrowed by the umask.</summary>
    public static LinuxResult MakeFifo(Descriptor directory, string name, uint mode) =>
        At(SystemCall.mknodat, directory, name, (nint)((uint)FileType.IFO | mode));

    /// <summary>mknodat(2) for the character device 0:0, overlayfs's mark that a name is deleted. The kernel lets
    /// everybody make it (mknod(2), NOTES of overlayfs).</summary>
    public static LinuxResult MakeWhiteout(Descriptor directory, string name) =>
        At(SystemCall.mknodat, directory, name, (nint)(uint)FileType.CHR);

    /// <summary>unlinkat(2) for everything but directories.</summary>
    public static LinuxResult Unlink(Descriptor directory, string name) =>
        At(SystemCall.unlinkat, directory, name, 0);

    /// <summary>unlinkat(2) for an empty directory.</summary>
    public static LinuxResult RemoveDirectory(Descriptor directory, string name) =>
        At(SystemCall.unlinkat, directory, name, (nint)AtFlags.REMOVEDIR);

    /// <summary>symlinkat(2).</summary>
    public static LinuxResult MakeSymbolicLink(Descriptor directory, string name, string target)
    {
        if (KernelText.Terminated(target) is not { } content || KernelText.Terminated(name) is not { } bytes)
        {
            return new LinuxResult(-1, Errno.EINVAL, SystemCall.symlinkat, name);
        }

        // SAFETY: both are terminated strings that outlive the call.
        fixed (byte* to = content)
        fixed (byte* from = bytes)
        {
            LinuxResult result = Kernel.Call(
                SystemCall.symlinkat, (nint)to, directory.Number, (nint)from, subject: name);
            GC.KeepAlive(directory);
            return result;
        }
    }

    /// <summary>readlinkat(2).</summary>
    /// <param name="target">The link's content, empty when the call failed.</param>
    public static LinuxResult ReadLink(Descriptor directory, string name, out string target)
    {
        target = "";
        if (KernelText.Terminated(name) is not { } bytes)
        {
            return new LinuxResult(-1, Errno.EINVAL, SystemCall.readlinkat, name);
        }

        // A link's content is at most PATH_MAX (4096) bytes on Linux file systems.
        byte[] buffer = new byte[4097];
        LinuxResult result;
        // SAFETY: the kernel reads a terminated string and writes at most buffer.Length bytes.
        fixed (byte* path = bytes)
        fixed (byte* into = buffer)
        {
            result = Kernel.Call(
                SystemCall.readlinkat, directory.Number, (nint)path, (nint)into, buffer.Length, subject: name);
        }

        GC.KeepAlive(directory);
        if (result.Failed)
        {
            return result;
        }

        if (result.Value == buffer.Length)
        {
            return new LinuxResult(-1, Errno.ENAMETOOLONG, SystemCall.readlinkat, name);
        }

        target = KernelText.Decode(buffer.AsSpan(0, (int)result.Value));
        return result;
    }

    /// <summary>linkat(2): another name for the inode; a link at the end of <paramref name="name"/> is not followed.
    /// </summary>
    public static LinuxResult Link(Descriptor directory, string name, Descriptor toDirectory, string toName) =>
        Two(SystemCall.linkat, directory, name, toDirectory, toName, 0);

    /// <summary>renameat2(2).</summary>
    public static LinuxResult Rename(
        Descriptor directory, string name, Descriptor toDirectory, string toName, RenameFlags flags) =>
        Two(SystemCall.renameat2, directory, name, toDirectory, toName, (nint)flags);

    private static LinuxResult OpenAt(int directory, string path, OpenFlags flags, uint mode, out Descriptor descriptor)
    {
        descriptor = new Descriptor();
        if (KernelText.Terminated(path) is not { } bytes)
        {
            return new LinuxResult(-1, Errno.EINVAL, SystemCall.openat, path);
        }

        LinuxResult result;
        do
        {
            // SAFETY: a terminated string that outlives the call.
            fixed (byte* name = bytes)
            {
                result = Kernel.Call(
                    SystemCall.openat, directory, (nint)name, (nint)(flags | OpenFlags.CLOEXEC), (nint)mode, subject: path);
            }
        }
        while (result.Error == Errno.EINTR);

        return Own(result, ref descriptor);
    }

    private static LinuxResult Own(LinuxResult result, ref Descriptor descriptor)
    {
        if (result.Succeeded)
        {
            descriptor.Dispose();
            descriptor = new Descriptor((int)result.Value);
        }

        return result;
    }

    private static LinuxResult StatusAt(int directory, string path, AtFlags flags, out FileStatus status)
    {
        status = default;
        if (KernelText.Terminated(path) is not { } bytes)
        {
            return new LinuxResult(-1, Errno.EINVAL, SystemCall.statx, path);
        }

        Statx raw;
        LinuxResult result;
        // SAFETY: the kernel reads a terminated string and writes sizeof(Statx) bytes, whose size is checked
        // against the C compiler.
        fixed (byte* name = bytes)
        {
            result = Kernel.Call(
                SystemCall.statx,
                directory,
                (nint)name,
                (nint)flags,
                (nint)(StatxMask.BASIC_STATS | StatxMask.BTIME | StatxMask.MNT_ID),
                (nint)(&raw),
                subject: path);
        }

        if (result.Succeeded)
        {
            status = new FileStatus(raw);
        }

        return result;
    }

    private static LinuxResult At(SystemCall call, Descriptor directory, string name, nint argument)
    {
        if (KernelText.Terminated(name) is not { } bytes)
        {
            return new LinuxResult(-1, Errno.EINVAL, call, name);
        }

        // SAFETY: a terminated string that outlives the call. A fourth argument, where there is one, is zero.
        fixed (byte* path = bytes)
        {
            LinuxResult result = Kernel.Call(call, directory.Number, (nint)path, argument, subject: name);
            GC.KeepAlive(directory);
            return result;
        }
    }

    private static LinuxResult Two(
        SystemCall call, Descriptor directory, string name, Descriptor toDirectory, string toName, nint flags)
    {
        if (KernelText.Terminated(name) is not { } from || KernelText.Terminated(toName) is not { } to)
        {
            return new LinuxResult(-1, Errno.EINVAL, call, name);
        }

        // SAFETY: both are terminated strings that outlive the call.
        fixed (byte* source = from)
        fixed (byte* destination = to)
        {
            LinuxResult result = Kernel.Call(
                call,
                directory.Number,
                (nint)source,
                toDirectory.Number,
                (nint)destination,
                flags,
                subject: toName);
            GC.KeepAlive(directory);
            GC.KeepAlive(toDirectory);
            return result;
        }
    }
}
