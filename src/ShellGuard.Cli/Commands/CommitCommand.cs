using System.CommandLine;
using ShellGuard.Cells.Layers;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard commit [SESSION] [PATH...]</c>.</summary>
internal static class CommitCommand
{
    public static Command Create()
    {
        SessionArguments arguments = new();
        Option<bool> mine = new("--take-mine")
        {
            Description = "Where the host changed a file too, the session's version replaces it",
        };
        Option<bool> host = new("--keep-host")
        {
            Description = "Where the host changed a file too, the host's version stays",
        };
        Option<bool> json = new("--json") { Description = "Print JSON" };
        Verb verb = new("commit", "Bring what a session changed to the host")
        {
            Operands = "[SESSION] [PATH...]",
            Details =
            [
                "Each file is replaced whole or not at all, nothing is written through a link, setuid bits and devices "
                + "stay behind, and what was interrupted is completed by committing again. Where the host changed a "
                + "file since the session started you are shown what the host and what the session made of it, and "
                + "asked; without a terminal such files are refused.",
            ],
            Examples =
            [
                new("shellguard commit", "all that the latest session changed"),
                new("shellguard commit src docs/a.md", "only these"),
                new("shellguard commit 1ng4ca --keep-host", "an earlier session; the host wins"),
            ],
        };
        arguments.AddTo(verb);
        verb.Options.Add(mine);
        verb.Options.Add(host);
        verb.Options.Add(json);
        verb.SetAction(parsed =>
        {
            if (parsed.GetValue(mine) && parsed.GetValue(host))
            {
                throw new SessionException("--take-mine and --keep-host exclude each other");
            }

            SessionCatalog catalog = SessionArguments.Catalog;
            (StoredSession session, IReadOnlyList<string> paths) =
                arguments.Read(parsed, catalog, Undecided.Has, Undecided.None);
            Func<SessionLayer, Change, ConflictAnswer> resolve =
                parsed.GetValue(mine) ? (_, _) => ConflictAnswer.TakeLayer
                : parsed.GetValue(host) ? (_, _) => ConflictAnswer.KeepHost
                : Terminal.CanAsk ? ConflictQuestion.Ask
                : parsed.GetValue(json) ? (_, _) => ConflictAnswer.Refuse
                : ConflictQuestion.Refuse;
            Dictionary<string, IReadOnlyList<ThreeWay>> conflicts = new(StringComparer.Ordinal);
            SessionCommitReport report = SessionDecision.Commit(
                session, paths,
                (layer, change) =>
                {
                    ConflictAnswer answer = resolve(layer, change);
                    if (answer == ConflictAnswer.Refuse && parsed.GetValue(json))
                    {
                        conflicts[layer.HostPath(change)] = ThreeWay.Of(layer.Layer, change);
                    }

                    return answer;
                },
                catalog.KeyFile, SessionArguments.Maker);
            if (parsed.GetValue(json))
            {
                CommitPrinter.PrintJson(session, report, conflicts);
            }
            else
            {
                CommitPrinter.Print(session, report);
            }

            return report.IsComplete ? 0 : 1;
        });
        return verb;
    }
}
