using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Tracing;
using ShellGuard.Core;

namespace ShellGuard.Audit.Import.Strace;

internal sealed partial class CallReader
{
    private void ReadSocket(
        CallShape shape, ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> returned, StraceResult result)
    {
        ReadOnlySpan<byte> first = Take(ref arguments);
        ReadOnlySpan<byte> type = Take(ref arguments);
        if (shape == CallShape.Socket && IsRaw(first, type))
        {
            ReadOnlySpan<byte> family = ConstantText.Name(first, FlagNames.Families);
            AddCall(Operation.SystemCall, ObjectKind.SystemCall, "socket"u8, family.SequenceEqual("AF_PACKET"u8) ? family : "SOCK_RAW"u8);
        }

        if (!result.IsSuccess)
        {
            return;
        }

        if (shape == CallShape.SocketPair)
        {
            Take(ref arguments);
            ReadOnlySpan<byte> pair = Take(ref arguments);
            ReadPair(pair, type, new OpenDescriptor(0, KindOf(first, type)));
            return;
        }

        SocketKind kind = DescriptorText.TryParse(returned, out DescriptorText made) ? made.Socket : SocketKind.None;
        if (kind == SocketKind.None)
        {
            kind = shape == CallShape.Socket ? KindOf(first, type) : SocketOf(first);
        }

        _thread.Process.Descriptors.Set(
            result.Value, new OpenDescriptor(0, kind),
            shape == CallShape.Socket ? FlagText.Has(type, "SOCK_CLOEXEC"u8, 0x80000) : arguments.IndexOf("SOCK_CLOEXEC"u8) >= 0);
    }

    private void ReadAddress(CallEntry entry, ReadOnlySpan<byte> arguments, StraceResult result)
    {
        ReadOnlySpan<byte> descriptor = Take(ref arguments);
        if (entry.Shape == CallShape.SendTo)
        {
            Take(ref arguments);
            Take(ref arguments);
            Take(ref arguments);
        }

        int target = AddAddress(entry.Operation, descriptor, Take(ref arguments));
        if (entry.Shape == CallShape.Bind && result.IsSuccess && target > 0)
        {
            LogText.Number(descriptor, out long number);
            _thread.Process.Descriptors.Replace(number, new OpenDescriptor(0, SocketOf(descriptor), target));
        }
    }

    private void ReadMessages(ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments)
    {
        ReadOnlySpan<byte> descriptor = Take(ref arguments);
        ReadOnlySpan<byte> messages = Take(ref arguments);
        bool many = name.SequenceEqual("sendmmsg"u8) && messages.Length > 2 && messages[0] == '[';
        ReadOnlySpan<byte> list = many ? messages[1..^1] : messages;
        do
        {
            // Before the data, so that what a program sends cannot look like an address.
            ReadOnlySpan<byte> message = many ? StraceScanner.TakeArgument(ref list) : list;
            int at = message.IndexOf("msg_name="u8);
            int data = message.IndexOf((byte)'"');
            int path = at < 0 ? -1 : message[at..].IndexOf("{sa_family="u8);
            if (at >= 0 && data >= 0 && data < at)
            {
                continue;
            }

            if (path == "msg_name=".Length)
            {
                AddAddress(Operation.Send, descriptor, message[(at + path)..]);
            }
            else if (message.StartsWith("0x"u8) || (at >= 0 && message[(at + "msg_name=".Length)..].StartsWith("0x"u8)))
            {
                coverage.Note(CoverageProblem.UndecodedArguments, _origin);
            }
        }
        while (many && !list.IsEmpty);
    }

    private void ReadListen(ReadOnlySpan<byte> arguments)
    {
        ReadOnlySpan<byte> argument = Take(ref arguments);
        if (!DescriptorText.TryParse(argument, out DescriptorText descriptor))
        {
            return;
        }

        if (_thread.Process.Descriptors.TryGet(descriptor.Number, out OpenDescriptor? open) && open.Address != 0)
        {
            ReadOnlySpan<byte> address = table.Texts[open.Address];
            Add(Operation.Listen, KindOf(address), address);
        }
        else if (descriptor.Socket is SocketKind.Tcp or SocketKind.Udp
            && descriptor.Name.IndexOf(":["u8) is > 0 and int start && descriptor.Name.EndsWith("]"u8)
            && descriptor.Name[(start + 2)..].Contains((byte)':'))
        {
            ReadOnlySpan<byte> address = descriptor.Name[(start + 2)..^1];
            address.CopyTo(_path);
            ReadOnlySpan<byte> protocol = SocketAddress.Protocol(descriptor.Socket);
            protocol.CopyTo(_path.AsSpan(address.Length));
            Add(Operation.Listen, ObjectKind.Endpoint, _path.AsSpan(0, address.Length + protocol.Length));
        }
        else if (descriptor.Socket == SocketKind.Unix && descriptor.Name.IndexOf((byte)'"') is > 0 and int quote
            && StraceText.Unquote(descriptor.Name[quote..], _path, out int length, out _) > 0)
        {
            Add(Operation.Listen, ObjectKind.UnixSocket, _path.AsSpan(0, length));
        }
        else
        {
            // Listening without binding takes a free port.
            Add(Operation.Listen, ObjectKind.OtherSocket, "a free port"u8);
        }
    }

