using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Seccomp;
using ShellGuard.Policy.Model;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>The network of one cell as the supervisor holds it: answers names on the cell's resolver sockets and
/// decides trapped connect and listen calls. Every call is answered exactly once and never by letting it go on.</summary>
public sealed class NetworkMediator : IDisposable
{
    private const int MostThreads = 512;
    private const int MostWaiting = 16_384;
    private readonly NotifyFd _notify;
    private readonly NetworkRecorder _recorder;
    private readonly EpollInstances _instances = new();
    private readonly ConnectMediator _connect;
    private readonly ListenMediator _listen;
    private readonly NetlinkSockets _netlink;
    private readonly Dns.DnsResponder _responder;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closed;
    private readonly WorkerPool _workers = new(MostThreads, MostWaiting);

    /// <summary>Starts answering names at once; calls come by <see cref="Handle"/>.</summary>
    /// <param name="notify">Where the answers go; must outlive this object.</param>
    /// <param name="facts">The cell's own objects; <see cref="CookieOf"/> tells its network.</param>
    /// <param name="rules">The policy.</param>
    /// <param name="questions">Asks a person; called on workers, once for each waiting call.</param>
    /// <param name="sink">Takes every decision, an allowed one before its effect. Called on several threads.</param>
    /// <param name="addresses">Shared by the cells of one session, or one for each.</param>
    /// <param name="resolver">Asks the host's resolver.</param>
    /// <param name="udp">A UDP socket of the cell's network, bound to 198.18.0.1:53; must outlive this object.</param>
    /// <param name="tcp">A TCP socket likewise, listening or not.</param>
    /// <param name="endpoints">Where the cell's label grows with what it reaches; null where it is fixed.</param>
    /// <param name="walls">What has tags; null where the policy has no walls.</param>
    /// <exception cref="LinuxException">A resolver socket cannot be used.</exception>
    public NetworkMediator(
        NotifyFd notify,
        CellFacts facts,
        INetworkRules rules,
        IQuestions questions,
        IAccessSink sink,
        Dns.SessionAddresses addresses,
        IHostResolver resolver,
        Descriptor udp,
        Descriptor tcp,
        IEndpoints? endpoints = null,
        WallRules? walls = null)
    {
        _notify = notify;
        _closed = _closing.Token;
        _recorder = new NetworkRecorder(sink, ProcessChain.Of);
        _connect = new ConnectMediator(facts, rules, questions, _recorder, addresses, resolver, new ResolvedAddresses(rules, walls, resolver),
            _instances, endpoints);
        _listen = new ListenMediator(facts, _recorder);
        _netlink = new NetlinkSockets(udp);
        _responder = new Dns.DnsResponder(udp, tcp, new Dns.NameAnswers(rules, addresses, sink));
    }

    /// <summary>The number of the network namespace that a socket belongs to, SO_NETNS_COOKIE, socket(7).</summary>
    /// <exception cref="LinuxException">Not a socket, or a kernel before 5.14.</exception>
    public static ulong CookieOf(Descriptor socket)
    {
        Sockets.GetOption(socket, SOL_SOCKET, SO_NETNS_COOKIE, out ulong cookie).OrThrow();
        return cookie;
    }

    /// <summary>Takes a trapped connect, listen or socket, and epoll_create. Returns at once; the answer to the first three
    /// comes from a worker. When all are busy and the queue is full, and for any other call, the answer is EACCES.</summary>
    public void Handle(in Notification notification)
    {
        if (notification.Call is SystemCall.epoll_create or SystemCall.epoll_create1)
        {
            _instances.Create(_notify, notification);
            return;
        }

        Notification taken = notification;
        if (notification.Call is not (SystemCall.connect or SystemCall.listen or SystemCall.socket) ||
            !_workers.TryPost(() => Work(taken)))
        {
            _recorder.DenyBuiltIn(
                taken.ThreadId, Operation.Connect, $"{taken.Call}", $"at most {MostWaiting} waiting calls",
                "too many calls wait for an answer", "open fewer connections at once");
            _notify.Fail(taken.Id, Errno.EACCES);
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        _workers.Dispose();
        _responder.Dispose();
        _instances.Dispose();
        _closing.Dispose();
    }

    private void Work(Notification notification)
    {
        // Held until the answer is given: a session may end while work waits, and its notifier with it.
        bool held = false;
        Reply reply = new(_notify, notification.Id, _closed);
        try
        {
            _notify.DangerousAddRef(ref held);
            switch (notification.Call)
            {
                case SystemCall.listen:
                    _listen.Handle(notification, reply);
                    break;
                case SystemCall.socket:
                    _netlink.Handle(notification, reply);
                    break;
                default:
                    _connect.Handle(notification, reply);
                    break;
            }
        }
#pragma warning disable CA1031 // A defect of ours must end in a refusal and a record, never in a waiting program or a dead pool.
        catch (Exception exception) when (held)
#pragma warning restore CA1031
        {
            if (!reply.Given)
            {
                reply.Fail(Errno.EACCES);
            }

            _recorder.DenyBuiltIn(
                notification.ThreadId, Operation.Connect, $"{notification.Call}", "failures end in a refusal",
                $"the supervisor failed: {exception.GetType().Name}");
        }
        catch (ObjectDisposedException)
        {
            // The notifier is closed: the kernel has already ended the call with ENOSYS.
            return;
        }
        finally
        {
            if (held)
            {
                if (!reply.Given)
                {
                    reply.Fail(Errno.EACCES);
                }

                _notify.DangerousRelease();
            }
        }
    }
}
