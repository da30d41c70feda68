using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;
using ShellGuard.System.Tests.Support;
using Xunit;
using RuleSource = ShellGuard.Core.RuleSource;

namespace ShellGuard.System.Tests.Walls;

/// <summary>A trace of operations, on the model and as a script for a real lobby.</summary>
internal sealed class ModelWorld : IDisposable
{
    /// <summary>What the gate lets out: two passages, each one of fifteen numbers or a refusal.</summary>
    private const int GateBits = 8;
    private const int PassageBits = 4;
    private static readonly string[] s_cells = ["plain", "desk", "other", "lobby"];

    private readonly TestArea _host = new(Identity.Ordinary);
    private readonly TestArea _area;
    private readonly Random _random;
    private readonly string[] _ports = [Text(Ports.Free()), Text(Ports.Free()), Text(Ports.Free())];
    private readonly List<string> _script = [];
    private readonly List<string> _expected = [];
    private readonly Dictionary<string, NodeId> _nodes = [];
    private readonly NodeId[] _services;

    /// <summary>Cells whose last command wrote to the gate: whether the lobby knows its mark while that cell still sees the
    /// lobby's files depends on which of the two ends first.</summary>
    private readonly HashSet<string> _passedLast = [];
    private readonly TagSet _a;
    private readonly NodeId _files;
    private readonly ModelKind _kind;
    private readonly string _gate;
    private FlowState _state;

    public ModelWorld(Identity identity, Random random, ModelKind kind)
    {
        _random = random;
        _kind = kind;
        _area = new TestArea(identity);
        _gate = _area.Write("seven.sh", "#!/bin/sh\ncat > /dev/null; echo 7\n");
        File.SetUnixFileMode(_gate, (UnixFileMode)0b111_101_101);
        _host.Serve(
            "/usr/bin/python3", Helper.PathOf("sinks.py"), _host.Work, $"{_ports[0]}=from-a", $"{_ports[1]}=from-b",
            $"{_ports[2]}=from-outside");
        foreach (string port in _ports)
        {
            Ports.WaitFor(int.Parse(port, CultureInfo.InvariantCulture));
        }

        _area.Write("c.py", File.ReadAllText(Helper.PathOf("connections.py")));
        TagUniverse universe = new(["a", "b", "out"]);
        TagSet a = Of(universe, "a"), b = Of(universe, "b"), outside = Of(universe, "out");
        RuleSource rule = new("test", 0, 0, "");
        ConflictMode mode = kind == ModelKind.Wall ? ConflictMode.Wall : ConflictMode.Flow;
        bool exclusive = kind == ModelKind.Exclusive;
        FlowPolicy policy = new(
            universe,
            [new ConflictSet("data", 1, a | outside, mode, exclusive, rule), new ConflictSet("clients", 1, a | b, mode, exclusive, rule)],
            [new Gate("seven", GateKind.Filter, a, outside, GateBits, rule)],
            strict: false);
        _state = FlowState.Empty(policy);
        _a = a;
        Demand(new FillGate(0, GateBits));
        _services = [Service(a, default), Service(b, default), Service(default, outside)];
        Cell("plain", a, Clearance.Pinned(a, default));
        Cell("desk", default, new Clearance(a | b, outside));
        Cell("other", default, new Clearance(a | b, outside));
        Cell("lobby", default, Clearance.Pinned(default, outside));
        _files = Declare(node => new CreateLayer(node, "files of the lobby", default));
        Demand(new Connect(new FlowEdge(_state.NextEdge, _nodes["lobby"], _files)));
    }

    /// <summary>Adds one command to the trace, with what the model says of it.</summary>
    public void Step()
    {
        string cell = s_cells[_random.Next(s_cells.Length)];
        TakeTurn(cell);
        switch (_random.Next(6))
        {
            case 0 or 1:
                Connections(cell);
                break;
            case 2 when _kind != ModelKind.Exclusive:
                Pipe(cell);
                break;
            case 3 when _kind != ModelKind.Exclusive && cell != "lobby":
                Pass(cell);
                break;
            case 4 when _kind == ModelKind.Exclusive && cell == "plain":
                // It stands still while the other side has its turn, and its cell lives.
                _script.Add($"{In(cell)}sh -c 'sleep 60 > /dev/null 2>&1 &'");
                break;
            default:
                _script.Add($"{In(cell)}sh -c 'cat store-{cell} >> copy-{cell} 2> /dev/null; echo kept'");
                _expected.AddRange(Enter(cell) ? ["kept"] : []);
                Rest(cell);
                break;
        }
    }

