using System.Diagnostics.CodeAnalysis;
using System.Text;
using ShellGuard.Cells.Supervision.Exec;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <summary>Chooses where the stages of a pipeline run: where the policy routes them, else where their program and their
/// arguments live and where their input comes from. It chooses only; whether the edges between them may be is the flow model's to say.
/// </summary>
/// <param name="labelOf">What a side knows now.</param>
/// <param name="programOf">The program of a command that the lobby's PATH leads to.</param>
internal sealed class Placement(
    WallRules walls, LabelGroups groups, Whereabouts files, Func<LabelGroup, TagSet> labelOf, Func<string, string?> programOf)
{
    /// <summary>Places a pipeline.</summary>
    /// <param name="stages">A stage stands behind those that it reads from.</param>
    public bool TryPlace(
        IReadOnlyList<LobbyRequest> stages,
        [NotNullWhen(true)] out IReadOnlyList<PlacedStage>? placed,
        [NotNullWhen(false)] out Unplaced? why)
    {
        List<PlacedStage> result = [];
        placed = null;
        why = null;
        foreach (LobbyRequest stage in stages)
        {
            if (walls.FindGate(stage.Name) is { } gate)
            {
                if (ProblemOf(gate, stage, result, out TagSet incoming) is { } closed)
                {
                    why = new Unplaced(closed);
                    return false;
                }

                result.Add(new PlacedStage(stage, groups.Lobby, stage.Arguments) { Gate = gate, Incoming = incoming });
                continue;
            }

            if (!TryNamed(stage, out CellRule? named, out IReadOnlyList<string> arguments, out string? problem))
            {
                why = new Unplaced(problem);
                return false;
            }

            TagSet needed = NeededBy(stage, arguments);
            needed |= LabelInto(stage, result);

            LabelGroup? group = named is not null ? groups.GroupOf(named) : groups.RouteOf(arguments[0]) ?? Floating(stage, result) ?? groups.For(needed);
            if (group is null)
            {
                why = NeedsAll(stage, arguments, result, needed);
                return false;
            }

            result.Add(new PlacedStage(stage, group, arguments));
        }

        placed = result;
        return true;
    }

    /// <summary>A command for which the policy has no cell.</summary>
    private Unplaced NeedsAll(LobbyRequest stage, IReadOnlyList<string> arguments, List<PlacedStage> others, TagSet needed)
    {
        string labels = string.Join(", ", needed.Select(tag => $"\"{walls.Flow.NameOf(tag)}\""));
        return new Unplaced($"{arguments[0]} needs {walls.NamesOf(needed)}, and no cell of the policy has all of that: "
            + $"way on: a [cell.NAME] with label = [{labels}]")
        {
            Command = RefusalNames.CommandOf(arguments[0], stage.Process),
            Needs =
            [
                .. others.Where(other => other.Request.WritesTo(stage) && !labelOf(other.Group).IsEmpty).Select(other => (
                    RefusalNames.CommandOf(other.Arguments[0], other.Request.Process, other.Group.Name), false, labelOf(other.Group))),
                .. FilesOf(stage, arguments).Where(file => !file.Label.IsEmpty).Select(file => (file.Path, true, file.Label)),
            ],
        };
    }

    /// <summary>The sources of what others write into a stage.</summary>
    private TagSet LabelInto(LobbyRequest stage, List<PlacedStage> others)
    {
        TagSet label = TagSet.Empty;
        foreach (PlacedStage other in others)
        {
            label |= other.Request.WritesTo(stage) ? labelOf(other.Group) : TagSet.Empty;
        }

        return label;
    }

    /// <summary>What reads from a cell whose label grows runs in it: any other would have to be ready for all that it may
    /// get.</summary>
    private static LabelGroup? Floating(LobbyRequest stage, List<PlacedStage> others) =>
        others.Find(other => other.Gate is null && other.Group.Floating is not null && other.Request.WritesTo(stage))?.Group;

    /// <returns>Why this cannot go through a gate; null when it may be tried.</returns>
    private string? ProblemOf(GateRule gate, LobbyRequest stage, List<PlacedStage> others, out TagSet incoming)
    {
        string name = gate.Gate.Name;
        incoming = LabelInto(stage, others);
        TagSet left = incoming.Except(gate.Gate.From).Except(walls.Flow.Marks);
        LobbyFile output = stage.Files[1];
        return stage.Input.Kind is not LobbyFileKind.Pipe || !incoming.Overlaps(gate.Gate.From)
            ? $"the gate {name} takes off {walls.NamesOf(gate.Gate.From)}, and nothing with that comes in: "
                + $"it stands behind a command of that side, COMMAND | {name}"
            : !left.IsEmpty
            ? $"the gate {name} takes off {walls.NamesOf(gate.Gate.From)}, and {walls.NamesOf(left)} would be left"
            : gate.Filter is not null && stage.Arguments.Count > 1
            ? $"the filter {name} takes no arguments: it gets nothing but its input"
            : output.Kind is LobbyFileKind.Other || (output.Kind is LobbyFileKind.File && !IsPlain(output.Path))
            ? $"what passes the gate {name} goes to a terminal, a pipe or a file"
            : null;
    }

    /// <summary>Not a file of the kernel's, which would take it from the supervisor as from one with rights.</summary>
    private static bool IsPlain(string path) => !Planning.Paths.IsAtOrBeneath(path, "/proc")
        && !Planning.Paths.IsAtOrBeneath(path, "/sys") && !Planning.Paths.IsAtOrBeneath(path, "/dev");

    /// <summary>The sources that the program, the files named in the arguments and the input's file have.</summary>
    public TagSet NeededBy(LobbyRequest stage, IReadOnlyList<string> arguments) =>
        FilesOf(stage, arguments).Aggregate(TagSet.Empty, (needed, file) => needed | file.Label);

    /// <summary>The program and the files that the input and the arguments name, with the sources of each; those without any
    /// are not all files.</summary>
    public IEnumerable<(string Path, TagSet Label)> FilesOf(LobbyRequest stage, IReadOnlyList<string> arguments)
    {
        if (stage.Input.Kind is LobbyFileKind.File)
        {
            yield return (stage.Input.Path, files.LabelOf(stage.Input.Path));
        }

        if (programOf(arguments[0]) is { } program)
        {
            yield return (program, files.LabelOf(program));
        }

        foreach (string argument in arguments.Skip(1))
        {
            string named = ExecObserver.NamedIn(Encoding.UTF8.GetBytes(argument));
            if (named.Length > 0)
            {
                string path = Path.GetFullPath(named, stage.WorkingDirectory);
                yield return (path, files.LabelOf(path));
            }
        }
    }

    /// <summary>The verbs that look into the storage, which no cell sees.</summary>
    private static bool AsksStorage(string verb) => verb is "why" or "log" or "cells" or "flow" or "approvals" or "diff"
        or "commit" or "discard" or "sessions" or "replay" or "watch" or "explain";

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
        if (stage.Name != "shellguard" || stage.Arguments.Count < 2)
        {
            return true;
        }

        if (stage.Arguments[1] is not ("run" or "shell"))
        {
            problem = AsksStorage(stage.Arguments[1])
                ? $"shellguard {stage.Arguments[1]} reads what the session keeps outside of its cells: type it in another terminal"
                : null;
            return problem is null;
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
