using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Linux.Launch;

/// <summary>Enters the kernel by the i386 door, <c>int 0x80</c>, as a program of 64 bits can: for asking whether it
/// is shut. Where it is, the kernel may end the whole process instead of answering.</summary>
public static unsafe class ForeignEntry
{
    /// <summary>mov eax, edi; int 0x80; movsxd rax, eax; ret. The kernel keeps every other register.</summary>
    private static ReadOnlySpan<byte> Code => [0x89, 0xf8, 0xcd, 0x80, 0x48, 0x63, 0xc0, 0xc3];

    /// <summary>Calls an i386 system call without arguments.</summary>
    /// <param name="number">Its i386 number, for example 20 for getpid.</param>
    public static LinuxResult Call(int number)
    {
        // SAFETY: a fresh private page that nothing else knows; written once, then made executable and read-only.
        nint page = NativeMethods.mmap(0, 4096, 3, 0x22, -1, 0);
        if (page == -1)
        {
            return new LinuxResult(-1, Errno.ENOMEM, SystemCall.mmap);
        }

        Code.CopyTo(new Span<byte>((void*)page, 4096));
        if (NativeMethods.mprotect(page, 4096, 5) != 0)
        {
            return new LinuxResult(-1, Errno.EACCES, SystemCall.mprotect);
        }

        // SAFETY: the code above takes one int in edi and returns in rax; it changes no callee-saved register.
        long value = ((delegate* unmanaged<int, nint>)page)(number);
        return value is < 0 and > -4096
            ? new LinuxResult(-1, (Errno)(-value), SystemCall.getpid, "int 0x80")
            : new LinuxResult(value, Errno.None, SystemCall.getpid, "int 0x80");
    }
}
