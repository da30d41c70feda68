using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Calls;

/// <summary>The memory of a thread that waits for us. process_vm_readv(2) cannot be stalled by userfaultfd or a slow file
/// system for longer than the page fault itself, and never runs the other side's code.</summary>
public static unsafe class RemoteMemory
{
    /// <summary>Fills the whole buffer or fails.</summary>
    /// <param name="thread">Any thread of the process.</param>
    /// <param name="address">Where, in that process.</param>
    /// <returns>EFAULT when any byte is not readable there; a partial read is EFAULT too.</returns>
    public static LinuxResult Read(int thread, ulong address, Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return new LinuxResult(0, Errno.None, SystemCall.process_vm_readv);
        }

        // SAFETY: the kernel writes at most iov_len bytes into the pinned buffer; the remote address is only a number
        // here and is checked by the kernel against the other address space.
        fixed (byte* bytes = buffer)
        {
            iovec local = new() { iov_base = bytes, iov_len = (nuint)buffer.Length };
            iovec remote = new() { iov_base = (void*)address, iov_len = (nuint)buffer.Length };
            LinuxResult result = Kernel.Call(
                SystemCall.process_vm_readv, thread, (nint)(&local), 1, (nint)(&remote), 1, 0);
            return result.Succeeded && result.Value != buffer.Length
                ? new LinuxResult(-1, Errno.EFAULT, SystemCall.process_vm_readv)
                : result;
        }
    }

    /// <summary>Writes the whole buffer or fails, as process_vm_writev(2): only where the process could write itself.</summary>
    /// <param name="thread">Any thread of the process.</param>
    /// <param name="address">Where, in that process.</param>
    /// <returns>EFAULT when any byte is not writable there; what stands before it may be written.</returns>
    public static LinuxResult Write(int thread, ulong address, ReadOnlySpan<byte> buffer)
    {
        // SAFETY: the kernel reads at most iov_len bytes from the pinned buffer; the remote address is only a number here
        // and is checked by the kernel against the other address space.
        fixed (byte* bytes = buffer)
        {
            iovec local = new() { iov_base = bytes, iov_len = (nuint)buffer.Length };
            iovec remote = new() { iov_base = (void*)address, iov_len = (nuint)buffer.Length };
            LinuxResult result = Kernel.Call(
                SystemCall.process_vm_writev, thread, (nint)(&local), 1, (nint)(&remote), 1, 0);
            return result.Succeeded && result.Value != buffer.Length
                ? new LinuxResult(-1, Errno.EFAULT, SystemCall.process_vm_writev)
                : result;
        }
    }
}
