using System.Text;
using ShellGuard.Linux.Calls;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Gates;

/// <summary>Where a running session takes decisions: an abstract unix socket of the host's network, unix(7). It ends with
/// its supervisor; no cell reaches it, because each has a network of its own; and who connects is known by the kernel's
/// word.</summary>
internal static class ApprovalAddress
{
    private const string Start = "shellguard/approvals/";

    /// <summary>The address for bind(2) and connect(2).</summary>
    public static byte[] Of(string session) => [AF_UNIX, 0, 0, .. Encoding.ASCII.GetBytes(Start + session)];

    /// <summary>The sessions that take decisions now, by proc_net(5).</summary>
    public static IReadOnlyList<string> Sessions()
    {
        List<string> sessions = [];
        foreach (string line in File.ReadLines("/proc/self/net/unix"))
        {
            int at = line.LastIndexOf(" @" + Start, StringComparison.Ordinal);
            string name = at < 0 ? "" : line[(at + 2 + Start.Length)..];
            if (name.Length > 0 && !sessions.Contains(name) && Core.Events.SessionId.TryParse(name, out _))
            {
                sessions.Add(name);
            }
        }

        return sessions;
    }

    /// <summary>The user at the other end of a connection, or who listens there, SO_PEERCRED in unix(7).</summary>
    public static uint? PeerOf(Linux.Handles.Descriptor connection)
    {
        Span<byte> credentials = stackalloc byte[12];
        return Sockets.GetOption(connection, SOL_SOCKET, SO_PEERCRED, credentials) is { Succeeded: true, Value: 12 }
            ? BitConverter.ToUInt32(credentials[4..])
            : null;
    }

    /// <summary>Nobody waits for the other end for ever.</summary>
    public static Linux.LinuxResult Hurry(Linux.Handles.Descriptor connection)
    {
        // A struct timeval: 5 seconds.
        Span<byte> time = stackalloc byte[16];
        time.Clear();
        time[0] = 5;
        Linux.LinuxResult result = Sockets.SetOption(connection, SOL_SOCKET, SO_RCVTIMEO, time);
        return result.Failed ? result : Sockets.SetOption(connection, SOL_SOCKET, SO_SNDTIMEO, time);
    }
}