    public void Run(string name)
    {
        _area.Write("script.sh", string.Join('\n', _script) + "\n");
        Outcome outcome = _area.Inside(["--policy", Policy()], "/bin/bash", "script.sh");
        string told = $"{name}\n{string.Join('\n', _script)}\n{outcome.Errors}";
        Assert.True(string.Join('\n', _expected) + "\n" == outcome.Output, $"{told}\nexpected\n{string.Join('\n', _expected)}\nbut\n{outcome.Output}");

        Assert.False(Received(2).Contains("from-a", StringComparison.Ordinal), $"a got outside: {told}");
        Assert.False(Received(1).Contains("from-a", StringComparison.Ordinal), $"a got to b: {told}");
        Assert.False(Received(0).Contains("from-b", StringComparison.Ordinal), $"b got to a: {told}");
        foreach (string label in Directory.GetFiles($"{_area.Sessions[^1]}/cells", "label", SearchOption.AllDirectories))
        {
            string[] tags = File.ReadAllLines(label);
            string files = string.Concat(
                Directory.GetFiles(Path.GetDirectoryName(label)!, "*-*", new EnumerationOptions { RecurseSubdirectories = true })
                    .Where(path => Path.GetFileName(path) is [.., _] file && (file.StartsWith("store-", StringComparison.Ordinal) || file.StartsWith("copy-", StringComparison.Ordinal)))
                    .Select(File.ReadAllText));
            Assert.True(tags.Contains("a") || !files.Contains("from-a", StringComparison.Ordinal), $"{label} lacks a: {told}");
            Assert.True(tags.Contains("b") || !files.Contains("from-b", StringComparison.Ordinal), $"{label} lacks b: {told}");
        }

        string lobby = string.Concat(Directory.GetFiles($"{_area.Sessions[^1]}/layers", "*-lobby", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.False(lobby.Contains("from-a", StringComparison.Ordinal) || lobby.Contains("from-b", StringComparison.Ordinal), told);
        Leftovers.AssertNone(_area);
        Publish(told);
    }

    public void Dispose()
    {
        _host.Dispose();
        _area.Dispose();
    }

    /// <summary>One process that takes from services and sends what its cell has, all of them held to its end.</summary>
    private void Connections(string cell)
    {
        int[] granted = cell switch { "plain" => [0], "lobby" => [2], _ => [0, 1, 2] };
        List<string> words = [];
        bool runs = Enter(cell);
        for (int i = _random.Next(1, 4); i > 0; i--)
        {
            int service = granted[_random.Next(granted.Length)];
            bool has = runs && Try(FlowEdges(_services[service], _nodes[cell], both: true), severs: cell == "other");
            words.Add($"+{_ports[service]} ^{_ports[service]} @{_ports[service]}");
            _expected.AddRange(has ? ["has", "taken", "sent"] : runs ? ["refused", "none", "none"] : []);
        }

        _script.Add($"STORE=store-{cell} {In(cell)}env STORE=store-{cell} python3 c.py {string.Join(' ', words)}");
        Rest(cell);
    }

    /// <summary>Where sides never run at the same time, every other one is frozen before a command begins.</summary>
    private void TakeTurn(string cell)
    {
        if (_kind == ModelKind.Exclusive)
        {
            foreach (NodeId other in _nodes.Values.Where(other => other != _nodes[cell]))
            {
                Demand(new FreezeCell(other));
            }

            Demand(new ThawCell(_nodes[cell]));
        }
    }

    /// <summary>What a cell has goes through the gate, and the one number that passes to the lobby's terminal.</summary>
    private void Pass(string cell)
    {
        // Where a label is fixed, it says what comes in; where it grows, marks of gates are a part of it.
        TagSet history = _state[_nodes[cell]].History;
        TagSet incoming = cell == "plain" ? history.Except(_state.Policy.Marks) : history;
        bool passes = incoming.Except(_state.Policy.Marks) == _a && Enter(cell) && Try(state =>
        [
            new CreateCell(state.NextNode, "gate", null, incoming, Clearance.Pinned(incoming, default)),
            new Connect(new FlowEdge(state.NextEdge, _nodes[cell], state.NextNode)),
            new PassGate(0, state.NextNode, _nodes["lobby"], PassageBits),
            new EndCell(state.NextNode),
        ]);
        _script.Add($"{In(cell)}cat store-{cell} 2> /dev/null | seven; echo $?");
        _expected.AddRange(passes ? ["7", "0"] : ["126"]);
        if (passes)
        {
            _passedLast.Add(cell);
        }

        Rest(cell);
    }

    /// <summary>What cells wrote is committed: each file keeps what its cell knows, and who does not know it does not see
    /// the file.</summary>
    private void Publish(string told)
    {
        _area.Shellguard("commit");
        Dictionary<string, SortedSet<string>> committed = [];
        foreach (string line in File.Exists($"{_area.State}/labels.jsonl") ? File.ReadAllLines($"{_area.State}/labels.jsonl") : [])
        {
            using JsonDocument label = JsonDocument.Parse(line);
            string file = Path.GetFileName(label.RootElement.GetProperty("path").GetString()!);
            committed.TryAdd(file, new SortedSet<string>(StringComparer.Ordinal));
            committed[file].UnionWith(label.RootElement.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!));
        }

        foreach (string cell in s_cells)
        {
            TagSet history = _state[_nodes[cell]].History;
            NodeId layer = _state.NextNode;
            Demand(new CreateLayer(layer, cell, history));
            Demand(new PublishLayer(_nodes[cell], layer));
            foreach (string file in (string[])[$"store-{cell}", $"copy-{cell}"])
            {
                TagSet[] known = _passedLast.Contains(cell) ? [history, history.Except(_state.Policy.Marks)] : [history];
                string[] expected = [.. known.Select(tags => string.Join(' ', tags.Select(_state.Policy.NameOf).Order(StringComparer.Ordinal)))];
                if (File.Exists($"{_area.Work}/{file}"))
                {
                    string tags = string.Join(' ', committed.GetValueOrDefault(file) ?? []);
                    Assert.True(expected.Contains(tags), $"{file} has {tags} and not {expected[0]}: {told}");
                }
            }
        }

        string seen = _area.Inside(["--policy", Policy()], "/bin/bash", "-c", "/bin/cat store-* copy-* 2> /dev/null").Output;
        Assert.False(seen.Contains("from-a", StringComparison.Ordinal) || seen.Contains("from-b", StringComparison.Ordinal), told);
    }

    /// <summary>What one cell has goes to another one.</summary>
    private void Pipe(string from)
    {
        string to = s_cells[_random.Next(s_cells.Length - 1)];
        if (to == from)
        {
            return;
        }

        bool works = Enter(from) && Enter(to) && Try(FlowEdges(_nodes[from], _nodes[to], both: false));
        _script.Add($"{In(from)}cat store-{from} 2> /dev/null | {In(to)}sh -c 'cat >> store-{to}'; echo $?");
        _expected.Add(works ? "0" : "126");
        Rest(from);
        Rest(to);
    }

    private static string In(string cell) => cell == "lobby" ? "" : $"shellguard run --in {cell} -- ";

    private bool Enter(string cell)
    {
        bool enters = Try(Enters(cell));
        if (enters)
        {
            _passedLast.Remove(cell);
        }

        return enters;
    }

    /// <summary>Every cell sees the files of the lobby.</summary>
    private Func<FlowState, IReadOnlyList<FlowOperation>> Enters(string cell) => FlowEdges(_files, _nodes[cell], both: false);

    private static Func<FlowState, IReadOnlyList<FlowOperation>> FlowEdges(NodeId from, NodeId to, bool both) => state =>
    {
        FlowEdge there = new(state.NextEdge, from, to);
        FlowEdge back = new(state.NextEdge + 1, to, from);
        return state[to].In.Any(edge => edge.From == from) ? [] : both ? [new Connect(there), new Connect(back)] : [new Connect(there)];
    };

    /// <param name="severs">Whether what does not go with it is cut, where that is the cell's own.</param>
    private bool Try(Func<FlowState, IReadOnlyList<FlowOperation>> operations, bool severs = false)
    {
        FlowState state = _state;
        foreach (FlowOperation operation in operations(state))
        {
            FlowDecision decision = state.Apply(operation);
            if (decision.Refusal is { } refusal)
            {
                return severs
                    && WaysOn.Of(state, operation, refusal).OfType<WayOn.Sever>().FirstOrDefault() is { } way
                    && Try(now => [.. way.Cuts, .. operations(now)]);
            }

            state = decision.State;
        }

        _state = state;
        return true;
    }

    private void Demand(FlowOperation operation)
    {
        FlowDecision decision = _state.Apply(operation);
        Assert.True(decision.Allowed, operation.ToString());
        _state = decision.State;
    }

    /// <summary>The command has ended, and with it all that its cell held.</summary>
    private void Rest(string cell)
    {
        FlowNode node = _state[_nodes[cell]];
        foreach (FlowEdge edge in node.Out.AddRange(node.In).Where(edge => edge.To != _files))
        {
            _state = _state.Apply(new Disconnect(edge)).State;
        }
    }

    private NodeId Declare(Func<NodeId, FlowOperation> operation)
    {
        NodeId node = _state.NextNode;
        Demand(operation(node));
        return node;
    }

    private NodeId Service(TagSet sources, TagSet sinks) =>
        Declare(node => new CreateService(node, "", sources, sinks, Mailbox: false));

    private void Cell(string name, TagSet label, Clearance clearance)
    {
        _nodes[name] = Declare(node => new CreateCell(node, name, null, label, clearance));
        if (_kind == ModelKind.Exclusive)
        {
            Demand(new FreezeCell(_nodes[name]));
        }
    }

    private string Received(int service) =>
        File.Exists($"{_host.Work}/{_ports[service]}") ? File.ReadAllText($"{_host.Work}/{_ports[service]}") : "";

    private string Policy() => _area.Write("walls.toml", $$"""
        extends = "default"

        [tags]
        "a" = "client a"
        "b" = "client b"
        "out" = "anybody outside"

        [[resource]]
        name = "base a"
        net = ["127.0.0.1:{{_ports[0]}}"]
        source = ["a"]
        opaque = true

        [[resource]]
        name = "base b"
        net = ["127.0.0.1:{{_ports[1]}}"]
        source = ["b"]
        opaque = true

        [[resource]]
        name = "outside"
        net = ["127.0.0.1:{{_ports[2]}}"]
        sink = ["out"]
        opaque = true

        [[conflict]]
        name = "data"
        at_most = 1
        of = ["a", "out"]
        mode = "{{(_kind == ModelKind.Wall ? "wall" : "flow")}}"
        exclusive = {{(_kind == ModelKind.Exclusive ? "true" : "false")}}

        [[conflict]]
        name = "clients"
        never_all = ["a", "b"]
        mode = "{{(_kind == ModelKind.Wall ? "wall" : "flow")}}"
        exclusive = {{(_kind == ModelKind.Exclusive ? "true" : "false")}}

        [cell.plain]
        label = ["a"]
        net = ["127.0.0.1:{{_ports[0]}}"]

        [cell.net]
        label = []
        net = ["127.0.0.1:{{_ports[2]}}"]

        [cell.desk]
        clearance = ["a", "b"]
        net = ["127.0.0.1:{{_ports[0]}}", "127.0.0.1:{{_ports[1]}}", "127.0.0.1:{{_ports[2]}}"]

        [cell.other]
        clearance = ["a", "b"]
        net = ["127.0.0.1:{{_ports[0]}}", "127.0.0.1:{{_ports[1]}}", "127.0.0.1:{{_ports[2]}}"]
        late = "sever"

        [[gate]]
        name = "seven"
        kind = "filter"
        from = ["a"]
        to = ["out"]
        program = "{{_gate}}"
        sha256 = "{{Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(_gate))).ToLowerInvariant()}}"
        form = "integer 0..14"
        bits = {{GateBits}}
        per = "1h"
        """);

    private static TagSet Of(TagUniverse universe, string name) =>
        universe.TryFind(name, out Tag tag) ? TagSet.Of(tag) : throw new ArgumentException(name, nameof(name));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
