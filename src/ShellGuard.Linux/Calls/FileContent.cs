using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Calls;

/// <summary>The bytes of open files.</summary>
public static unsafe class FileContent
{
    /// <summary>pread64(2): may return fewer bytes than asked for; 0 at the end.</summary>
    public static LinuxResult Read(Descriptor file, Span<byte> buffer, long offset)
    {
        LinuxResult result;
        do
        {
            // SAFETY: the kernel writes at most buffer.Length bytes into the pinned buffer.
            fixed (byte* into = buffer)
            {
                result = Kernel.Call(
                    SystemCall.pread64, file.Number, (nint)into, buffer.Length, (nint)offset);
            }
        }
        while (result.Error == Errno.EINTR);

        GC.KeepAlive(file);
        return result;
    }

    /// <summary>pread64(2) until the buffer is full or the file ends. The value is the number of bytes.</summary>
    public static LinuxResult ReadFully(Descriptor file, Span<byte> buffer, long offset)
    {
        int filled = 0;
        while (filled < buffer.Length)
        {
            LinuxResult result = Read(file, buffer[filled..], offset + filled);
            if (result.Failed)
            {
                return result;
            }

            if (result.Value == 0)
            {
                break;
            }

            filled += (int)result.Value;
        }

        return new LinuxResult(filled, Errno.None, SystemCall.pread64);
    }

    /// <summary>pwrite64(2) until all is written.</summary>
    public static LinuxResult Write(Descriptor file, ReadOnlySpan<byte> buffer, long offset)
    {
        while (!buffer.IsEmpty)
        {
            LinuxResult result;
            // SAFETY: the kernel reads buffer.Length bytes of the pinned buffer.
            fixed (byte* from = buffer)
            {
                result = Kernel.Call(
                    SystemCall.pwrite64, file.Number, (nint)from, buffer.Length, (nint)offset);
            }

            GC.KeepAlive(file);
            if (result.Error == Errno.EINTR)
            {
                continue;
            }

            if (result.Failed)
            {
                return result;
            }

            buffer = buffer[(int)result.Value..];
            offset += result.Value;
        }

        return new LinuxResult(0, Errno.None, SystemCall.pwrite64);
    }

    /// <summary>write(2) until all is written, for files opened to append.</summary>
    public static LinuxResult Append(Descriptor file, ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            LinuxResult result;
            // SAFETY: the kernel reads buffer.Length bytes of the pinned buffer.
            fixed (byte* from = buffer)
            {
                result = Kernel.Call(SystemCall.write, file.Number, (nint)from, buffer.Length);
            }

            GC.KeepAlive(file);
            if (result.Error == Errno.EINTR)
            {
                continue;
            }

            if (result.Failed)
            {
                return result;
            }

            buffer = buffer[(int)result.Value..];
        }

        return new LinuxResult(0, Errno.None, SystemCall.write);
    }

    /// <summary>lseek(2). With <see cref="SeekFrom.DATA"/>, <see cref="Errno.ENXIO"/> means: only a hole from here on.
    /// </summary>
    public static LinuxResult Seek(Descriptor file, long offset, SeekFrom from)
    {
        LinuxResult result = Kernel.Call(SystemCall.lseek, file.Number, (nint)offset, (nint)from);
        GC.KeepAlive(file);
        return result;
    }

    /// <summary>copy_file_range(2): may copy fewer bytes than asked for; 0 at the end of the source.</summary>
    public static LinuxResult CopyRange(
        Descriptor from, long fromOffset, Descriptor to, long toOffset, long length)
    {
        LinuxResult result;
        do
        {
            long source = fromOffset;
            long destination = toOffset;
            // SAFETY: the kernel reads and writes the two offsets, locals that outlive the call.
            result = Kernel.Call(
                SystemCall.copy_file_range,
                from.Number,
                (nint)(&source),
                to.Number,
                (nint)(&destination),
                (nint)length);
        }
        while (result.Error == Errno.EINTR);

        GC.KeepAlive(from);
        GC.KeepAlive(to);
        return result;
    }

    /// <summary>ftruncate(2).</summary>
    public static LinuxResult SetLength(Descriptor file, long length)
    {
        LinuxResult result = Kernel.Call(SystemCall.ftruncate, file.Number, (nint)length);
        GC.KeepAlive(file);
        return result;
    }

    /// <summary>fsync(2), of a file or a directory.</summary>
    public static LinuxResult Flush(Descriptor file)
    {
        LinuxResult result;
        do
        {
            result = Kernel.Call(SystemCall.fsync, file.Number);
        }
        while (result.Error == Errno.EINTR);

        GC.KeepAlive(file);
        return result;
    }

    /// <summary>flock(2).</summary>
    public static LinuxResult Lock(Descriptor file, LockOperation operation)
    {
        LinuxResult result;
        do
        {
            result = Kernel.Call(SystemCall.flock, file.Number, (nint)operation);
        }
        while (result.Error == Errno.EINTR);

        GC.KeepAlive(file);
        return result;
    }
}
