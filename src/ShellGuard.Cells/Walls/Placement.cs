using System.Diagnostics.CodeAnalysis;
using System.Text;
using ShellGuard.Cells.Supervision.Exec;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <summary>Chooses where the stages of a pipeline run: where the policy routes them, else where their arguments live and
/// where their input comes from. It chooses only; whether the edges between them may be is the flow model's to say.
/// </summary>
internal sealed class Placement(WallRules walls, LabelGroups groups, Whereabouts files)
{
    /// <summary>Places a pipeline.</summary>
    /// <param name="stages">A stage stands behind those that it reads from.</param>
    /// <param name="problem">Why not, and the way on.</param>
    public bool TryPlace(
        IReadOnlyList<LobbyRequest> stages,
        [NotNullWhen(true)] out IReadOnlyList<PlacedStage>? placed,
        [NotNullWhen(false)] out string? problem)
    {
        List<PlacedStage> result = [];
        placed = null;
        problem = null;
        foreach (LobbyRequest stage in stages)
        {
            if (!TryNamed(stage, out CellRule? named, out IReadOnlyList<string> arguments, out problem))
            {
                return false;
            }

            TagSet needed = NeededBy(stage, arguments);
            foreach (PlacedStage other in result.Where(other => other.Request.WritesTo(stage)))
            {
                needed |= other.Group.Label;
            }

            LabelGroup? group = named is not null ? groups.GroupOf(named) : groups.RouteOf(arguments[0]) ?? groups.For(needed);
            if (group is null)
            {
                problem = $"{arguments[0]} needs {walls.NamesOf(needed)}, and no cell of the policy may have all of that";
                return false;
            }

            result.Add(new PlacedStage(stage, group, arguments));
        }

        placed = result;
        return true;
    }

    /// <summary>The sources that the files named in the arguments, and the input's file, have.</summary>
    public TagSet NeededBy(LobbyRequest stage, IReadOnlyList<string> arguments)
    {
        TagSet needed = stage.Input.Kind is LobbyFileKind.File ? files.LabelOf(stage.Input.Path) : TagSet.Empty;
        foreach (string argument in arguments.Skip(1))
        {
            string named = ExecObserver.NamedIn(Encoding.UTF8.GetBytes(argument));
            if (named.Length > 0)
            {
                needed |= files.LabelOf(Path.GetFullPath(named, stage.WorkingDirectory));
            }
        }

        return needed;
    }

    /// <summary>A person says where by <c>shellguard run --in CELL -- COMMAND</c>.</summary>
    private bool TryNamed(
        LobbyRequest stage,
        out CellRule? cell,
        out IReadOnlyList<string> arguments,
        [NotNullWhen(false)] out string? problem)
    {
        cell = null;
        problem = null;
        arguments = stage.Arguments;
        if (stage.Name != "shellguard" || stage.Arguments.Count < 2 || stage.Arguments[1] is not ("run" or "shell"))
        {
            return true;
        }

        List<string> words = [.. stage.Arguments.Skip(2)];
        string? name = null;
        if (words.Count > 1 && words[0] == "--in")
        {
            name = words[1];
            words.RemoveRange(0, 2);
        }
        else if (words.Count > 0 && words[0].StartsWith("--in=", StringComparison.Ordinal))
        {
            name = words[0]["--in=".Length..];
            words.RemoveAt(0);
        }

        if (words.Count > 0 && words[0] == "--")
        {
            words.RemoveAt(0);
        }

        if (name is null || words.Count == 0)
        {
            problem = "in a lobby it is shellguard run --in CELL -- COMMAND";
            return false;
        }

        if (!walls.TryFindCell(name, out cell))
        {
            problem = $"no cell {name}; there are {string.Join(", ", walls.Cells.Select(known => known.Name))}";
            return false;
        }

        arguments = words;
        return true;
    }
}
