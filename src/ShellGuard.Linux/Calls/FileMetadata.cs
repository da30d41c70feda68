using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Calls;

/// <summary>Mode, owner and times of open files. Works on <c>O_PATH</c> descriptors of everything but symbolic links
/// too, because it goes by <c>/proc/self/fd</c>, whose links lead to the inode itself, proc_pid_fd(5).</summary>
public static unsafe class FileMetadata
{
    /// <summary>An owner or a group that stays what it is, chown(2).</summary>
    public const uint Unchanged = uint.MaxValue;

    /// <summary>The path by which this process reaches what a descriptor has open.</summary>
    public static string ProcPath(Descriptor file) => $"/proc/self/fd/{file.Number}";

    /// <summary>chmod(2) of an open file.</summary>
    public static LinuxResult SetMode(Descriptor file, uint mode) =>
        Named(SystemCall.fchmodat, (int)AtFlags.FDCWD, ProcPath(file), file, (nint)mode);

    /// <summary>fchownat(2) of an open file, also of a symbolic link opened with <c>O_PATH|O_NOFOLLOW</c>.</summary>
    public static LinuxResult SetOwner(Descriptor file, uint owner, uint group) =>
        Named(
            SystemCall.fchownat, file.Number, "", file, (nint)owner, (nint)group, (nint)AtFlags.EMPTY_PATH);

    /// <summary>utimensat(2) of a name; a link at its end is not followed.</summary>
    public static LinuxResult SetTimes(Descriptor directory, string name, TimeSpec accessed, TimeSpec modified)
    {
        TimeSpec* times = stackalloc TimeSpec[2];
        times[0] = accessed;
        times[1] = modified;
        // SAFETY: the kernel reads two timespecs from the stack of this frame.
        return Named(
            SystemCall.utimensat,
            directory.Number,
            name,
            directory,
            (nint)times,
            (nint)AtFlags.SYMLINK_NOFOLLOW);
    }

    /// <summary>utimensat(2) of an open file; not for <c>O_PATH</c> of a symbolic link.</summary>
    public static LinuxResult SetTimes(Descriptor file, TimeSpec accessed, TimeSpec modified)
    {
        TimeSpec* times = stackalloc TimeSpec[2];
        times[0] = accessed;
        times[1] = modified;
        // SAFETY: the kernel reads two timespecs from the stack of this frame.
        return Named(SystemCall.utimensat, (int)AtFlags.FDCWD, ProcPath(file), file, (nint)times);
    }

    /// <summary>clock_gettime(2).</summary>
    public static TimeSpec Now(Clock clock)
    {
        TimeSpec now;
        // SAFETY: the kernel writes one timespec; the call cannot fail for the clocks of the enum.
        Kernel.Call(SystemCall.clock_gettime, (nint)clock, (nint)(&now)).OrThrow();
        return now;
    }

    /// <summary>geteuid(2).</summary>
    public static uint EffectiveUser => (uint)Kernel.Call(SystemCall.geteuid).Value;

    private static LinuxResult Named(
        SystemCall call, int directory, string path, Descriptor keep, nint a2, nint a3 = 0, nint a4 = 0)
    {
        if (KernelText.Terminated(path) is not { } bytes)
        {
            return new LinuxResult(-1, Errno.EINVAL, call, path);
        }

        // SAFETY: a terminated string that outlives the call; what a2 points to belongs to the caller's frame.
        fixed (byte* name = bytes)
        {
            LinuxResult result = Kernel.Call(call, directory, (nint)name, a2, a3, a4, subject: path);
            GC.KeepAlive(keep);
            return result;
        }
    }
}
