using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Calls;

/// <summary>Extended attributes, xattr(7), of open files; <c>O_PATH</c> descriptors of everything but symbolic links
/// too. A file system without them has an empty list.</summary>
public static unsafe class Attributes
{
    private const int MaximumSize = 65536;

    /// <summary>listxattr(2).</summary>
    /// <param name="names">Sorted; empty when the call failed.</param>
    public static LinuxResult List(Descriptor file, out IReadOnlyList<string> names)
    {
        names = [];
        Span<byte> small = stackalloc byte[512];
        LinuxResult result = Get(SystemCall.listxattr, file, null, small);
        ReadOnlySpan<byte> list = small;
        if (result.Error == Errno.ERANGE)
        {
            byte[] large = new byte[MaximumSize];
            result = Get(SystemCall.listxattr, file, null, large);
            list = large;
        }

        if (result.Error == Errno.EOPNOTSUPP)
        {
            return new LinuxResult(0, Errno.None, SystemCall.listxattr);
        }

        if (result.Failed || result.Value == 0)
        {
            return result;
        }

        list = list[..(int)result.Value];
        List<string> found = [];
        while (!list.IsEmpty)
        {
            int end = list.IndexOf((byte)0);
            found.Add(KernelText.Decode(list[..end]));
            list = list[(end + 1)..];
        }

        found.Sort(StringComparer.Ordinal);
        names = found;
        return result;
    }

    /// <summary>getxattr(2).</summary>
    /// <param name="value">Empty when the call failed; <see cref="Errno.ENODATA"/>: there is no such attribute.</param>
    public static LinuxResult Get(Descriptor file, string name, out byte[] value)
    {
        value = [];
        Span<byte> small = stackalloc byte[256];
        LinuxResult result = Get(SystemCall.getxattr, file, name, small);
        if (result.Succeeded)
        {
            value = small[..(int)result.Value].ToArray();
        }
        else if (result.Error == Errno.ERANGE)
        {
            byte[] large = new byte[MaximumSize];
            result = Get(SystemCall.getxattr, file, name, large);
            value = result.Succeeded ? large[..(int)result.Value] : [];
        }

        return result;
    }

    /// <summary>setxattr(2): creates or replaces.</summary>
    public static LinuxResult Set(Descriptor file, string name, ReadOnlySpan<byte> value)
    {
        if (KernelText.Terminated(name) is not { } attribute)
        {
            return new LinuxResult(-1, Errno.EINVAL, SystemCall.setxattr, name);
        }

        // SAFETY: two terminated strings and value.Length bytes that outlive the call.
        fixed (byte* path = KernelText.Terminated(FileMetadata.ProcPath(file)))
        fixed (byte* key = attribute)
        fixed (byte* content = value)
        {
            LinuxResult result = Kernel.Call(
                SystemCall.setxattr, (nint)path, (nint)key, (nint)content, value.Length, subject: name);
            GC.KeepAlive(file);
            return result;
        }
    }

    /// <summary>removexattr(2).</summary>
    public static LinuxResult Remove(Descriptor file, string name)
    {
        if (KernelText.Terminated(name) is not { } attribute)
        {
            return new LinuxResult(-1, Errno.EINVAL, SystemCall.removexattr, name);
        }

        // SAFETY: two terminated strings that outlive the call.
        fixed (byte* path = KernelText.Terminated(FileMetadata.ProcPath(file)))
        fixed (byte* key = attribute)
        {
            LinuxResult result = Kernel.Call(SystemCall.removexattr, (nint)path, (nint)key, subject: name);
            GC.KeepAlive(file);
            return result;
        }
    }

    private static LinuxResult Get(SystemCall call, Descriptor file, string? name, Span<byte> into)
    {
        byte[] attribute = [];
        if (name is not null)
        {
            if (KernelText.Terminated(name) is not { } terminated)
            {
                return new LinuxResult(-1, Errno.EINVAL, call, name);
            }

            attribute = terminated;
        }

        // SAFETY: terminated strings; the kernel writes at most into.Length bytes. listxattr(2) has no name: its
        // buffer and size come one argument earlier.
        fixed (byte* path = KernelText.Terminated(FileMetadata.ProcPath(file)))
        fixed (byte* key = attribute)
        fixed (byte* buffer = into)
        {
            LinuxResult result = name is null
                ? Kernel.Call(call, (nint)path, (nint)buffer, into.Length)
                : Kernel.Call(call, (nint)path, (nint)key, (nint)buffer, into.Length, subject: name);
            GC.KeepAlive(file);
            return result;
        }
    }
}
