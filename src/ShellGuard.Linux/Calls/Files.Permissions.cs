using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Calls;

public static unsafe partial class Files
{
    private const int X_OK = 1;
    private const int W_OK = 2;
    private const int AT_EACCESS = 0x200;
    private const int AT_FDCWD = -100;

    /// <summary>Whether this process could write a file, or make it where it does not exist, faccessat2(2): by
    /// permissions and mounts of its own view.</summary>
    /// <param name="path">The file.</param>
    /// <param name="directory">The directory that it is or would be in.</param>
    public static bool MayWrite(string path, string directory)
    {
        LinuxResult file = Check(path, W_OK);
        return file.Succeeded || (file.Error == Errno.ENOENT && Check(directory, W_OK).Succeeded);
    }

    /// <summary>Whether this process could execute a file, faccessat2(2).</summary>
    public static bool MayExecute(string path) => Check(path, X_OK).Succeeded;

    private static LinuxResult Check(string path, int access)
    {
        if (KernelText.Terminated(path) is not { } bytes)
        {
            return new LinuxResult(-1, Errno.EINVAL, SystemCall.faccessat2, path);
        }

        // SAFETY: the kernel reads a terminated string.
        fixed (byte* name = bytes)
        {
            return Kernel.Call(SystemCall.faccessat2, AT_FDCWD, (nint)name, access, AT_EACCESS, subject: path);
        }
    }
}
