namespace ShellGuard.Audit.Import.Strace;

/// <summary>A descriptor as strace writes it: <c>3</c>, <c>3&lt;/path&gt;</c>, <c>AT_FDCWD&lt;/path&gt;</c>,
/// <c>-100 /* AT_FDCWD */</c>.</summary>
internal readonly ref struct DescriptorText
{
    public const long CurrentDirectory = -100;

    private DescriptorText(long number, ReadOnlySpan<byte> name, bool isDeleted)
    {
        Number = number;
        Name = name;
        IsDeleted = isDeleted;
    }

    public long Number { get; }

    /// <summary>Between the angle brackets, as written; empty where there are none.</summary>
    public ReadOnlySpan<byte> Name { get; }

    public bool IsDeleted { get; }

    /// <summary>The name is a path. With <c>-xx</c> its bytes are hexadecimal.</summary>
    public bool HasPath => Name.StartsWith("/"u8) || Name.StartsWith("\\x2f"u8) || Name.StartsWith("\\57"u8);

    public static bool TryParse(ReadOnlySpan<byte> text, out DescriptorText descriptor)
    {
        descriptor = default;
        text = LogText.TrimBlanks(text);
        long number = CurrentDirectory;
        if (text.StartsWith("AT_FDCWD"u8))
        {
            text = text["AT_FDCWD"u8.Length..];
        }
        else if (LogText.Number(text, out number) is > 0 and int used)
        {
            text = text[used..];
        }
        else
        {
            return false;
        }

        // -X raw: the kernel's int as an unsigned number.
        number = number == 0xffffff9c ? CurrentDirectory : number;
        ReadOnlySpan<byte> rest = text.TrimStart((byte)' ');
        if (rest.StartsWith("/*"u8) && rest.IndexOf("*/"u8) is > 0 and int comment)
        {
            rest = rest[(comment + 2)..];
        }

        int length = rest.StartsWith("<"u8) ? StraceScanner.NameLength(rest) : -1;
        ReadOnlySpan<byte> name = default;
        bool deleted = false;
        if (length > 2)
        {
            name = rest[1..(length - 1)];
            deleted = rest[length..].StartsWith("(deleted)"u8);
            if (name[0] is (byte)'/' or (byte)'\\' && name.IndexOf((byte)'<') is > 0 and int device)
            {
                name = name[..device];
            }
        }

        descriptor = new DescriptorText(number, name, deleted);
        return true;
    }

    /// <summary>What kind of socket the name tells of: <c>TCP:[…]</c>, <c>UNIX-STREAM:[…]</c>.</summary>
    public SocketKind Socket =>
        Name.StartsWith("TCP"u8) ? SocketKind.Tcp
        : Name.StartsWith("UDP"u8) ? SocketKind.Udp
        : Name.StartsWith("UNIX-DGRAM"u8) ? SocketKind.UnixDatagram
        : Name.StartsWith("UNIX"u8) ? SocketKind.Unix
        : Name.StartsWith("NETLINK:"u8) ? SocketKind.Netlink
        : Name.StartsWith("RAW"u8) || Name.StartsWith("PING"u8) ? SocketKind.Raw
        : SocketKind.None;
}
