using Microsoft.Win32.SafeHandles;

namespace ShellGuard.Linux.Handles;

/// <summary>An owned file descriptor. Disposing closes it.</summary>
public class Descriptor : SafeHandleMinusOneIsInvalid
{
    public Descriptor()
        : base(ownsHandle: true)
    {
    }

    /// <param name="number">An open descriptor that from now on belongs to this object.</param>
    public Descriptor(int number)
        : base(ownsHandle: true) => SetHandle(number);

    /// <summary>The number, valid while this object is not disposed. For launch scripts and ioctl structures, which
    /// carry numbers; the owner keeps this object alive across the use.</summary>
    public int Number => (int)handle;

    protected override bool ReleaseHandle() => Calls.NativeMethods.close((int)handle) == 0;
}
