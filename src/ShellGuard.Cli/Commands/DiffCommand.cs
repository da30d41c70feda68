using System.CommandLine;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard diff [SESSION] [PATH...]</c>.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        SessionArguments arguments = new();
        Option<bool> text = new("--text") { Description = "Show contents line by line, as a patch" };
        Option<bool> json = new("--json") { Description = "Print JSON" };
        Verb verb = new("diff", "Show what a session changed")
        {
            Operands = "[SESSION] [PATH...]",
            Details =
            [
                "Without SESSION the latest one that has something to decide. Letters: A added, M modified, D deleted, "
                + "R replaced by something of another type; C in the second column: the host changed it too; !: it is "
                + "never committed.",
            ],
            Examples =
            [
                new("shellguard diff", "the latest session"),
                new("shellguard diff --text src/main.c", "one file, line by line"),
                new("shellguard diff 1ng4ca --text | git apply --check", "as a patch"),
            ],
        };
        arguments.AddTo(verb);
        verb.Options.Add(text);
        verb.Options.Add(json);
        verb.SetAction(parsed =>
        {
            (StoredSession session, IReadOnlyList<string> paths) =
                arguments.Read(parsed, SessionArguments.Catalog, Undecided.Has, Undecided.None);
            if (parsed.GetValue(json) && parsed.GetValue(text))
            {
                throw new SessionException("--json and --text are two forms of the same answer: name one");
            }

            using SessionLayers layers = SessionLayers.Open(session);
            var selected = layers.Select(paths);
            if (parsed.GetValue(json))
            {
                ChangePrinter.PrintJson(session, layers, selected);
            }
            else if (parsed.GetValue(text))
            {
                ChangePrinter.PrintText(selected);
            }
            else
            {
                ChangePrinter.PrintLines(session, selected);
            }

            foreach (string problem in layers.Problems)
            {
                Terminal.Complain(problem);
            }

            return layers.Problems.Count == 0 ? 0 : 1;
        });
        return verb;
    }
}