    /// <returns>The target's place in the pool; 0 where the address is none.</returns>
    private int AddAddress(Operation operation, ReadOnlySpan<byte> descriptor, ReadOnlySpan<byte> address)
    {
        if (!address.StartsWith("{"u8))
        {
            if (address.StartsWith("0x"u8))
            {
                coverage.Note(CoverageProblem.UndecodedArguments, _origin);
            }

            return 0;
        }

        ObjectKind kind = SocketAddress.Read(address, SocketOf(descriptor), _second, out int length);
        if (kind == ObjectKind.Unknown || length == 0)
        {
            return 0;
        }

        ReadOnlySpan<byte> target = _second.AsSpan(0, length);
        bool unresolved = false;
        if (kind == ObjectKind.UnixSocket)
        {
            ReadOnlySpan<byte> parent = target[0] == '/'
                ? table.Texts[_thread.Process.Directory.Root]
                : table.Texts[_thread.Process.Directory.Path];
            unresolved = target[0] != '/' && parent.IsEmpty;
            ReadOnlySpan<byte> path = target[0] == '/' && !parent.IsEmpty ? target.TrimStart((byte)'/') : target;
            Grow(ref _joined, parent.Length + path.Length + 2);
            target = _joined.AsSpan(0, PathText.Join(parent, path, _joined));
            kind = SocketOf(descriptor) == SocketKind.UnixDatagram ? ObjectKind.UnixDatagram : kind;
        }

        Add(operation, kind, target, isUnresolved: unresolved);
        return table.Texts.Add(target);
    }

    private SocketKind SocketOf(ReadOnlySpan<byte> argument)
    {
        if (!DescriptorText.TryParse(argument, out DescriptorText descriptor))
        {
            return SocketKind.None;
        }

        return descriptor.Socket != SocketKind.None ? descriptor.Socket
            : _thread.Process.Descriptors.TryGet(descriptor.Number, out OpenDescriptor? open) ? open.Socket
            : SocketKind.None;
    }

    private static ObjectKind KindOf(ReadOnlySpan<byte> address) =>
        address.StartsWith("@"u8) ? ObjectKind.AbstractSocket
        : address.StartsWith("/"u8) ? ObjectKind.UnixSocket
        : address.IndexOf((byte)':') > 0 && !address.StartsWith("vsock"u8) && !address.StartsWith("alg"u8)
            ? ObjectKind.Endpoint
        : ObjectKind.OtherSocket;

    private static bool IsRaw(ReadOnlySpan<byte> domain, ReadOnlySpan<byte> type) =>
        domain.SequenceEqual("AF_PACKET"u8) || (LogText.Number(domain, out long family) > 0 && family == 17)
        || (FlagText.Has(type, "SOCK_RAW"u8) && !domain.SequenceEqual("AF_NETLINK"u8))
        || (LogText.Number(type, out long number) > 0 && (number & 15) == 3 && LogText.Number(domain, out family) > 0 && family is 2 or 10);

    private static SocketKind KindOf(ReadOnlySpan<byte> domain, ReadOnlySpan<byte> type)
    {
        bool numbers = LogText.Number(domain, out long family) > 0;
        if (numbers ? family == 1 : domain.SequenceEqual("AF_UNIX"u8) || domain.SequenceEqual("AF_LOCAL"u8))
        {
            return IsDatagram(type) ? SocketKind.UnixDatagram : SocketKind.Unix;
        }

        if (numbers ? family == 16 : domain.SequenceEqual("AF_NETLINK"u8))
        {
            return SocketKind.Netlink;
        }

        if (!(numbers ? family is 2 or 10 : domain.StartsWith("AF_INET"u8)))
        {
            return SocketKind.Other;
        }

        return (LogText.Number(type, out long value) > 0 ? (value & 15) == 1 : FlagText.Has(type, "SOCK_STREAM"u8)) ? SocketKind.Tcp
            : IsDatagram(type) ? SocketKind.Udp
            : SocketKind.Raw;
    }

    private static bool IsDatagram(ReadOnlySpan<byte> type) =>
        LogText.Number(type, out long value) > 0 ? (value & 15) == 2 : FlagText.Has(type, "SOCK_DGRAM"u8);
}
