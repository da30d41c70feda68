namespace ShellGuard.Audit.Model;

/// <summary>The processes of a recording, in the order in which they began.</summary>
internal sealed class ProcessLives
{
    /// <summary>Processes kept. A hostile log has no end of them.</summary>
    public const int MaxProcesses = 100_000;

    private readonly List<ProcessLife> _lives = [];

    /// <summary>Processes that were seen and are not kept.</summary>
    public long Dropped { get; private set; }

    /// <returns>Null where there are too many already.</returns>
    public ProcessLife? Begin(ProcessImage image, ProcessLife? parent, Origin origin, long? start)
    {
        if (_lives.Count >= MaxProcesses)
        {
            Dropped++;
            return null;
        }

        ProcessLife life = new(parent, origin, start) { Pid = image.Pid, Generation = image.Generation };
        _lives.Add(life);
        return life;
    }

    /// <param name="onlyPayload">Only a container's.</param>
    public IReadOnlyList<SeenProcess> ToList(AccessReader reader, bool onlyPayload)
    {
        List<SeenProcess> all = [];
        foreach (ProcessLife life in _lives)
        {
            // A line may have told late who started an earlier one: that parent is not before it.
            if (life.Parent is { Place: < 0 })
            {
                life.Parent = null;
            }

            if (!onlyPayload || life.IsPayload)
            {
                life.Place = all.Count;
                all.Add(life.Seen(reader));
            }
        }

        return all;
    }
}
