using ShellGuard.Cells.Layers;
using ShellGuard.Cells.Sessions;

namespace ShellGuard.Cli.Support;

/// <summary>Prints what became of a commit.</summary>
internal static class CommitPrinter
{
    public static void Print(StoredSession session, SessionCommitReport report, bool json)
    {
        if (json)
        {
            PrintJson(session, report);
            return;
        }

        int committed = 0;
        bool conflict = false;
        foreach ((SessionLayer layer, CommitReport done) in report.Reports)
        {
            foreach (CommitEntry entry in done.Entries)
            {
                conflict |= entry.Outcome == CommitOutcome.Conflict;
                if (entry.Outcome == CommitOutcome.Committed)
                {
                    committed++;
                    Console.Out.WriteLine(
                        $"  {(entry.Change is { } change ? ChangeText.Line(change with { Conflict = null }) : SafeText.Escape(entry.Path))}");
                }
                else
                {
                    string path = SafeText.Escape(Host(layer, entry.Path));
                    Console.Error.WriteLine($"shellguard: not committed: {path}: {SafeText.Escape(entry.Reason ?? "")}");
                }
            }
        }

        foreach (string problem in report.Problems)
        {
            Terminal.Complain(problem);
        }

        if (conflict)
        {
            Terminal.Complain("decide with --take-mine or --keep-host, perhaps for single paths; "
                + "shellguard diff --text shows both");
        }

        Console.Out.WriteLine($"session {session.Id}: {committed} {(committed == 1 ? "change" : "changes")} committed");
    }

    private static string Host(SessionLayer layer, string path) =>
        path.Length == 0 ? layer.Target : $"{layer.Target.TrimEnd('/')}/{path}";

    private static void PrintJson(StoredSession session, SessionCommitReport report) => Terminal.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteString("session", session.Id.Text);
        json.WriteBoolean("complete", report.IsComplete);
        json.WriteStartArray("entries");
        foreach ((SessionLayer layer, CommitReport done) in report.Reports)
        {
            foreach (CommitEntry entry in done.Entries)
            {
                json.WriteStartObject();
                json.WriteString("path", SafeText.Escape(Host(layer, entry.Path)));
                json.WriteString("outcome", entry.Outcome.ToString().ToLowerInvariant());
                json.WriteString("reason", entry.Reason);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
        json.WriteStartArray("problems");
        foreach (string problem in report.Problems)
        {
            json.WriteStringValue(problem);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
