using System.Diagnostics;

namespace ShellGuard.Cells.Walls;

/// <summary>Commands that wait until everything that they are joined to by pipes is known: a pipeline is wired before any
/// of it starts, or refused.</summary>
/// <param name="isLabelled">Whether a command, without its pipes, belongs to a side.</param>
/// <param name="isGate">Whether it is a gate, which does nothing without a side that writes to it.</param>
internal sealed class PendingCommands(Func<LobbyRequest, bool> isLabelled, Func<LobbyRequest, bool> isGate)
{
    private const int MostPipes = 4096;

    /// <summary>How long the other end of a pipe may take to show itself; then it is the lobby's own, such as a loop of
    /// the shell. A command that comes later finds its pipe taken.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    /// <summary>The same for a pipeline with a gate: there is nothing to begin with alone, and on a busy machine a shell
    /// takes its time for the stage before.</summary>
    private static readonly TimeSpan PatienceOfGates = TimeSpan.FromSeconds(2);

    private readonly List<LobbyRequest> _waiting = [];

    /// <summary>Pipes with an end in the lobby, for sure.</summary>
    private readonly HashSet<(ulong Device, ulong Inode)> _lobbyPipes = [];

    public bool IsEmpty => _waiting.Count == 0;

    public void Add(LobbyRequest request) => _waiting.Add(request);

    /// <summary>Takes those that can be decided on now.</summary>
    /// <returns>Pipelines, each stage behind those that it reads from.</returns>
    public IReadOnlyList<IReadOnlyList<LobbyRequest>> TakeReady()
    {
        List<IReadOnlyList<LobbyRequest>> ready = [];
        foreach (LobbyRequest request in _waiting.ToList())
        {
            if (_waiting.Contains(request) && Pipeline(request) is { } pipeline)
            {
                _waiting.RemoveAll(pipeline.Contains);
                RememberPipes(pipeline);
                ready.Add(Sorted(pipeline));
            }
        }

        return ready;
    }

    /// <summary>For the end: nobody waits any more.</summary>
    public IReadOnlyList<LobbyRequest> TakeAll()
    {
        LobbyRequest[] all = [.. _waiting];
        _waiting.Clear();
        return all;
    }

    /// <summary>What is decided together with a command; null while something may still come.</summary>
    private List<LobbyRequest>? Pipeline(LobbyRequest request)
    {
        List<LobbyRequest> before = Closure(request, (known, other) => other.WritesTo(known));
        if (!IsComplete(before, readersToo: false))
        {
            return null;
        }

        // Nothing of a side comes in: whoever reads it may join later.
        if (!before.Exists(isLabelled.Invoke))
        {
            return before;
        }

        List<LobbyRequest> all = Closure(request, (known, other) => other.WritesTo(known) || known.WritesTo(other));
        return IsComplete(all, readersToo: true) ? all : null;
    }

    private List<LobbyRequest> Closure(LobbyRequest start, Func<LobbyRequest, LobbyRequest, bool> joined)
    {
        List<LobbyRequest> found = [start];
        for (int i = 0; i < found.Count; i++)
        {
            found.AddRange(_waiting.Where(other => !found.Contains(other) && joined(found[i], other)));
        }

        return found;
    }

    private void RememberPipes(List<LobbyRequest> pipeline)
    {
        if (pipeline.Exists(isLabelled.Invoke))
        {
            return;
        }

        if (_lobbyPipes.Count > MostPipes)
        {
            _lobbyPipes.Clear();
        }

        foreach (LobbyFile file in pipeline.SelectMany(request => request.Files))
        {
            if (file.Kind is LobbyFileKind.Pipe)
            {
                _lobbyPipes.Add(file.Identity);
            }
        }
    }

    private bool IsComplete(List<LobbyRequest> pipeline, bool readersToo)
    {
        if (Stopwatch.GetElapsedTime(pipeline.Max(request => request.Arrived)) >= (pipeline.Exists(isGate.Invoke) ? PatienceOfGates : Patience))
        {
            return true;
        }

        foreach (LobbyRequest request in pipeline)
        {
            if (request.Input.Kind is LobbyFileKind.Pipe && !_lobbyPipes.Contains(request.Input.Identity) && !pipeline.Exists(other => other.WritesTo(request)))
            {
                return false;
            }

            foreach (LobbyFile file in request.Files.Skip(1))
            {
                if (readersToo && file.Kind is LobbyFileKind.Pipe
                    && !pipeline.Exists(other => other.Input is { Kind: LobbyFileKind.Pipe } input && input.Identity == file.Identity))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static List<LobbyRequest> Sorted(List<LobbyRequest> pipeline)
    {
        List<LobbyRequest> sorted = [];
        while (sorted.Count < pipeline.Count)
        {
            // A ring of pipes has no first: then any.
            LobbyRequest next = pipeline.Find(request => !sorted.Contains(request)
                    && !pipeline.Exists(other => other != request && !sorted.Contains(other) && other.WritesTo(request)))
                ?? pipeline.First(request => !sorted.Contains(request));
            sorted.Add(next);
        }

        return sorted;
    }
}
