using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Linux.Terminals;

/// <summary>Wakes a thread out of poll(2) from any other thread: an eventfd(2).</summary>
public sealed class WakeUp : IDisposable
{
    private static readonly byte[] One = BitConverter.GetBytes(1UL);
    private readonly byte[] _counter = new byte[sizeof(ulong)];

    /// <exception cref="LinuxException">No descriptor could be had.</exception>
    public WakeUp() => Descriptor = new Descriptor((int)Kernel.Call(
        SystemCall.eventfd2,
        0,
        FileFlag.EFD_NONBLOCK | FileFlag.EFD_CLOEXEC).OrThrow());

    /// <summary>Readable when there was a signal since the last <see cref="Clear"/>.</summary>
    public Descriptor Descriptor { get; }

    /// <summary>Wakes. EAGAIN means that the counter is full, and so that the sleeper is woken already.</summary>
    public void Signal()
    {
        bool held = false;
        try
        {
            // A signal may come after the owner closed everything; the number may then be somebody else's.
            Descriptor.DangerousAddRef(ref held);
            _ = DescriptorIo.Write(Descriptor, One);
        }
        catch (ObjectDisposedException)
        {
            // Nobody sleeps any more.
        }
        finally
        {
            if (held)
            {
                Descriptor.DangerousRelease();
            }
        }
    }

    /// <summary>For the thread that was woken.</summary>
    public void Clear() => _ = DescriptorIo.Read(Descriptor, _counter);

    public void Dispose() => Descriptor.Dispose();
}
