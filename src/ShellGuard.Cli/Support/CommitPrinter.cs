using ShellGuard.Cells.Layers;
using ShellGuard.Cells.Sessions;
using ShellGuard.Core;

namespace ShellGuard.Cli.Support;

/// <summary>Prints what became of a commit.</summary>
internal static class CommitPrinter
{
    public static void Print(StoredSession session, SessionCommitReport report)
    {
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
                    Terminal.Out.WriteLine(
                        $"  {(entry.Change is { } change ? ChangeText.Line(change with { Conflict = null }) : SafeText.Escape(entry.Path))}");
                }
                else
                {
                    string path = SafeText.Escape(Host(layer, entry.Path));
                    Terminal.Error.WriteLine($"shellguard: not committed: {path}: {SafeText.Message(entry.Reason ?? "")}");
                }
            }
        }

        foreach (string problem in report.Problems)
        {
            Terminal.Complain(problem);
        }

        if (conflict)
        {
            Terminal.Complain("decide with --take-mine or --keep-host, perhaps for single paths");
        }

        Terminal.Out.WriteLine($"session {session.Id}: {committed} {(committed == 1 ? "change" : "changes")} committed");
    }

    private static string Host(SessionLayer layer, string path) =>
        path.Length == 0 ? layer.Target : $"{layer.Target.TrimEnd('/')}/{path}";

    /// <param name="conflicts">By path of the host: what there is to see of those that nobody decided on.</param>
    public static void PrintJson(
        StoredSession session,
        SessionCommitReport report,
        IReadOnlyDictionary<string, IReadOnlyList<ThreeWay>> conflicts) => Terminal.WriteJson(json =>
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
                if (entry.Outcome == CommitOutcome.Conflict
                    && conflicts.TryGetValue(Host(layer, entry.Path), out IReadOnlyList<ThreeWay>? views))
                {
                    ThreeWayJson.Write(json, views);
                }

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
