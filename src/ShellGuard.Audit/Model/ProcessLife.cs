namespace ShellGuard.Audit.Model;

/// <summary>A process while a recording is read.</summary>
internal sealed class ProcessLife(ProcessLife? parent, Origin origin, long? start)
{
    private readonly List<(int Program, int Arguments)> _programs = [];
    private long _executions;

    public int Pid { get; set; }

    public int Generation { get; set; }

    public ProcessLife? Parent { get; set; } = parent;

    public long? End { get; set; }

    public int? Status { get; set; }

    public string? Signal { get; set; }

    public ResourceUse? Use { get; set; }

    /// <summary>It is the program of a container, or was started by it.</summary>
    public bool IsPayload { get; set; } = parent?.IsPayload ?? false;

    /// <summary>Its place in the list; -1 before there is one.</summary>
    public int Place { get; set; } = -1;

    public void Execute(int program, int arguments)
    {
        _executions++;
        if (_programs.Count < SeenProcess.MaxPrograms)
        {
            _programs.Add((program, arguments));
        }
    }

    public SeenProcess Seen(AccessReader reader)
    {
        RanProgram[] programs = new RanProgram[_programs.Count];
        for (int i = 0; i < programs.Length; i++)
        {
            programs[i] = new RanProgram(reader.Text(_programs[i].Program), reader.Arguments(_programs[i].Arguments));
        }

        return new SeenProcess(Pid, Generation, Parent?.Place ?? -1, origin)
        {
            Start = start,
            End = End is { } end && start is { } begin ? Math.Max(end, begin) : null,
            Status = Status,
            Signal = Signal,
            Programs = programs,
            Executions = _executions,
            Use = Use,
        };
    }
}
