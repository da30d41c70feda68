using System.Buffers.Binary;
using System.Text;
using ShellGuard.Cells.Sessions;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using static ShellGuard.Linux.Abi.SocketConstants;

namespace ShellGuard.Cells.Hosting.Attacks;

/// <summary>Files and sockets outside a cell that show whether something inside reached them.</summary>
internal sealed class Canaries : IDisposable
{
    internal const string EtcFile = "/etc/shellguard-canary";
    internal const string UsrFile = "/usr/shellguard-canary";

    private const string Kept = "as it was";
    private const int SOCK_DGRAM_TYPE = 2;

    private readonly List<(string Attack, string Shows, Descriptor Socket)> _sockets = [];

    private Canaries(AttackTargets targets) => Targets = targets;

    public AttackTargets Targets { get; private set; }

    /// <summary>Sets them up in a new directory.</summary>
    /// <param name="place">Where that is made.</param>
    /// <exception cref="LinuxException">They cannot be made.</exception>
    public static Canaries Make(string home, string place)
    {
        string directory = $"{place}/shellguard-doctor-{Guid.NewGuid():N}";
        Canaries canaries = new(new AttackTargets(
            directory, 0, $"shellguard-doctor-{Guid.NewGuid():N}", Environment.ProcessId, home));
        try
        {
            foreach (string part in (ReadOnlySpan<string>)["", "/shown", "/work", "/sockets"])
            {
                Files.MakeDirectory(SessionPath.Root, directory + part, 0x1c0).OrThrow();
            }

            File.WriteAllText(canaries.Targets.Secret, "a canary of shellguard doctor");
            File.WriteAllText(canaries.Targets.ReadOnlyFile, Kept);
            File.WriteAllText(canaries.Targets.LayerFile, Kept);
            canaries.Listen();
            return canaries;
        }
        catch
        {
            canaries.Dispose();
            throw;
        }
    }

    /// <summary>The attacks whose canary was reached, with what it shows.</summary>
    public IReadOnlyDictionary<string, string> Touched()
    {
        Dictionary<string, string> touched = new(StringComparer.Ordinal);
        foreach ((string attack, string shows, Descriptor socket) in _sockets)
        {
            short[] ready = new short[1];
            if (Sockets.Poll([socket], POLLIN, 0, ready) is { Succeeded: true, Value: > 0 })
            {
                touched[attack] = shows;
            }
        }

        if (File.ReadAllText(Targets.LayerFile) != Kept)
        {
            touched["layer-write"] = "the host's file was changed";
        }

        if (File.ReadAllText(Targets.ReadOnlyFile) != Kept)
        {
            touched["read-only-write"] = "the host's file was changed";
        }

        foreach ((string attack, string path) in (ReadOnlySpan<(string, string)>)
            [("etc-create", EtcFile), ("usr-create", UsrFile)])
        {
            if (Files.Status(SessionPath.Root, path, out _).Succeeded)
            {
                touched[attack] = "the host has the file";
            }
        }

        return touched;
    }

    public void Dispose()
    {
        foreach ((_, _, Descriptor socket) in _sockets)
        {
            socket.Dispose();
        }

        _sockets.Clear();
        TemporaryTree.Remove(Targets.Directory);
    }

    private void Listen()
    {
        byte[] loopback = new byte[16];
        loopback[0] = AF_INET;
        loopback[4] = 127;
        loopback[7] = 1;
        Descriptor tcp = Add("host-tcp", "the host's port got a connection", AF_INET, SOCK_STREAM, loopback);
        Sockets.LocalAddress(tcp, loopback).OrThrow();
        Targets = Targets with { Port = BinaryPrimitives.ReadUInt16BigEndian(loopback.AsSpan(2)) };
        Add("host-udp", "the host's port got the datagram", AF_INET, SOCK_DGRAM_TYPE, loopback);
        Add(
            "abstract-socket", "the host's socket got a connection", AF_UNIX, SOCK_STREAM,
            [AF_UNIX, 0, 0, .. Encoding.ASCII.GetBytes(Targets.AbstractName)]);
        Add(
            "path-socket", "the host's socket got a connection", AF_UNIX, SOCK_STREAM,
            [AF_UNIX, 0, .. Encoding.ASCII.GetBytes(Targets.StreamSocket), 0]);
        Add(
            "path-datagram", "the host's socket got the datagram", AF_UNIX, SOCK_DGRAM_TYPE,
            [AF_UNIX, 0, .. Encoding.ASCII.GetBytes(Targets.DatagramSocket), 0]);
    }

    private Descriptor Add(string attack, string shows, int domain, int type, byte[] address)
    {
        Sockets.Create(domain, type, 0, out Descriptor socket).OrThrow();
        _sockets.Add((attack, shows, socket));
        Sockets.Bind(socket, address).OrThrow();
        if (type == SOCK_STREAM)
        {
            Sockets.Listen(socket, 8).OrThrow();
        }

        return socket;
    }
}
