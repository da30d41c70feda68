using System.Buffers.Binary;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Audit.Tracing;

/// <summary>Looks at a thread that is stopped at a call. Its other threads go on and may change what it points to: what
/// the kernel then used can differ, for as long as a program makes an effort.</summary>
internal sealed class LiveView : CallView
{
    private const int AT_FDCWD = -100;
    private const int SO_TYPE = 3, SO_PROTOCOL = 38, SO_DOMAIN = 39;
    private const int PageSize = 4096;
    private const int FirstPiece = 256;

    /// <summary>The longest address, <c>struct sockaddr_storage</c>.</summary>
    private const int MaxAddress = 128;

    private byte[] _buffer = new byte[PageSize];

    /// <summary>The thread that is looked at.</summary>
    public int Thread { get; set; }

    public override bool TryText(ulong address, out ReadOnlySpan<byte> text, out bool isCut)
    {
        text = default;
        isCut = false;
        int filled = 0;
        int piece = FirstPiece;
        while (filled < MaxText)
        {
            // Never across a page boundary: the string may end on the last page that is mapped.
            ulong at = address + (ulong)filled;
            int length = (int)Math.Min((ulong)piece, PageSize - (at % PageSize));
            if (_buffer.Length < filled + length)
            {
                Array.Resize(ref _buffer, Math.Max(filled + length, _buffer.Length * 2));
            }

            if (RemoteMemory.Read(Thread, at, _buffer.AsSpan(filled, length)).Failed)
            {
                return false;
            }

            int end = _buffer.AsSpan(filled, length).IndexOf((byte)0);
            if (end >= 0)
            {
                text = _buffer.AsSpan(0, filled + end);
                return true;
            }

            filled += length;
            piece = PageSize;
        }

        text = _buffer.AsSpan(0, MaxText);
        isCut = true;
        return true;
    }

    public override bool TryRead(ulong address, Span<byte> bytes) => RemoteMemory.Read(Thread, address, bytes).Succeeded;

    public override byte[]? Link(int descriptor) =>
        ProcFile.ReadLink(descriptor == AT_FDCWD ? $"/proc/{Thread}/cwd" : $"/proc/{Thread}/fd/{descriptor}");

    public override string? Socket(int descriptor)
    {
        if (PidFd.OpenThread(Thread, out PidFd task).Failed)
        {
            return null;
        }

        using (task)
        {
            bool duplicated = task.GetDescriptor(descriptor, out Descriptor socket).Succeeded;
            using (socket)
            {
                if (!duplicated || Sockets.GetOption(socket, (int)SOL.SOCKET, SO_DOMAIN, out int domain).Failed
                    || Sockets.GetOption(socket, (int)SOL.SOCKET, SO_TYPE, out int type).Failed
                    || Sockets.GetOption(socket, (int)SOL.SOCKET, SO_PROTOCOL, out int protocol).Failed)
                {
                    return null;
                }

                return SocketText.Of((AF)domain, (SOCK)type, protocol, OwnEndpoint(socket) ?? NumberOf(descriptor));
            }
        }
    }

    /// <summary>The address that a socket is bound to, as it is written behind its protocol.</summary>
    private static string? OwnEndpoint(Descriptor socket)
    {
        Span<byte> address = stackalloc byte[MaxAddress];
        if (Sockets.LocalAddress(socket, address).Failed)
        {
            return null;
        }

        // In struct sockaddr_in and sockaddr_in6 alike.
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        return (AF)BinaryPrimitives.ReadUInt16LittleEndian(address) switch
        {
            AF.INET => SocketText.Endpoint(address[4..8], port),
            AF.INET6 => SocketText.Endpoint(address[8..24], port),
            _ => null,
        };
    }

    private string NumberOf(int descriptor) =>
        ProcFile.ReadLink($"/proc/{Thread}/fd/{descriptor}") is { } link && link.AsSpan().StartsWith("socket:["u8)
            ? System.Text.Encoding.ASCII.GetString(link.AsSpan()["socket:["u8.Length..^1])
            : "";
}
