using System.CommandLine;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Walls;
using ShellGuard.Cli.Support;
using ShellGuard.Core.Flow.Drawing;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard flow [SESSION]</c>.</summary>
internal static class FlowCommand
{
    public static Command Create()
    {
        SessionArguments arguments = new();
        Option<bool> dot = new("--dot") { Description = "Print it for Graphviz" };
        Option<bool> svg = new("--svg") { Description = "Print a picture" };
        Option<bool> ended = new("--ended") { Description = "Also cells that have ended" };
        Verb verb = new("flow", "Draw who can reach whom in a session with walls")
        {
            Operands = "[SESSION]",
            Details = ["Read from the journal, so also while the session runs and long after."],
            Examples =
            [
                new("shellguard flow", "the latest session"),
                new("shellguard flow --svg > flow.svg", "as a picture"),
            ],
        };
        arguments.AddTo(verb);
        verb.Options.Add(dot);
        verb.Options.Add(svg);
        verb.Options.Add(ended);
        verb.SetAction(parsed =>
        {
            if (parsed.GetValue(dot) && parsed.GetValue(svg))
            {
                throw new SessionException("--dot and --svg exclude each other");
            }

            FlowDrawing drawing = new(SessionGraph.Read(arguments.ReadSession(parsed, SessionArguments.Catalog)))
            {
                WithEnded = parsed.GetValue(ended),
            };
            Terminal.Out.Write(
                parsed.GetValue(dot) ? drawing.ToDot() : parsed.GetValue(svg) ? drawing.ToSvg() : drawing.ToText());
            return 0;
        });
        return verb;
    }
}
