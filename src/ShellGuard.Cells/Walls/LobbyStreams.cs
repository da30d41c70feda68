using ShellGuard.Cells.Relays;
using ShellGuard.Cells.Sessions;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Walls;

/// <summary>A lobby's standard descriptors where they are no terminal. It gets pipes of its own: whoever has a pipe can open
/// its other end, proc_pid_fd(5), and so read what a side writes for the person.</summary>
internal sealed class LobbyStreams : IDisposable
{
    private readonly Dictionary<int, Descriptor> _given = [];
    private readonly Dictionary<(ulong Device, ulong Inode), int> _outputs = [];
    private readonly List<ByteRelay> _relays = [];
    private readonly ByteRelay? _input;
    private readonly (ulong Device, ulong Inode)? _inputIdentity;

    /// <summary>Makes a pipe for each of 0, 1 and 2 that is neither terminal nor null device.</summary>
    /// <param name="redirected">Where the person redirected output to.</param>
    /// <exception cref="LinuxException">There are no descriptors left.</exception>
    public LobbyStreams(RedirectedOutput redirected)
    {
        Redirected = redirected;
        int[] others = [.. StandardDescriptors.Terminals(), .. StandardDescriptors.NullDevices()];
        for (int number = 0; number < 3; number++)
        {
            if (others.Contains(number) || DescriptorIo.Duplicate(number, out Descriptor own).Failed)
            {
                continue;
            }

            DescriptorIo.Pipe(out Descriptor read, out Descriptor write).OrThrow();
            if (number == 0)
            {
                _given[number] = read;
                Files.Status(read, out FileStatus status).OrThrow();
                _inputIdentity = (status.Device, status.Inode);
                _input = new ByteRelay(own, write, () => { });
            }
            else
            {
                _given[number] = write;
                Files.Status(write, out FileStatus status).OrThrow();
                _outputs[(status.Device, status.Inode)] = number;
                _relays.Add(new ByteRelay(read, own, () => { }, isShared: true));
            }
        }
    }

    public RedirectedOutput Redirected { get; }

    /// <summary>What the lobby gets, by number.</summary>
    public IReadOnlyDictionary<int, Descriptor> Given => _given;

    /// <summary>Whether a pipe leads to the person, and as which of the standard descriptors.</summary>
    public bool IsOutput((ulong Device, ulong Inode) identity, out int number) => _outputs.TryGetValue(identity, out number);

    /// <summary>Whether a pipe comes from the person.</summary>
    public bool IsInput((ulong Device, ulong Inode) identity) => _inputIdentity == identity;

    /// <summary>The lobby runs: only it has these ends now, so that their end is seen.</summary>
    public void HandedOver()
    {
        foreach (Descriptor descriptor in _given.Values)
        {
            descriptor.Dispose();
        }
    }

    /// <summary>Waits until what the lobby wrote before is with the person.</summary>
    public void Drain() => _relays.ForEach(relay => relay.Drain());

    /// <summary>After the lobby's end: what it wrote still gets to the person.</summary>
    public void Dispose()
    {
        HandedOver();
        _input?.Dispose();
        foreach (ByteRelay relay in _relays)
        {
            relay.Join();
            relay.Dispose();
        }
    }
}
