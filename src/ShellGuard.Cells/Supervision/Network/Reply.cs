using ShellGuard.Linux;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>The one answer to one trapped call. There is no way to say "continue" here: the kernel would read the
/// program's memory again, after it was judged.</summary>
internal sealed class Reply(NotifyFd notify, ulong id, CancellationToken closing)
{
    /// <summary>Whether the caller still waits; asked after every look at its memory or descriptors, so that what was
    /// seen was the caller's and not that of a later process with its number.</summary>
    internal bool IsWanted => !closing.IsCancellationRequested && notify.IsAlive(id);

    internal bool Given { get; private set; }

    /// <summary>Ends the call with an error.</summary>
    internal void Fail(Errno error)
    {
        Given = true;
        notify.Fail(id, error == Errno.None ? Errno.EACCES : error);
    }

    /// <summary>Ends the call as the kernel ended ours on the duplicate.</summary>
    internal void Repeat(LinuxResult result)
    {
        Given = true;
        if (result.Failed)
        {
            notify.Fail(id, result.Error);
        }
        else
        {
            notify.Return(id, 0);
        }
    }

    /// <summary>Ends the call with a descriptor that the caller did not have.</summary>
    internal void Install(ShellGuard.Linux.Handles.Descriptor source, bool closeOnExec)
    {
        LinuxResult result = notify.InstallDescriptorAndReturn(id, source, closeOnExec);
        Given = result.Succeeded;
        if (result.Failed)
        {
            Fail(result.Error);
        }
    }

    internal LinuxResult Install(ShellGuard.Linux.Handles.Descriptor source, int target, bool closeOnExec) =>
        notify.InstallDescriptor(id, source, target, closeOnExec);
}
