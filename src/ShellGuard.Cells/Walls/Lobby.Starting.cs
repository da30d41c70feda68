using ShellGuard.Cells.Launching;
using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Relays;
using ShellGuard.Cells.Sessions;
using ShellGuard.Core.Flow;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Walls;

/// <content>From a pipeline that asks to one that runs, or is refused whole.</content>
internal sealed partial class Lobby
{
    private void Decide(IReadOnlyList<LobbyRequest> pipeline)
    {
        if (TryExplain(pipeline))
        {
            return;
        }

        if (!_placement.TryPlace(pipeline, out IReadOnlyList<PlacedStage>? stages, out Unplaced? unplaced))
        {
            Refuse(pipeline, unplaced);
            return;
        }

        stages = AtInstances(stages);
        if (ProblemOfPipes(stages) is { } pipes)
        {
            Refuse(pipeline, pipes, BuiltIn("a cell with a clearance tells the lobby nothing"));
            return;
        }

        _sides.Flow.Asker = RefusalNames.Asker(stages);
        try
        {
            if (Check(stages) is { } denial)
            {
                Refuse(stages, denial);
            }
            else if (ProblemOfTurns(stages) is { } exclusive)
            {
                Refuse(pipeline, exclusive, RuleOfTurns);
            }
            else
            {
                Start(stages);
            }
        }
        catch (Exception failure) when (failure is PlanException or LaunchException or SessionException or LinuxException
            or ArgumentException)
        {
            Refuse(pipeline, failure.Message, BuiltIn("a cell that cannot be made runs nothing"));
        }
        catch
        {
            // The session ends, and whoever waits for what these hold sees it.
            pipeline.ToList().ForEach(request => request.Dispose());
            throw;
        }
        finally
        {
            _sides.Flow.Asker = "";
        }

        EndUnused();
    }

    /// <summary>Ends cells that were opened for a pipeline that was then refused: no process of them will ever end.</summary>
    private void EndUnused()
    {
        foreach (LabelCell cell in _sides.Running.Where(cell => !cell.HasRun).ToList())
        {
            _sides.End(cell);
        }

        // What was stopped for a command that was then refused goes on.
        foreach (LabelCell cell in _sides.Running.ToList())
        {
            Rest(cell);
        }
    }

    /// <summary>Opens the cells, and asks the flow model for every edge that the pipeline would have. Edges that no relay
    /// is made for are asked for in a state that is thrown away.</summary>
    private FlowDenial? Check(IReadOnlyList<PlacedStage> stages)
    {
        LabelGroup[] groups = [.. stages.Select(stage => stage.Group).Where(group => !group.IsLobby).Distinct()];
        if (_sides.WouldRefuse(groups, nodeOf => EdgesOf(stages, nodeOf)) is { } foreseen)
        {
            return foreseen;
        }

        foreach (LabelGroup group in groups)
        {
            if (_sides.Open(group, out _, NeededIn(group, stages)) is { } denial)
            {
                return denial;
            }
        }

        return _sides.WouldRefuse(EdgesOf(stages, NodeOf)) ?? WouldRefuseGates(stages);
    }

    /// <summary>What a pipeline joins.</summary>
    private List<(NodeId From, NodeId To)> EdgesOf(IReadOnlyList<PlacedStage> stages, Func<LabelGroup, NodeId> nodeOf)
    {
        List<(NodeId From, NodeId To)> needed = [];
        foreach (PlacedStage stage in stages.Where(stage => stage.Gate is null))
        {
            foreach (LabelGroup group in GroupsOfFiles(stage))
            {
                if (!group.Label.IsSubsetOf(_sides.LabelOf(stage.Group)) && _sides.LayerOf(group) is { } layer)
                {
                    needed.Add((layer, nodeOf(stage.Group)));
                }
            }

            if (stage.Group.IsLobby)
            {
                continue;
            }

            // Whoever reads in the lobby what a side writes: there is no such edge, so this is always refused.
            if (stage.Request.Files.Skip(1).Any(file => file.Kind is LobbyFileKind.Other
                || (file.Kind is LobbyFileKind.Pipe && !stages.Any(other => stage.Request.WritesTo(other.Request)))))
            {
                needed.Add((nodeOf(stage.Group), _sides.Lobby));
            }
        }

        foreach (PlacedStage writer in stages)
        {
            foreach (PlacedStage reader in stages.Where(reader =>
                reader.Gate is null && reader.Group != writer.Group && writer.Request.WritesTo(reader.Request)))
            {
                needed.Add((nodeOf(writer.Group), nodeOf(reader.Group)));
            }
        }

        return [.. needed.Distinct()];
    }

