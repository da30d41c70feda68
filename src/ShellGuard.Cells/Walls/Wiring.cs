using ShellGuard.Cells.Jobs;
using ShellGuard.Cells.Relays;
using ShellGuard.Core.Flow;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;

namespace ShellGuard.Cells.Walls;

/// <summary>The pipes of one pipeline: of the lobby's own pipes no cell gets anything. Within a cell the supervisor makes a
/// new one; between sides it makes two, with a relay between them.</summary>
/// <param name="stages">The whole pipeline, its cells open.</param>
/// <param name="gates">The stages that are gates.</param>
/// <param name="streams">Where the person is, where there is no terminal.</param>
/// <param name="relayEnded">Called when a relay has ended.</param>
internal sealed class Wiring(
    IReadOnlyList<PlacedStage> stages, Sides sides, IReadOnlyDictionary<PlacedStage, Gates.GatePlace> gates, LobbyStreams streams, Action relayEnded) : IDisposable
{
    /// <summary>The supervisor's ends of what each stage gets, by stage and pipe.</summary>
    private readonly Dictionary<(PlacedStage Stage, (ulong, ulong) Pipe, bool Reads), Descriptor> _ends = [];

    /// <summary>Makes all of it.</summary>
    /// <returns>A refusal of the flow model, or null.</returns>
    /// <exception cref="LinuxException">There are no descriptors left.</exception>
    public FlowDenial? Connect(out IReadOnlyList<(FlowEdge Edge, ByteRelay Relay)> relays)
    {
        List<(NodeId From, NodeId To)> edges = [];
        List<(Descriptor From, Descriptor To)> ends = [];
        foreach (PlacedStage reader in stages)
        {
            LobbyFile input = reader.Request.Input;
            bool isForeign = input.Kind is LobbyFileKind.Other
                || (input is { Kind: LobbyFileKind.File } && IsUnnamed(input));
            if (!reader.ReadsApart || (input.Kind is not LobbyFileKind.Pipe && !isForeign))
            {
                continue;
            }

            DescriptorIo.Pipe(out Descriptor read, out Descriptor write).OrThrow();
            _ends[(reader, input.Identity, true)] = read;
            bool taken = false;
            foreach (PlacedStage writer in stages.Where(writer => writer.Request.WritesTo(reader.Request)))
            {
                if (writer.Group == reader.Group && reader.Gate is null)
                {
                    _ends[(writer, input.Identity, false)] = Copy(write);
                    continue;
                }

                if (writer.Group.IsLobby)
                {
                    // The lobby's own pipe is read for all of its writers there.
                    continue;
                }

                DescriptorIo.Pipe(out Descriptor from, out Descriptor theirs).OrThrow();
                _ends[(writer, input.Identity, false)] = theirs;
                edges.Add((NodeOf(writer), NodeOf(reader)));
                ends.Add((from, Copy(write)));
                taken = true;
            }

            bool fromLobby = stages.Any(writer => writer.Group.IsLobby && writer.Request.WritesTo(reader.Request));
            bool nobody = !stages.Any(writer => writer.Request.WritesTo(reader.Request));
            if (fromLobby || (nobody && !taken))
            {
                edges.Add((sides.Lobby, NodeOf(reader)));
                ends.Add((Copy(input.Held!), Copy(write)));
            }

            write.Dispose();
        }

        List<(Descriptor From, Descriptor To)> toPerson = ConnectPerson();
        FlowDenial? denial = sides.Connect(edges, out IReadOnlyList<FlowEdge> made);
        if (denial is not null)
        {
            foreach ((Descriptor from, Descriptor to) in ends.Concat(toPerson))
            {
                from.Dispose();
                to.Dispose();
            }

            relays = [];
            return denial;
        }

        relays = [.. made.Zip(ends, (edge, end) => (edge, new ByteRelay(end.From, end.To, relayEnded)))];

        // That a side writes to the person is an edge as long as its cell lives, so these have none of their own.
        toPerson.ForEach(end => ToPerson.Add(new ByteRelay(end.From, end.To, relayEnded, isShared: true)));
        return null;
    }

    /// <summary>The relays to the person.</summary>
    public List<ByteRelay> ToPerson { get; } = [];

    /// <summary>What a gate reads, as a descriptor of its own.</summary>
    public Descriptor InputOf(PlacedStage gate) => Copy(_ends[(gate, gate.Request.Input.Identity, true)]);

    /// <summary>What a stage gets as its three standard descriptors.</summary>
    public IReadOnlyList<JobFile> FilesOf(PlacedStage stage)
    {
        List<JobFile> files = [];
        for (int number = 0; number < stage.Request.Files.Count; number++)
        {
            files.Add(FileOf(stage, number));
        }

        return files;
    }

    /// <summary>The empty files that the shell in the lobby made and a side now writes in its own layer.</summary>
    public static IEnumerable<LobbyFile> Placeholders(IEnumerable<PlacedStage> started) => started
        .SelectMany(stage => stage.Request.Files.Skip(1))
        .Where(file => file is { Kind: LobbyFileKind.File, IsEmpty: true } && !IsUnnamed(file));

    public void Dispose()
    {
        foreach (Descriptor end in _ends.Values)
        {
            end.Dispose();
        }
    }

    private List<(Descriptor From, Descriptor To)> ConnectPerson()
    {
        List<(Descriptor From, Descriptor To)> ends = [];
        foreach (PlacedStage stage in stages.Where(stage => !stage.Group.IsLobby))
        {
            foreach (LobbyFile file in stage.Request.Files.Skip(1).DistinctBy(file => file.Identity))
            {
                if (file.Kind is LobbyFileKind.Person && streams.IsOutput(file.Identity, out int number))
                {
                    streams.Redirected.Label(number, stage.Group);
                    DescriptorIo.Duplicate(number, out Descriptor own).OrThrow();
                    DescriptorIo.Pipe(out Descriptor read, out Descriptor write).OrThrow();
                    _ends[(stage, file.Identity, false)] = write;
                    ends.Add((read, own));
                }
            }
        }

        return ends;
    }

    private JobFile FileOf(PlacedStage stage, int number)
    {
        LobbyFile file = stage.Request.Files[number];
        bool reads = number == 0;
        for (int earlier = 1; earlier < number; earlier++)
        {
            LobbyFile other = stage.Request.Files[earlier];
            if (file.Kind is LobbyFileKind.File && other.Kind is LobbyFileKind.File && other.Identity == file.Identity)
            {
                return new JobFile.SameAs(earlier);
            }
        }

        if (_ends.TryGetValue((stage, file.Identity, reads), out Descriptor? end))
        {
            return new JobFile.Given(end);
        }

        return file.Kind switch
        {
            LobbyFileKind.Person => JobFile.Terminal,
            LobbyFileKind.File => new JobFile.Path(file.Path, FlagsOf(file, reads)),
            _ => JobFile.Nothing,
        };
    }

    /// <summary>As the shell opened it: what it emptied, or made, is empty for the side too.</summary>
    private static OpenFlags FlagsOf(LobbyFile file, bool reads)
    {
        const OpenFlags kept = OpenFlags.WRONLY | OpenFlags.RDWR | OpenFlags.APPEND;
        OpenFlags flags = file.Flags & kept;
        return reads && (flags & (OpenFlags.WRONLY | OpenFlags.RDWR)) == OpenFlags.RDONLY
            ? OpenFlags.RDONLY
            : flags | OpenFlags.CREAT
                | (file.IsEmpty && (flags & OpenFlags.APPEND) == OpenFlags.RDONLY ? OpenFlags.TRUNC : OpenFlags.RDONLY);
    }

    /// <summary>A file that has no name any more, such as a here-document's: its bytes go over.</summary>
    private static bool IsUnnamed(LobbyFile file) => file.Path.EndsWith(" (deleted)", StringComparison.Ordinal);

    /// <summary>Where what it reads is; for a gate, its own node.</summary>
    private NodeId NodeOf(PlacedStage stage) => gates.TryGetValue(stage, out Gates.GatePlace? gate) ? gate.Node
        : stage.Group.IsLobby ? sides.Lobby : sides.NodeOf(stage.Group);

    private static Descriptor Copy(Descriptor descriptor)
    {
        DescriptorIo.Duplicate(descriptor.Number, out Descriptor copy).OrThrow();
        GC.KeepAlive(descriptor);
        return copy;
    }
}
