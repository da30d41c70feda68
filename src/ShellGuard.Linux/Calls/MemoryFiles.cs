using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Calls;

/// <summary>Files without a name, memfd_create(2).</summary>
public static unsafe class MemoryFiles
{
    private const int MFD_CLOEXEC = 1;
    private const int MFD_ALLOW_SEALING = 2;
    private const int MFD_EXEC = 0x10;
    private const int F_ADD_SEALS = 1033;
    private const int AllSeals = 0xf;

    /// <summary>Zeroed memory to be shared with another process by its descriptor, close-on-exec.</summary>
    /// <param name="name">Shown by proc(5) as <c>/memfd:NAME</c>.</param>
    /// <param name="size">In bytes; only what is written takes memory.</param>
    public static LinuxResult CreateShared(string name, long size, out Descriptor memory)
    {
        memory = new Descriptor();
        byte[] text = [.. KernelText.Encode(name), 0];
        LinuxResult result;

        // SAFETY: the kernel reads the name up to its NUL; the array is pinned across the call.
        fixed (byte* pinned = text)
        {
            result = Kernel.Call(SystemCall.memfd_create, (nint)pinned, MFD_CLOEXEC, subject: name);
        }

        if (result.Failed)
        {
            return result;
        }

        Descriptor file = new((int)result.Value);
        LinuxResult sized = FileContent.SetLength(file, size);
        if (sized.Failed)
        {
            file.Dispose();
            return sized;
        }

        memory = file;
        return sized;
    }

    /// <summary>A program in memory that nobody can change any more: sealed against writing, growing and
    /// shrinking.</summary>
    /// <param name="name">Shown by proc(5) as <c>/memfd:NAME</c>.</param>
    /// <param name="content">The program.</param>
    /// <param name="program">The descriptor, close-on-exec.</param>
    public static LinuxResult CreateProgram(string name, ReadOnlySpan<byte> content, out Descriptor program)
    {
        program = new Descriptor();
        byte[] text = [.. KernelText.Encode(name), 0];
        LinuxResult result;

        // SAFETY: the kernel reads the name up to its NUL; the array is pinned across the call.
        fixed (byte* pinned = text)
        {
            result = Kernel.Call(
                SystemCall.memfd_create, (nint)pinned, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC, subject: name);
            if (result.Error == Errno.EINVAL)
            {
                // MFD_EXEC is newer (Linux 6.3) than this house needs; before it every memfd is executable.
                result = Kernel.Call(
                    SystemCall.memfd_create, (nint)pinned, MFD_CLOEXEC | MFD_ALLOW_SEALING, subject: name);
            }
        }

        if (result.Failed)
        {
            return result;
        }

        Descriptor file = new((int)result.Value);
        LinuxResult written = FileContent.Append(file, content);
        LinuxResult done = written.Failed
            ? written
            : Kernel.Call(SystemCall.fcntl, file.Number, F_ADD_SEALS, AllSeals, subject: name);
        if (done.Failed)
        {
            file.Dispose();
            return done;
        }

        program = file;
        return done;
    }
}
