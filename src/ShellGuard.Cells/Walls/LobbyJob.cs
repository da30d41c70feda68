namespace ShellGuard.Cells.Walls;

/// <summary>Commands of one pipeline that run in one cell.</summary>
internal sealed class LobbyJob(LabelCell cell, IReadOnlyList<LobbyRequest> stages, IReadOnlyList<int> processes)
{
    private readonly bool[] _ended = new bool[stages.Count];
    private readonly bool[] _stopped = new bool[stages.Count];

    public LabelCell Cell { get; } = cell;

    /// <summary>Its first process, by the cell's numbers: the number of the job.</summary>
    public int Leader { get; } = processes[0];

    public IReadOnlyList<LobbyRequest> Stages { get; } = stages;

    /// <summary>Whether it has the person's terminal open.</summary>
    public bool HasTerminal { get; } =
        stages.Any(stage => stage.Files.Any(file => file.Kind is LobbyFileKind.Person));

    /// <summary>When the person interrupted it last, by <see cref="System.Diagnostics.Stopwatch"/>, and by which signal.</summary>
    public (long When, byte Signal)? Interrupted { get; set; }

    public bool HasEnded => Array.TrueForAll(_ended, ended => ended);

    /// <summary>Whether nothing of it runs, and something is stopped.</summary>
    public bool IsStopped => !HasEnded && Enumerable.Range(0, _ended.Length).All(i => _ended[i] || _stopped[i]);

    /// <summary>The stage that a process is; -1 for a process that it left behind.</summary>
    public int StageOf(int process)
    {
        for (int i = 0; i < processes.Count; i++)
        {
            if (processes[i] == process && !_ended[i])
            {
                return i;
            }
        }

        return -1;
    }

    public void Ended(int stage) => _ended[stage] = true;

    public void Stopped(int stage) => _stopped[stage] = true;

    public void Continued() => Array.Clear(_stopped);
}
