using System.Text;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Calls;

/// <summary>Reads small files and links of procfs, proc(5), without exceptions: a process may be gone at any time.</summary>
public static unsafe class ProcFile
{
    private const int AT_FDCWD = -100;
    private const int O_CLOEXEC = 0x80000;
    private const int O_DIRECTORY = 0x10000;

    /// <summary>Reads from the start until the buffer is full or the file ends.</summary>
    /// <returns>How many bytes were read.</returns>
    public static LinuxResult Read(string path, Span<byte> buffer)
    {
        LinuxResult opened = Open(path, O_CLOEXEC, out Descriptor file);
        using (file)
        {
            if (opened.Failed)
            {
                return opened;
            }

            int filled = 0;
            // SAFETY: the kernel writes at most buffer.Length - filled bytes behind what is filled.
            fixed (byte* bytes = buffer)
            {
                while (filled < buffer.Length)
                {
                    LinuxResult result = Kernel.Call(
                        SystemCall.read, file.Number, (nint)(bytes + filled), buffer.Length - filled, subject: path);
                    if (result.Error == Errno.EINTR)
                    {
                        continue;
                    }

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
            }

            return new LinuxResult(filled, Errno.None, SystemCall.read, path);
        }
    }

    /// <summary>Where a link of procfs leads, as text; null when it cannot be read.</summary>
    public static byte[]? ReadLink(string path)
    {
        Span<byte> name = stackalloc byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        name[Encoding.UTF8.GetBytes(path, name)] = 0;
        Span<byte> target = stackalloc byte[4096];
        // SAFETY: name ends in NUL; the kernel writes at most target.Length bytes, without a NUL.
        fixed (byte* from = name)
        fixed (byte* to = target)
        {
            LinuxResult result =
                Kernel.Call(SystemCall.readlinkat, AT_FDCWD, (nint)from, (nint)to, target.Length, subject: path);
            return result.Failed ? null : target[..(int)result.Value].ToArray();
        }
    }

    /// <summary>The open descriptors' numbers of a process, from <c>/proc/PID/fd</c>, in no order.</summary>
    /// <param name="most">Stops after so many.</param>
    /// <returns>EMFILE when there are more than <paramref name="most"/>.</returns>
    public static LinuxResult ReadDescriptorNumbers(int process, int most, List<int> numbers) =>
        ReadNumbers($"/proc/{process}/fd", most, numbers);

    /// <summary>The names in a directory of procfs that are numbers: processes in <c>/proc</c>, threads in
    /// <c>/proc/PID/task</c>. In no order.</summary>
    /// <param name="most">Stops after so many.</param>
    /// <returns>EMFILE when there are more than <paramref name="most"/>.</returns>
    public static LinuxResult ReadNumbers(string path, int most, List<int> numbers)
    {
        const int size = 8192;
        byte* buffer = stackalloc byte[size];
        LinuxResult opened = Open(path, O_CLOEXEC | O_DIRECTORY, out Descriptor directory);
        using (directory)
        {
            if (opened.Failed)
            {
                return opened;
            }

            while (true)
            {
                LinuxResult result =
                    Kernel.Call(SystemCall.getdents64, directory.Number, (nint)buffer, size, subject: path);
                if (result.Failed || result.Value == 0)
                {
                    return result;
                }

                // SAFETY: struct linux_dirent64, getdents(2): d_reclen at 16, d_name at 19, whole records only.
                for (byte* entry = buffer; entry < buffer + result.Value; entry += *(ushort*)(entry + 16))
                {
                    int number = 0;
                    byte* name = entry + 19;
                    if (*name is < (byte)'0' or > (byte)'9')
                    {
                        continue;
                    }

                    for (; *name != 0; name++)
                    {
                        number = (number * 10) + (*name - '0');
                    }

                    if (numbers.Count == most)
                    {
                        return new LinuxResult(-1, Errno.EMFILE, SystemCall.getdents64, path);
                    }

                    numbers.Add(number);
                }
            }
        }
    }

    private static LinuxResult Open(string path, int flags, out Descriptor file)
    {
        Span<byte> name = stackalloc byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        name[Encoding.UTF8.GetBytes(path, name)] = 0;
        // SAFETY: name ends in NUL and is on the stack.
        fixed (byte* bytes = name)
        {
            LinuxResult result = Kernel.Call(SystemCall.openat, AT_FDCWD, (nint)bytes, flags, subject: path);
            file = result.Failed ? new Descriptor() : new Descriptor((int)result.Value);
            return result;
        }
    }
}
