using System.Buffers.Binary;
using ShellGuard.Cells.Launching;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using ShellGuard.Linux.Seccomp;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Cells.Supervision.Network;

/// <summary>Makes the route sockets of a cell behind a wall, netlink(7): a filter that cannot be taken off lets in what tells
/// of the cell's own network, and not RTM_GETNEIGHTBL, with which the kernel counts the neighbours of all networks.</summary>
/// <param name="ofCell">Any socket of the cell's network; must outlive this object.</param>
internal sealed class NetlinkSockets(Descriptor ofCell)
{
    private const int SOCK_SEQPACKET = 5;
    private const int SOCK_CLOEXEC = 0x80000;
    private const int SOL_SOCKET = 1;
    private const int SO_ATTACH_FILTER = 26;
    private const int SO_LOCK_FILTER = 44;
    private const int SIOCGSKNS = 0x894c;
    private const int NS_GET_USERNS = 0xb701;

    /// <summary>Types of messages that programs get: control, then new and gone links, addresses, routes, neighbours and
    /// rules, linux/rtnetlink.h.</summary>
    private static readonly ushort[] s_shown = [1, 2, 3, 4, 16, 17, 20, 21, 24, 25, 28, 29, 32, 33];

    private static readonly byte[] s_filter = Filter();

    /// <summary>Carries out a trapped socket(2), whose arguments are numbers.</summary>
    internal void Handle(in Notification call, Reply reply)
    {
        int type = (int)call.A1;
        LinuxResult result = Make(type & ~SOCK_CLOEXEC, out Descriptor socket);
        using (socket)
        {
            if (result.Failed)
            {
                reply.Fail(result.Error);
            }
            else
            {
                reply.Install(socket, (type & SOCK_CLOEXEC) != 0);
            }
        }
    }

    private LinuxResult Make(int type, out Descriptor socket)
    {
        socket = new Descriptor();
        LinuxResult result = Sockets.CreatePair(SOCK_SEQPACKET, out Descriptor ours, out Descriptor theirs);
        using (ours)
        using (theirs)
        {
            if (result.Failed)
            {
                return result;
            }

            using Launcher launcher = new(Script(type, theirs.Number));
            LaunchOutcome outcome = launcher.Run();
            GC.KeepAlive(ofCell);
            using ChildProcess? process = outcome.Process;
            process?.Wait(out _);
            if (!outcome.Succeeded)
            {
                return new LinuxResult(-1, outcome.Error, outcome.FailedStep?.Call ?? SystemCall.clone3);
            }

            result = Sockets.ReceiveDescriptors(ours, stackalloc byte[1], 1, out Descriptor[] received);
            socket = received is [Descriptor only] ? only : socket;
            return result;
        }
    }

    /// <summary>A process of its own goes into the cell's network, for a thread of this one could not, setns(2); and gives its
    /// rights there up first, for a netlink socket keeps those of its maker, netlink(7).</summary>
    private LaunchScript Script(int type, int answer)
    {
        LaunchScript script = new();
        LaunchSlot network = script.Get("network", "the cell's", SystemCall.ioctl, ofCell.Number, Named(SIOCGSKNS, "SIOCGSKNS"));
        LaunchSlot owner = script.Get("owner", "who may go there", SystemCall.ioctl, network, Named(NS_GET_USERNS, "NS_GET_USERNS"));
        script.Add("as that", SystemCall.setns, owner, Named((long)CloneFlags.NEWUSER, "CLONE_NEWUSER"));
        script.Add("into it", SystemCall.setns, network, Named((long)CloneFlags.NEWNET, "CLONE_NEWNET"));
        script.Add(
            "the socket may what the cell may", SystemCall.capset,
            Structures.Numbers("{_LINUX_CAPABILITY_VERSION_3}", 0x20080522), Structures.Numbers("{}", 0, 0, 0));
        LaunchSlot socket = script.Get(
            "socket", "which the cell asks for", SystemCall.socket, Named((long)AF.NETLINK, "AF_NETLINK"), type,
            Named((long)NETLINK.ROUTE, "NETLINK_ROUTE"));
        script.Add(
            "not the counters of all networks", SystemCall.setsockopt, socket, Named(SOL_SOCKET, "SOL_SOCKET"),
            Named(SO_ATTACH_FILTER, "SO_ATTACH_FILTER"), FilterProgram.ToArgument(s_filter), 16);
        script.Add(
            "for its life", SystemCall.setsockopt, socket, Named(SOL_SOCKET, "SOL_SOCKET"),
            Named(SO_LOCK_FILTER, "SO_LOCK_FILTER"), new Block([1, 0, 0, 0], [], "[1]"), 4);
        script.Add("here it is", SystemCall.sendmsg, answer, Structures.DescriptorMessage("S", [socket]), 0);
        return script;
    }

    /// <summary>A datagram of netlink has messages of one type, and perhaps the end of a dump.</summary>
    private static byte[] Filter()
    {
        const ushort LoadHalf = 0x28;
        const ushort JumpIfEqual = 0x15;
        const ushort Return = 0x06;
        const uint TypeOffset = 4;
        List<byte> code = [];
        Add(LoadHalf, 0, TypeOffset);
        for (int i = 0; i < s_shown.Length; i++)
        {
            // Loads are in the order of the network, messages in that of the host.
            Add(JumpIfEqual, s_shown.Length - i, BinaryPrimitives.ReverseEndianness(s_shown[i]));
        }

        Add(Return, 0, 0);
        Add(Return, 0, uint.MaxValue);
        return [.. code];

        void Add(ushort operation, int whenTrue, uint constant)
        {
            Span<byte> instruction = stackalloc byte[8];
            BinaryPrimitives.WriteUInt16LittleEndian(instruction, operation);
            instruction[2] = (byte)whenTrue;
            BinaryPrimitives.WriteUInt32LittleEndian(instruction[4..], constant);
            code.AddRange(instruction);
        }
    }
}