    private IEnumerable<LabelGroup> GroupsOfFiles(PlacedStage stage)
    {
        TagSet needed = _placement.NeededBy(stage.Request, stage.Arguments);
        return needed.IsEmpty ? [] : _groups.All.Where(group => group.Label.IsSubsetOf(needed));
    }

    private void Start(IReadOnlyList<PlacedStage> stages)
    {
        // What the shell wrote before is with the person first, and pipes between sides are made before anything runs.
        _streams.Drain();
        using OpenGates gates = OpenAll(stages);
        if (gates.Problem is { } closed)
        {
            Refuse([.. stages.Select(stage => stage.Request)], closed, gates.Rule!);
            return;
        }

        Wiring wiring = new(stages, _sides, gates.Places, _streams, _wake.Signal);
        if (wiring.Connect(out IReadOnlyList<(FlowEdge Edge, ByteRelay Relay)> relays) is { } denial)
        {
            Refuse(stages, denial);
            return;
        }

        _relays.AddRange(relays);
        _toPerson.AddRange(wiring.ToPerson);
        using (wiring)
        {
            foreach (PlacedStage gate in stages.Where(stage => stage.Gate is not null))
            {
                RunGate(gate, stages, gates, wiring);
            }

            foreach (IGrouping<LabelGroup, PlacedStage> side in
                stages.Where(stage => stage.Gate is null).GroupBy(stage => stage.Group))
            {
                if (side.Key.IsLobby)
                {
                    side.ToList().ForEach(RunHere);
                }
                else
                {
                    RunThere([.. side], wiring);
                }
            }
        }
    }

    private void RunHere(PlacedStage stage)
    {
        if (stage.Arguments.Count != stage.Request.Arguments.Count)
        {
            Refuse([stage.Request], $"{stage.Arguments[0]} runs in the lobby itself: type it without shellguard run",
                BuiltIn("a cell without a label is the lobby's"));
            return;
        }

        if (_farm.ProgramOf(stage.Request.Name) is not { } program)
        {
            Refuse([stage.Request], $"{stage.Request.Name} is in no directory of the lobby's PATH: type it in another terminal",
                BuiltIn("the lobby runs what its PATH leads to"));
            return;
        }

        Give(stage.Request, [(byte)'X', .. KernelText.Encode(program), 0], keep: false);
        stage.Request.Dispose();
    }

    private void RunThere(IReadOnlyList<PlacedStage> stages, Wiring wiring)
    {
        LabelGroup group = stages[0].Group;
        if (_sides.Open(group, out LabelCell? cell) is { } denial)
        {
            Refuse(stages, denial);
            return;
        }

        List<PlacedStage> found = [];
        List<Jobs.JobStage> jobStages = [];
        foreach (PlacedStage stage in stages)
        {
            if (CommandOf(cell!, stage) is { } command)
            {
                found.Add(stage);
                jobStages.Add(new Jobs.JobStage(command, wiring.FilesOf(stage)));
            }
            else
            {
                TellMissing(stage);
                stage.Request.Dispose();
            }
        }

        if (found.Count == 0)
        {
            return;
        }

        bool front = _terminal is not null && found.Exists(stage => IsForeground(stage.Request));
        for (int i = found.Count - 1; i >= 0; i--)
        {
            // A stub that was killed while it waited: its stage does not run.
            if (!Give(found[i].Request, [], keep: true))
            {
                found[i].Request.Dispose();
                found.RemoveAt(i);
                jobStages.RemoveAt(i);
            }
        }

        if (found.Count == 0)
        {
            return;
        }

        cell!.HasRun = true;
        LinuxResult started = cell.Porter.Start(
            jobStages, front, out IReadOnlyList<int> processes, out string? unstarted);
        if (unstarted is not null)
        {
            _session.Terminal.Notices.Say($"{group.Name}: {unstarted}");
        }

        if (started.Failed)
        {
            _session.Terminal.Notices.Say($"{group.Name}: {started}");
            found.ForEach(stage =>
            {
                Tell(stage.Request, [(byte)'E', NotExecutable]);
                stage.Request.Dispose();
            });
            return;
        }

        LobbyJob job = new(cell, [.. found.Select(stage => stage.Request)], processes);
        _jobs.Add(job);
        Wiring.Placeholders(found).ToList().ForEach(RemovePlaceholder);
        if (front)
        {
            ToFront(job);
        }
    }

