using System.Net;
using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Supervision.Network;

internal sealed partial class ConnectMediator
{
    /// <summary>How long a non-blocking connect may be held while several addresses of one name are tried.</summary>
    private const int NonBlockingPatience = 250;

    private void DecideTcp(
        TrappedSocket trapped, ReadOnlySpan<byte> sockaddr, TargetAddress target, Reply reply)
    {
        if (TargetAddress.FamilyOf(sockaddr) != trapped.Domain)
        {
            reply.Fail(Errno.EAFNOSUPPORT);
            return;
        }

        if (trapped.TcpState() != TCP_CLOSE)
        {
            // Connected, connecting or listening inside the cell: the kernel says which.
            reply.Repeat(Sockets.Connect(trapped.Socket, sockaddr));
            return;
        }

        if (Dns.SessionAddresses.IsSessionAddress(target.Address))
        {
            DecideSessionAddress(trapped, sockaddr, target, reply);
            return;
        }

        Verdict verdict = rules.ForAddress(target.Specified.Address, target.Port);
        if (target.IsOwnHost && verdict.Decision is not (Decision.Allow or Decision.Ask))
        {
            ConnectInside(trapped, sockaddr, target, reply);
            return;
        }

        string text = target.Specified.ToText("tcp");
        if (!Permit(trapped, text, verdict, null, target.Specified, reply, out EndpointHold? hold))
        {
            return;
        }

        using (hold)
        {
            ConnectOutside(trapped, target, [target.Specified], reply, hold);
        }
    }

    private void DecideSessionAddress(
        TrappedSocket trapped, ReadOnlySpan<byte> sockaddr, TargetAddress target, Reply reply)
    {
        if (target.Address.Equals(Dns.SessionAddresses.Resolver))
        {
            ConnectInside(trapped, sockaddr, target, reply);
            return;
        }

        string? name = addresses.NameOf(target.Address);
        if (name is null)
        {
            Refuse(trapped, reply, Errno.EACCES, target.ToText("tcp"), "session addresses stand for names",
                "this address stands for no name of this session", "look the name up first");
            return;
        }

        Verdict verdict = rules.ForName(name, target.Port);
        string text = $"{name}:{target.Port}/tcp";
        if (!Permit(trapped, text, verdict, name, target, reply, out EndpointHold? hold))
        {
            return;
        }

        using EndpointHold? held = hold;

        // No such name, or no resolver: for the program that connects both are an unreachable host.
        IPAddress[] found = OutsideConnection.Order(resolver.Resolve(name) ?? [], trapped.Domain);
        List<TargetAddress> allowed = [];
        foreach (IPAddress address in found)
        {
            IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            TargetAddress real = new(plain, target.Port);
            if (resolved.Refuse(verdict.Rule, name, plain, target.Port) is { } refusal)
            {
                recorder.Deny(trapped.Thread, Operation.Connect, $"{text} at {real.ToText("tcp")}", refusal);
            }
            else
            {
                allowed.Add(real);
            }
        }

        if (allowed.Count == 0)
        {
            // No address at all is the resolver's word, not a denial.
            reply.Fail(found.Length == 0 ? Errno.EHOSTUNREACH : Errno.EACCES);
            return;
        }

        ConnectOutside(trapped, target, allowed, reply, held);
    }

    /// <summary>Asks where the rule says so and records; a denial is answered here.</summary>
    /// <returns>Whether to go on.</returns>
    private bool Permit(
        TrappedSocket trapped, string target, Verdict verdict, string? name, TargetAddress address, Reply reply,
        out EndpointHold? hold)
    {
        hold = null;
        if (verdict.Decision == Decision.Ask)
        {
            Answer answer = questions.Ask(
                recorder.Describe(trapped.Thread, Operation.Connect, target, verdict), out string by);
            verdict = answer is Answer.Once or Answer.Session or Answer.Always
                ? Verdict.Allow(verdict.Rule, "a person allowed it")
                : Verdict.Deny(verdict.Rule, AnsweredBy.DenialOf(by), verdict.WayOn ?? $"--net {target}");
        }

        if (verdict.Decision == Decision.Allow && endpoints is not null)
        {
            verdict = endpoints.Take(name, address.Address, address.Port, out hold) ?? verdict;
        }

        if (verdict.Decision != Decision.Allow)
        {
            recorder.Deny(trapped.Thread, Operation.Connect, target, verdict);
            reply.Fail(Errno.EACCES);
            return false;
        }

        // A caller that is gone needs no connection, and its number may be another's by now.
        if (!reply.IsWanted || !recorder.Allow(trapped.Thread, Operation.Connect, target, verdict))
        {
            hold?.Dispose();
            hold = null;
            reply.Fail(Errno.EACCES);
            return false;
        }

        return true;
    }

    /// <summary>The kernel connects the very socket inside the cell's own namespace, where nothing else is.</summary>
    private void ConnectInside(
        TrappedSocket trapped, ReadOnlySpan<byte> sockaddr, TargetAddress target, Reply reply)
    {
        if (!recorder.AllowBuiltIn(
            trapped.Thread,
            Operation.Connect,
            target.Specified.ToText("tcp"),
            "a cell has its own loopback",
            "this never leaves the cell"))
        {
            reply.Fail(Errno.EACCES);
            return;
        }

        reply.Repeat(Sockets.Connect(trapped.Socket, sockaddr));
    }

    /// <summary>Connects from the supervisor's namespace and puts the result in the old socket's place.</summary>
    /// <remarks>A non-blocking program gets the socket as soon as there is one, with EINPROGRESS as TCP always says,
    /// and waits for it itself. That is sound because the target of a socket that is being connected can only change
    /// by another connect or by AF_UNSPEC, both of which come back here and are refused, and because listen on it is
    /// refused too.</remarks>
    private void ConnectOutside(
        TrappedSocket trapped, TargetAddress asked, List<TargetAddress> targets, Reply reply, EndpointHold? hold)
    {
        long patience = !trapped.NonBlocking ? SocketOptions.SendTimeout(trapped.Socket)
            : targets.Count > 1 ? NonBlockingPatience
            : 0;
        LinuxResult result =
            OutsideConnection.Open(trapped, targets, patience, () => reply.IsWanted, out Descriptor fresh);
        using (fresh)
        {
            if (result.Failed && result.Error != Errno.EINPROGRESS)
            {
                reply.Fail(result.Error);
                return;
            }

            if (result.Succeeded && !trapped.NonBlocking)
            {
                // The kernel learns that the connection is made only from a second call; the socket is still ours
                // alone. In either case the answer to the program is the same.
                Span<byte> sockaddr = stackalloc byte[TargetAddress.SixLength];
                Sockets.Connect(fresh, targets[0].Write(trapped.Domain, sockaddr));
            }

            _injected.Add(fresh, asked);
            hold?.Made(fresh);
            LinuxResult swapped = SocketSwap.Swap(trapped, fresh, instances, reply);
            if (swapped.Failed)
            {
                reply.Fail(swapped is { Call: SystemCall.kcmp } ? Errno.EBADF : Errno.EACCES);
            }
            else if (result.Failed || trapped.NonBlocking)
            {
                reply.Fail(Errno.EINPROGRESS);
            }
            else
            {
                reply.Repeat(result);
            }
        }
    }
}
