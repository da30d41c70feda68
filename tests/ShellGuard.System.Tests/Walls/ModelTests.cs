using System.Globalization;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;
using ShellGuard.System.Tests.Support;
using Xunit;
using RuleSource = ShellGuard.Core.RuleSource;

namespace ShellGuard.System.Tests.Walls;

/// <summary>The model's operations on real cells: random traces of commands that take, send, hand on and keep real bytes.
/// What the model allows works, what it refuses is refused, and no byte is where its origin must not get.</summary>
public sealed class ModelTests
{
    private const int Traces = 10;
    private const int Operations = 15;
    private static readonly string[] s_cells = ["plain", "desk", "other", "lobby"];

    [Theory, BothIdentities]
    public void Random_traces_do_for_real_what_the_model_says(Identity identity)
    {
        for (int trace = 0; trace < Traces; trace++)
        {
            int seed = (int)identity * 1000 + trace;
            using World world = new(identity, new Random(seed));
            for (int i = 0; i < Operations; i++)
            {
                world.Step();
            }

            world.Run($"trace {seed}");
        }
    }

    private sealed class World : IDisposable
    {
        private readonly TestArea _host = new(Identity.Ordinary);
        private readonly TestArea _area;
        private readonly Random _random;
        private readonly string[] _ports = [Text(Ports.Free()), Text(Ports.Free()), Text(Ports.Free())];
        private readonly List<string> _script = [];
        private readonly List<string> _expected = [];
        private readonly Dictionary<string, NodeId> _nodes = [];
        private readonly NodeId[] _services;
        private readonly bool _wall;
        private FlowState _state;

        public World(Identity identity, Random random)
        {
            _random = random;
            _area = new TestArea(identity);
            _wall = random.Next(2) == 0;
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
            ConflictMode mode = _wall ? ConflictMode.Wall : ConflictMode.Flow;
            FlowPolicy policy = new(
                universe,
                [new ConflictSet("data", 1, a | outside, mode, false, rule), new ConflictSet("clients", 1, a | b, mode, false, rule)],
                [], strict: false);
            _state = FlowState.Empty(policy);
            _services = [Service(a, default), Service(b, default), Service(default, outside)];
            Cell("plain", a, Clearance.Pinned(a, default));
            Cell("desk", default, new Clearance(a | b, outside));
            Cell("other", default, new Clearance(a | b, outside));
            Cell("lobby", default, Clearance.Pinned(default, outside));
        }

        /// <summary>Adds one command to the trace, with what the model says of it.</summary>
        public void Step()
        {
            string cell = s_cells[_random.Next(s_cells.Length)];
            switch (_random.Next(4))
            {
                case 0 or 1:
                    Connections(cell);
                    break;
                case 2:
                    Pipe(cell);
                    break;
                default:
                    _script.Add($"{In(cell)}sh -c 'cat store-{cell} >> copy-{cell} 2> /dev/null; echo kept'");
                    _expected.Add("kept");
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
            for (int i = _random.Next(1, 4); i > 0; i--)
            {
                int service = granted[_random.Next(granted.Length)];
                bool has = Try(FlowEdges(_services[service], _nodes[cell], both: true));
                words.Add($"+{_ports[service]} ^{_ports[service]} @{_ports[service]}");
                _expected.AddRange(has ? ["has", "taken", "sent"] : ["refused", "none", "none"]);
            }

            _script.Add($"STORE=store-{cell} {In(cell)}env STORE=store-{cell} python3 c.py {string.Join(' ', words)}");
            Rest(cell);
        }

        /// <summary>What one cell has goes to another one.</summary>
        private void Pipe(string from)
        {
            string to = s_cells[_random.Next(s_cells.Length - 1)];
            if (to == from)
            {
                return;
            }

            bool works = Try(FlowEdges(_nodes[from], _nodes[to], both: false));
            _script.Add($"{In(from)}cat store-{from} 2> /dev/null | {In(to)}sh -c 'cat >> store-{to}'; echo $?");
            _expected.Add(works ? "0" : "126");
            Rest(from);
            Rest(to);
        }

        private static string In(string cell) => cell == "lobby" ? "" : $"shellguard run --in {cell} -- ";

        private static Func<FlowState, IReadOnlyList<FlowOperation>> FlowEdges(NodeId from, NodeId to, bool both) => state =>
        {
            FlowEdge there = new(state.NextEdge, from, to);
            FlowEdge back = new(state.NextEdge + 1, to, from);
            return state[to].In.Any(edge => edge.From == from) ? [] : both ? [new Connect(there), new Connect(back)] : [new Connect(there)];
        };

        private bool Try(Func<FlowState, IReadOnlyList<FlowOperation>> operations)
        {
            FlowState state = _state;
            foreach (FlowOperation operation in operations(state))
            {
                FlowDecision decision = state.Apply(operation);
                if (!decision.Allowed)
                {
                    return false;
                }

                state = decision.State;
            }

            _state = state;
            return true;
        }

        /// <summary>The command has ended, and with it all that its cell held.</summary>
        private void Rest(string cell)
        {
            FlowNode node = _state[_nodes[cell]];
            foreach (FlowEdge edge in node.Out.AddRange(node.In))
            {
                _state = _state.Apply(new Disconnect(edge)).State;
            }
        }

        private NodeId Declare(Func<NodeId, FlowOperation> operation)
        {
            NodeId node = _state.NextNode;
            FlowDecision decision = _state.Apply(operation(node));
            Assert.True(decision.Allowed);
            _state = decision.State;
            return node;
        }

        private NodeId Service(TagSet sources, TagSet sinks) =>
            Declare(node => new CreateService(node, "", sources, sinks, Mailbox: false));

        private void Cell(string name, TagSet label, Clearance clearance) =>
            _nodes[name] = Declare(node => new CreateCell(node, name, null, label, clearance));

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
            mode = "{{(_wall ? "wall" : "flow")}}"

            [[conflict]]
            name = "clients"
            never_all = ["a", "b"]
            mode = "{{(_wall ? "wall" : "flow")}}"

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
            """);

        private static TagSet Of(TagUniverse universe, string name) =>
            universe.TryFind(name, out Tag tag) ? TagSet.Of(tag) : throw new ArgumentException(name, nameof(name));

        private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
