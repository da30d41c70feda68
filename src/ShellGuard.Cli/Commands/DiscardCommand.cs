using System.CommandLine;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard discard [SESSION] [PATH...]</c>.</summary>
internal static class DiscardCommand
{
    public static Command Create()
    {
        SessionArguments arguments = new();
        Option<bool> yes = new("--yes", "-y") { Description = "Do not ask" };
        Verb verb = new("discard", "Throw away what a session changed")
        {
            Operands = "[SESSION] [PATH...]",
            Details = ["The journal and the recording of the session stay. Without a terminal to ask on, --yes is needed."],
            Examples =
            [
                new("shellguard discard", "all that the latest session changed"),
                new("shellguard discard build", "only this directory"),
                new("shellguard discard --yes 1ng4ca", "an earlier session, without a question"),
            ],
        };
        arguments.AddTo(verb);
        verb.Options.Add(yes);
        verb.SetAction(parsed =>
        {
            SessionCatalog catalog = SessionArguments.Catalog;
            (StoredSession session, IReadOnlyList<string> paths) =
                arguments.Read(parsed, catalog, Undecided.Has, Undecided.None);
            string what = paths.Count == 0 ? "everything" : $"{paths.Count} {(paths.Count == 1 ? "path" : "paths")}";
            if (!parsed.GetValue(yes) && !Confirm($"throw away {what} that session {session.Id} changed? [y/N] "))
            {
                throw new SessionException("nothing was discarded", 1);
            }

            IReadOnlyList<string> problems = paths.Count == 0
                ? SessionDecision.Discard(session, catalog.KeyFile, SessionArguments.Maker)
                : SessionDecision.Discard(session, paths, catalog.KeyFile, SessionArguments.Maker);
            foreach (string problem in problems)
            {
                Terminal.Complain(problem);
            }

            if (problems.Count == 0)
            {
                Console.Out.WriteLine($"session {session.Id}: {what} discarded");
            }

            return problems.Count == 0 ? 0 : 1;
        });
        return verb;
    }

    private static bool Confirm(string question) => Terminal.CanAsk
        ? Terminal.Ask(question) is "y" or "yes"
        : throw new SessionException("nobody can be asked here: say --yes to discard");
}
