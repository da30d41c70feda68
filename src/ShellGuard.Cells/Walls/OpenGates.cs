using ShellGuard.Cells.Gates;
using ShellGuard.Core;

namespace ShellGuard.Cells.Walls;

/// <summary>The gates of one pipeline, ready to run: their programs are checked, their cost is spent, and the flow graph has
/// a node for each. Those that are not taken are closed again.</summary>
/// <param name="sides">Ends the nodes.</param>
internal sealed class OpenGates(Sides sides) : IDisposable
{
    private readonly Dictionary<PlacedStage, GatePlace> _places = [];
    private readonly Dictionary<PlacedStage, GateProgram> _programs = [];
    private readonly HashSet<PlacedStage> _taken = [];

    /// <summary>Why one of them stays shut; null when all are open.</summary>
    public string? Problem { get; private set; }

    /// <summary>The rule of the one that stays shut.</summary>
    public RuleSource? Rule { get; private set; }

    public IReadOnlyDictionary<PlacedStage, GatePlace> Places => _places;

    public void Refuse(PlacedStage stage, string problem)
    {
        Problem = $"gate {stage.Gate!.Gate.Name}: {problem}";
        Rule = stage.Gate.Gate.Rule;
    }

    public void Add(PlacedStage stage, GatePlace place, GateProgram? program)
    {
        _places[stage] = place;
        if (program is not null)
        {
            _programs[stage] = program;
        }
    }

    /// <summary>Hands one over; its node and its program are the receiver's now.</summary>
    public (GatePlace Place, GateProgram? Program) Take(PlacedStage stage)
    {
        _taken.Add(stage);
        return (_places[stage], _programs.GetValueOrDefault(stage));
    }

    public void Dispose()
    {
        foreach ((PlacedStage stage, GatePlace place) in _places)
        {
            if (!_taken.Contains(stage))
            {
                _programs.GetValueOrDefault(stage)?.Dispose();
                sides.CloseGate(place);
            }
        }
    }
}
