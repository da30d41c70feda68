using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>Which thread and process a number means at this place of the log. A number that was used again means
/// another process.</summary>
/// <param name="lives">Where processes are kept.</param>
/// <param name="time">That of the line that is being read.</param>
internal sealed class ThreadTable(CoverageLog coverage, ProcessLives lives, LineTime time)
{
    /// <summary>Threads that live at once. Past it, somebody makes numbers up, or ends stand nowhere.</summary>
    public const int MaxThreads = 262_144;

    private readonly Dictionary<int, TraceThread> _threads = [];
    private readonly Dictionary<int, int> _generations = [];
    private readonly DescriptorBudget _descriptors = new();

    // Those in a clone whose child was not seen yet, in the order in which they began it.
    private readonly LinkedList<TraceThread> _expecting = [];
    private int _cloning;

    public IEnumerable<TraceThread> Live => _threads.Values;

    /// <summary>Each thread has a file of its own (strace -ff), and they are read one after the other: a thread lives
    /// until its file was read.</summary>
    public bool IsSplit { get; init; }

    /// <summary>Threads that are in a clone whose child was not seen yet.</summary>
    public int Expecting => _expecting.Count;

    /// <summary>Numbers of threads that began; whoever asks takes them out.</summary>
    public Queue<int> Began { get; } = new();

    public TraceThread? Find(int id) => _threads.GetValueOrDefault(id);

    /// <summary>The one thread that lives and has shown itself; null for none or several.</summary>
    public TraceThread? Only
    {
        get
        {
            TraceThread[] seen = [.. _threads.Values.Where(thread => thread.IsSeen).Take(2)];
            return seen.Length == 1 ? seen[0] : null;
        }
    }

    public bool Lives(TraceThread? thread) => thread is not null && Find(thread.Id) == thread;

    /// <summary>A process of which nothing came before.</summary>
    public TraceThread AddRoot(int id)
    {
        ProcessImage image = new(id, NextGeneration(id), null, 0, 0, ProcessImage.UnknownUser, 0);
        return Add(id, new TraceProcess(image, new DescriptorTable(_descriptors), new WorkingDirectory()) { Life = lives.Begin(image, null, time.Origin, time.Now) });
    }

    /// <summary>A child that shows itself before the call that made it returns.</summary>
    public TraceThread Adopt(int id)
    {
        TraceThread parent = _expecting.Last!.Value;
        StopExpecting(parent);
        parent.Adopted = Add(parent, id, CloneOptionsReader.Of(parent.Pending));
        return parent.Adopted;
    }

    public void BeginClone(TraceThread parent)
    {
        if (!parent.IsCloning)
        {
            (parent.IsCloning, parent.Adopted) = (true, null);
            parent.Expecting = _expecting.AddLast(parent);
            _cloning++;
        }
    }

    private void StopExpecting(TraceThread parent)
    {
        if (parent.Expecting is { } place)
        {
            _expecting.Remove(place);
            parent.Expecting = null;
        }
    }

    private void StopCloning(TraceThread parent)
    {
        StopExpecting(parent);
        _cloning -= parent.IsCloning ? 1 : 0;
        parent.IsCloning = false;
    }

    /// <summary>The call that makes a child is over.</summary>
    /// <param name="id">What it returned; 0 where it failed.</param>
    /// <returns>The new child, or null where there is none or it was there already.</returns>
    public TraceThread? EndClone(TraceThread parent, int id, CloneOptions options, Origin origin)
    {
        StopCloning(parent);
        TraceThread? adopted = parent.Adopted;
        parent.Adopted = null;
        if (adopted is not null)
        {
            if (id == 0 || adopted.Id == id)
            {
                return null;
            }

            // It was another's child, or the number is one of another pid namespace; nothing tells which.
            coverage.Note(CoverageProblem.GuessedParents, origin);
            return Find(id) is null && _cloning == 0 ? null : Add(parent, id, options);
        }

        if (id == 0)
        {
            return null;
        }

        if (Find(id) is { IsSeen: true } orphan && orphan.Process.Image is { Parent: null, Program: 0 }
            && orphan.Process != parent.Process && orphan.Process.Threads == 1)
        {
            orphan.Process.Image = orphan.Process.Image.ChildOf(parent.Process.Image);
            if (orphan.Process.Life is { } life)
            {
                life.Parent = parent.Process.Life;
            }

            return null;
        }

        return Add(parent, id, options);
    }

    public void End(TraceThread thread)
    {
        StopCloning(thread);
        if (_threads.GetValueOrDefault(thread.Id) == thread)
        {
            _threads.Remove(thread.Id);
        }

        if (--thread.Process.Threads == 0)
        {
            thread.Process.Descriptors.Release();
        }
    }

    /// <summary>A thread other than the first made an execve: it goes on with the first one's number.</summary>
    public TraceThread TakeOver(TraceThread leader, TraceThread? other)
    {
        if (other is null)
        {
            return leader;
        }

        End(other);
        leader.Pending = other.Pending;
        leader.PendingOrigin = other.PendingOrigin;
        return leader;
    }

    /// <summary>A thread whose number was not known until now.</summary>
    public void Rename(TraceThread thread, int id)
    {
        _threads.Remove(thread.Id);
        _threads[id] = thread;
        if (thread.Process.Image.Pid == thread.Id)
        {
            ProcessImage old = thread.Process.Image;
            thread.Process.Image = new ProcessImage(
                id, NextGeneration(id), old.Parent, old.Program, old.Arguments, old.User, old.Command);
            if (thread.Process.Life is { } life)
            {
                (life.Pid, life.Generation) = (id, thread.Process.Image.Generation);
            }
        }

        thread.Id = id;
    }

    private TraceThread Add(TraceThread parent, int id, CloneOptions options)
    {
        if (options.HasFlag(CloneOptions.Untraced))
        {
            // Seen all the same where the recorder has other means; the coverage says so.
            options &= ~CloneOptions.Untraced;
        }

        TraceProcess process = parent.Process;
        if (options.HasFlag(CloneOptions.Thread))
        {
            return Add(id, process);
        }

        ProcessImage image = process.Image.Child(id, NextGeneration(id));
        return Add(id, new TraceProcess(
            image,
            options.HasFlag(CloneOptions.Files) ? process.Descriptors.Share() : process.Descriptors.Fork(),
            options.HasFlag(CloneOptions.Directory) ? process.Directory : process.Directory.Fork())
        {
            HasOtherRoot = process.HasOtherRoot,
            IsPayload = process.IsPayload,
            Life = lives.Begin(image, process.Life, time.Origin, time.Now),
        });
    }

    private TraceThread Add(int id, TraceProcess process)
    {
        if (_threads.TryGetValue(id, out TraceThread? former))
        {
            // The number is used again, and nobody said that its former bearer ended.
            if (!former.IsSeen)
            {
                // With a file for each thread the later one took the former one's file.
                coverage.Note(IsSplit ? CoverageProblem.OverwrittenFiles : CoverageProblem.NotFollowed, default);
            }

            End(former);
        }

        if (_threads.Count >= MaxThreads)
        {
            coverage.Note(CoverageProblem.CutLog, default);
            End(_threads.Values.First());
        }

        TraceThread thread = new(id, process);
        process.Threads++;
        _threads[id] = thread;
        Began.Enqueue(id);
        return thread;
    }

    private int NextGeneration(int id) => _generations[id] = _generations.GetValueOrDefault(id) + 1;
}
