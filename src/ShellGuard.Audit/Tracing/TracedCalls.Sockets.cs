using ShellGuard.Linux.Seccomp;
using static ShellGuard.Audit.Tracing.ArgumentForm;

namespace ShellGuard.Audit.Tracing;

/// <summary>Calls that reach others by sockets.</summary>
internal static partial class TracedCalls
{
    private static readonly TracedCall[] Sockets =
    [
        new("socket", 41, 359, Family, SocketType, Number),
        new("bind", 49, 361, Socket, SocketAddress, Number),
        new("connect", 42, 362, Socket, SocketAddress, Number),
        new("listen", 50, 363, Socket, Number),
        new("sendmsg", 46, 370, Socket, Message, Flags),
        new("sendmmsg", 307, 345, Socket, Messages, Number, Flags),
        new("sendto", 44, 369, Socket, Address, Number, Flags, SocketAddress, Number)
        {
            NativeTests = [new TraceTest(4, ulong.MaxValue)],
            CompatibleTests = [new TraceTest(4, uint.MaxValue)],
        },
        new("socketcall", None, 102),
    ];
}
