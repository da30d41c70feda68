using System.Runtime.InteropServices;

namespace ShellGuard.Linux.Calls;

/// <summary>The C library's entry points, one name each. Callers use the typed wrappers beside this file.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Libc = "libc";

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int close(int fd);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial nint syscall(nint number, nint a0, nint a1, nint a2, nint a3, nint a4, nint a5);

    [LibraryImport(Libc)]
    internal static partial int pthread_sigmask(int how, ulong* set, ulong* previous);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial nint mmap(nint address, nuint length, int protection, int flags, int fd, nint offset);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int mprotect(nint address, nuint length, int protection);
}
