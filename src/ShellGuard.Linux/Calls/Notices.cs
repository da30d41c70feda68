using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Calls;

/// <summary>Watches of inotify(7).</summary>
public static unsafe class Notices
{
    /// <summary>inotify_add_watch(2) for what an open descriptor is, <c>O_PATH</c> included.</summary>
    /// <param name="instance">Of inotify_init(2).</param>
    /// <param name="mask">Which events; IN_DONT_FOLLOW has no meaning here.</param>
    /// <returns>The watch's number.</returns>
    public static LinuxResult Watch(Descriptor instance, Descriptor file, uint mask)
    {
        const uint IN_DONT_FOLLOW = 0x02000000;
        string path = FileMetadata.ProcPath(file);
        byte[] name = [.. KernelText.Encode(path), 0];
        using DescriptorLease lease = new(instance);
        using DescriptorLease kept = new(file);

        // SAFETY: the kernel reads the name up to its NUL; the array is pinned across the call.
        fixed (byte* bytes = name)
        {
            return Kernel.Call(
                SystemCall.inotify_add_watch, lease.Number, (nint)bytes, (nint)(mask & ~IN_DONT_FOLLOW), subject: path);
        }
    }
}
