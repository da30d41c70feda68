using System.CommandLine;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Walls;
using ShellGuard.Cli.Support;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Operations;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard cells [SESSION]</c>.</summary>
internal static class CellsCommand
{
    public static Command Create()
    {
        SessionArguments arguments = new();
        Option<bool> json = new("--json") { Description = "Print JSON" };
        Verb verb = new("cells", "List the cells of a session with walls: label, edges, what is still possible")
        {
            Operands = "[SESSION]",
            Details = ["Read from the journal. A cell ends with its last process, and is made again when it is needed."],
            Examples = [new("shellguard cells", "of the latest session")],
        };
        arguments.AddTo(verb);
        verb.Options.Add(json);
        verb.SetAction(parsed =>
        {
            StoredSession session = arguments.ReadSession(parsed, SessionArguments.Catalog);
            FlowState state = SessionGraph.Read(session);
            FlowNode[] cells = [.. state.Nodes.Where(node => node.Kind == NodeKind.Cell)];
            if (parsed.GetValue(json))
            {
                PrintJson(session, state, cells);
            }
            else
            {
                Table.Print(
                    ["CELL", "STATE", "KNOWS", "REACHES", "SENDS TO", "MAY STILL GET"],
                    [.. cells.Where(cell => !cell.Ended || !session.IsRunning).Select(cell => Row(session, state, cell))]);
            }

            return 0;
        });
        return verb;
    }

    private static IReadOnlyList<string> Row(StoredSession session, FlowState state, FlowNode cell) =>
    [
        SafeText.Shorten(cell.Name, 40),
        StateOf(session, cell),
        Names(state, cell.History),
        Names(state, cell.Ended ? cell.Reached : cell.Reach),
        string.Join(", ", Receivers(state, cell).Select(name => SafeText.Shorten(name, 40))),
        (SourcesLeft(state, cell) | SinksLeft(state, cell)) is { IsEmpty: false } left ? Names(state, left) : "nothing",
    ];

    private static void PrintJson(StoredSession session, FlowState state, FlowNode[] cells) => Terminal.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteString("session", session.Id.Text);
        json.WriteStartArray("cells");
        foreach (FlowNode cell in cells)
        {
            json.WriteStartObject();
            json.WriteNumber("node", cell.Id.Value);
            json.WriteString("name", SafeText.Escape(cell.Name));
            json.WriteString("state", StateOf(session, cell));
            Write("knows", cell.History.Select(state.Policy.NameOf));
            Write("reaches", cell.Reach.Select(state.Policy.NameOf));
            Write("everReached", cell.Reached.Select(state.Policy.NameOf));
            Write("sendsTo", Receivers(state, cell));
            json.WriteBoolean("pinned", cell.Pinned);
            Write("mayStillGet", SourcesLeft(state, cell).Select(state.Policy.NameOf));
            Write("mayStillReach", SinksLeft(state, cell).Select(state.Policy.NameOf));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();

        void Write(string name, IEnumerable<string> texts)
        {
            json.WriteStartArray(name);
            foreach (string text in texts)
            {
                json.WriteStringValue(SafeText.Escape(text));
            }

            json.WriteEndArray();
        }
    });

    /// <summary>The sources that a cell with a clearance does not know, and would not be refused now.</summary>
    private static TagSet SourcesLeft(FlowState state, FlowNode cell) => cell.Pinned
        ? TagSet.Empty
        : TagSet.Of([
            .. cell.Clearance.Sources.Except(cell.History)
                .Where(tag => state.Apply(new AcquireSource(cell.Id, TagSet.Of(tag), "")).Allowed),
        ]);

    /// <summary>The sinks that it does not reach, and would not be refused now.</summary>
    private static TagSet SinksLeft(FlowState state, FlowNode cell) => cell.Pinned
        ? TagSet.Empty
        : TagSet.Of([
            .. cell.Clearance.Sinks.Except(cell.Reach)
                .Where(tag => state.Apply(new AcquireSink(cell.Id, TagSet.Of(tag), "")).Allowed),
        ]);

    private static string StateOf(StoredSession session, FlowNode cell) =>
        cell.Ended || !session.IsRunning ? "ended" : cell.Frozen ? "frozen" : "running";

    private static IEnumerable<string> Receivers(FlowState state, FlowNode cell) =>
        cell.Out.Select(edge => state[edge.To].Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static string Names(FlowState state, TagSet tags) =>
        tags.IsEmpty ? "-" : string.Join(", ", tags.Select(state.Policy.NameOf).Select(name => SafeText.Shorten(name, 40)));
}
