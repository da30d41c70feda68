using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Puts a connected socket into a program's table in place of the one that it called connect with, together
/// with what the program had already done with that one.</summary>
internal static class SocketSwap
{
    /// <summary>Swaps. On failure the program keeps its old socket, or has one that is shut down.</summary>
    internal static LinuxResult Swap(TrappedSocket trapped, Descriptor fresh, EpollInstances instances, Reply reply)
    {
        LinuxResult result = FileFlags.SetNonBlocking(fresh, trapped.NonBlocking);
        if (result.Failed)
        {
            return result;
        }

        ProcessStatus? status = ProcessStatus.Read(trapped.Thread);
        if (status is null)
        {
            return new LinuxResult(-1, Errno.ESRCH, SystemCall.pidfd_getfd);
        }

        result = SocketHolders.Find(trapped, status, instances, out SocketHolders holders);
        if (result.Failed)
        {
            return result;
        }

        // Other numbers of the same socket follow only where nobody can give them to another file meanwhile: the only
        // thread of the process waits for us. With several threads they keep the old, unconnected socket.
        List<int> numbers = [trapped.Number, .. holders.Copies];
        foreach (int number in numbers)
        {
            result = Place(trapped, number, fresh, reply);
            if (result.Failed)
            {
                return result;
            }
        }

        EpollRegistration[] moved = Array.FindAll([.. holders.Registrations], entry => numbers.Contains(entry.Number));
        if (moved.Length == 0)
        {
            return result;
        }

        result = RegistrationCarrier.Carry(status.Process, trapped.Socket, fresh, moved);
        if (result.Failed)
        {
            // A program that waits for an event that cannot come would wait for ever: end the connection, aloud.
            Sockets.Shutdown(fresh, 2);
        }

        return result;
    }

    private static LinuxResult Place(TrappedSocket trapped, int number, Descriptor fresh, Reply reply)
    {
        LinuxResult result = SocketHolders.IsCloseOnExec(trapped.Thread, number, out bool closeOnExec);
        if (result.Failed)
        {
            return result;
        }

        // Another thread may have closed the number and got it back for another file: do not destroy that one. The
        // window that is left is the program's own race between close and connect, and costs nobody else anything.
        return ThreadSelf.IsSameFile(trapped.Socket, trapped.Thread, number)
            ? reply.Install(fresh, number, closeOnExec)
            : new LinuxResult(-1, Errno.EBADF, SystemCall.kcmp);
    }
}
