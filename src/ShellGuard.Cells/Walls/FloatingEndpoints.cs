using System.Net;
using ShellGuard.Cells.Supervision.Network;
using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <summary>What one running cell whose label grows has of the network. The lobby's thread decides; the cell's workers wait
/// for it.</summary>
/// <param name="walls">Says which resources an endpoint is.</param>
/// <param name="ask">Hands a request to the lobby's thread.</param>
internal sealed class FloatingEndpoints(WallRules walls, Action<Acquisition> ask) : IEndpoints
{
    /// <summary>A cell that opened more than this many sockets is taken to hold all that it ever had.</summary>
    private const int MostSockets = 1 << 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<TaggedResource, int> _pending = [];
    private readonly HashSet<(ulong Inode, TaggedResource Resource)> _sockets = [];
    private readonly HashSet<Acquisition> _waiting = [];
    private bool _tooMany;
    private bool _closed;

    public Verdict? Take(string? name, IPAddress address, int port, out EndpointHold? hold)
    {
        hold = null;
        IReadOnlyList<TaggedResource> resources = name is null ? walls.ResourcesOf(address, port) : walls.ResourcesOf(name, port);
        Acquisition wanted = new(this, resources);
        lock (_lock)
        {
            if (_closed)
            {
                return Gone();
            }

            _waiting.Add(wanted);

            // From now on it counts as a connection: it is granted before it is made.
            foreach (TaggedResource resource in resources)
            {
                _pending[resource] = _pending.GetValueOrDefault(resource) + 1;
            }
        }

        ask(wanted);
        Verdict? refusal = wanted.Wait();
        lock (_lock)
        {
            _waiting.Remove(wanted);
        }

        if (refusal is not null)
        {
            Over(resources);
            return refusal;
        }

        hold = new EndpointHold(
            socket =>
            {
                LinuxResult known = Files.Status(socket, out FileStatus status);
                lock (_lock)
                {
                    _tooMany |= known.Failed || _sockets.Count >= MostSockets;
                    foreach (TaggedResource resource in resources)
                    {
                        if (!_tooMany)
                        {
                            _sockets.Add((status.Inode, resource));
                        }
                    }
                }
            },
            () => Over(resources));
        return null;
    }

    /// <summary>The sockets that lead to a resource, by inode; some may be closed.</summary>
    /// <param name="inodes">Those that were ever handed in.</param>
    /// <returns>False where it is not known, or a connection is being made.</returns>
    public bool TrySocketsOf(TaggedResource resource, out IReadOnlySet<ulong> inodes)
    {
        lock (_lock)
        {
            HashSet<ulong> found = [];
            foreach ((ulong inode, TaggedResource of) in _sockets)
            {
                if (of == resource)
                {
                    found.Add(inode);
                }
            }

            inodes = found;
            return !_tooMany && _pending.GetValueOrDefault(resource) == 0;
        }
    }

    /// <summary>The cell is gone: nobody gets anything any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            foreach (Acquisition waiting in _waiting)
            {
                waiting.Answer(Gone());
            }
        }
    }

    private static Verdict Gone() => Verdict.Deny(
        new RuleSource("built-in", 0, 0, "a cell that ends gets nothing more"), "the cell is ending", null);

    private void Over(IReadOnlyList<TaggedResource> resources)
    {
        lock (_lock)
        {
            foreach (TaggedResource resource in resources)
            {
                _pending[resource]--;
            }
        }
    }
}
