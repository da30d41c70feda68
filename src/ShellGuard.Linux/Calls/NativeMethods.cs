using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;

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

    [LibraryImport(Libc)]
    internal static partial int getpwuid_r(uint uid, Passwd* entry, byte* buffer, nuint size, Passwd** found);

    [LibraryImport(Libc)]
    internal static partial int getpwnam_r(byte* name, Passwd* entry, byte* buffer, nuint size, Passwd** found);

    [LibraryImport(Libc)]
    internal static partial int getgrgid_r(uint gid, Group* entry, byte* buffer, nuint size, Group** found);

    [LibraryImport(Libc)]
    internal static partial int getgrouplist(byte* name, uint group, uint* groups, int* count);

    [LibraryImport(Libc)]
    internal static partial nuint getauxval(nuint type);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int setresgid(uint real, uint effective, uint saved);

    [LibraryImport(Libc, SetLastError = true)]
    internal static partial int setresuid(uint real, uint effective, uint saved);
}