    /// <summary>Takes away a file that the lobby's shell made for a side to write. Walked as the lobby walks it, so that no
    /// link of the lobby's leads out of its view.</summary>
    private void RemovePlaceholder(LobbyFile file)
    {
        if (Files.Status(Nowhere, file.Path, out _).Succeeded
            || ObjectPath.OpenDirectory($"/proc/{_init}/root", out Descriptor root).Failed)
        {
            return;
        }

        using (root)
        {
            LinuxResult found = ObjectPath.OpenInRoot(
                root, KernelText.Encode(Planning.Paths.Parent(file.Path)), out Descriptor directory);
            using (directory)
            {
                string name = file.Path[(file.Path.LastIndexOf('/') + 1)..];
                if (found.Succeeded && Files.Status(directory, name, out FileStatus status).Succeeded
                    && (status.Device, status.Inode) == file.Identity && status.Size == 0)
                {
                    // Failing leaves an empty file of the lobby's own.
                    Files.Unlink(directory, name);
                }
            }
        }
    }

    private bool IsForeground(LobbyRequest request) =>
        request.Files.Any(file => file.Kind is LobbyFileKind.Person)
        && Linux.Terminals.Terminal.ForegroundGroup(_terminal!, out int group).Succeeded && request.ProcessGroup == group;

    private CellCommand? CommandOf(LabelCell cell, PlacedStage stage)
    {
        List<string> environment =
        [
            .. stage.Request.Environment.Where(variable => !variable.StartsWith("PATH=", StringComparison.Ordinal)),
            $"PATH={_farm.PlainSearchPath}",
            .. cell.Group.VariablesFor(stage.Request, _session.Caller.Environment),
        ];
        string name = stage.Arguments[0];
        string? program = CommandFinder.Find(
            name, _farm.PlainSearchPath, stage.Request.WorkingDirectory, cell.Plan.View, new HostFiles());
        if (program is null && IsPath(name))
        {
            // What the session made itself; whether it can be executed the kernel says.
            string made = Path.GetFullPath(name, stage.Request.WorkingDirectory);
            program = _sides.Files.IsMade(made, cell.Plan.View, _sides.LabelOf(cell.Group)) ? made : null;
        }

        return program is null
            ? null
            : new CellCommand(program, stage.Arguments, stage.Request.WorkingDirectory, environment);
    }

    /// <summary>What is in a path may be of the side's making: that it is not there ends like any other failure, and in strict
    /// mode only the person is told.</summary>
    private void TellMissing(PlacedStage stage)
    {
        string name = stage.Arguments[0];
        string text = $"{name}: not found in {stage.Group.Name}";
        if (IsPath(name) && _walls.Flow.Strict)
        {
            _session.Terminal.Notices.Say(text);
        }
        else
        {
            SayTo(stage.Request, text);
        }

        Answer(stage.Request, IsPath(name) ? StatusFor(NotFound) : NotFound);
    }

    private static bool IsPath(string name) => name.Contains('/', StringComparison.Ordinal);

    private NodeId NodeOf(LabelGroup group) => group.IsLobby ? _sides.Lobby : _sides.NodeOf(group);
}
