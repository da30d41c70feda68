using System.Text;
using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Supervision.Network;

internal sealed partial class ConnectMediator
{
    private void DecideUnix(TrappedSocket trapped, ReadOnlySpan<byte> sockaddr, Reply reply)
    {
        int family = TargetAddress.FamilyOf(sockaddr);
        if (family == AF_UNSPEC)
        {
            // Only a datagram socket takes it; it loses its peer.
            reply.Repeat(Sockets.Connect(trapped.Socket, sockaddr));
            return;
        }

        if (family != AF_UNIX || sockaddr.Length == 2)
        {
            reply.Fail(Errno.EINVAL);
            return;
        }

        ReadOnlySpan<byte> name = sockaddr[2..];
        if (name[0] == 0)
        {
            ConnectAbstract(trapped, sockaddr, reply);
            return;
        }

        // A path ends at its first NUL or with the address, unix(7).
        int end = name.IndexOf((byte)0);
        ConnectPath(trapped, end < 0 ? name : name[..end], reply);
    }

    /// <summary>Abstract names belong to the socket's network namespace, so a socket of the cell finds the cell's
    /// names only; one that came from outside would find the host's.</summary>
    private void ConnectAbstract(TrappedSocket trapped, ReadOnlySpan<byte> sockaddr, Reply reply)
    {
        string target = "unix:@" + Printable(sockaddr[3..]);
        if (trapped.NetworkCookie != facts.NetworkCookie)
        {
            Refuse(trapped, reply, Errno.EACCES, target, "a socket from outside keeps its target",
                "this socket belongs to the host's network, whose abstract names are not the cell's");
            return;
        }

        if (!recorder.AllowBuiltIn(
            trapped.Thread, Operation.Connect, target, "a cell has its own abstract names", "never leaves the cell"))
        {
            reply.Fail(Errno.EACCES);
            return;
        }

        byte[] address = sockaddr.ToArray();
        reply.Repeat(CallerIdentity.Run(trapped.Thread, () => Sockets.Connect(trapped.Socket, address)));
    }

    /// <summary>The path is walked once, in the caller's root; what it leads to is judged; and the socket is connected
    /// to exactly that object through our own descriptor of it.</summary>
    private void ConnectPath(TrappedSocket trapped, ReadOnlySpan<byte> path, Reply reply)
    {
        byte[] name = path.ToArray();
        string target = "unix:" + Printable(path);
        LinuxResult walkable = CallerRoot.Open(trapped.Thread, out CallerRoot? root);
        if (root is null || !reply.IsWanted)
        {
            root?.Dispose();
            reply.Fail(walkable.Failed ? Errno.EACCES : Errno.ECONNREFUSED);
            return;
        }

        using (root)
        {
            Descriptor found = new();
            LinuxResult walked = CallerIdentity.Run(trapped.Thread, () => root.Find(name, out found));
            using (found)
            {
                if (walked.Failed)
                {
                    reply.Fail(walked.Error);
                    return;
                }

                LinuxResult described = ObjectPath.Describe(found, out ObjectIdentity identity);
                if (described.Failed)
                {
                    reply.Fail(Errno.EACCES);
                    return;
                }

                if (!identity.IsSocket)
                {
                    reply.Fail(Errno.ECONNREFUSED);
                    return;
                }

                bool granted = facts.GrantedSockets.Contains((identity.Device, identity.Inode));
                bool own = !granted && MountDevices.Find(trapped.Thread, identity.MountId) is { } device &&
                    facts.OwnDevices.Contains(device);
                if (!granted && !own)
                {
                    Refuse(trapped, reply, Errno.EACCES, target, "the host's sockets are not the cell's",
                        "a program of the host listens there, outside every rule of this cell",
                        $"hand the socket over by name: --socket {Printable(path)}");
                    return;
                }

                if (!recorder.AllowBuiltIn(
                    trapped.Thread,
                    Operation.Connect,
                    target,
                    granted ? "sockets handed over by name" : "a cell has its own sockets",
                    granted ? "the policy hands this socket over" : "it was made inside the cell"))
                {
                    reply.Fail(Errno.EACCES);
                    return;
                }

                byte[] address = [AF_UNIX, 0, .. Encoding.ASCII.GetBytes($"/proc/self/fd/{found.Number}"), 0];
                reply.Repeat(CallerIdentity.Run(
                    trapped.Thread, () => Sockets.Connect(trapped.Socket, address)));
            }
        }
    }

    /// <summary>Bytes that are not printable ASCII are written as \xNN, so that a name cannot break a record.</summary>
    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        foreach (byte value in bytes)
        {
            if (value is > 0x20 and < 0x7f and not (byte)'\\')
            {
                text.Append((char)value);
            }
            else
            {
                text.Append($"\\x{value:x2}");
            }
        }

        return text.ToString();
    }
}
