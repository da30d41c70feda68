using System.CommandLine;
using System.Globalization;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard sessions</c> and <c>sessions prune</c>.</summary>
internal static class SessionsCommand
{
    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "Print JSON" };
        Option<bool> names = new("--names") { Description = "Print the names alone, for completion", Hidden = true };
        Verb verb = new("sessions", "List sessions; prune old ones")
        {
            Details = ["The latest first. A name can be shortened wherever one is wanted, as long as only one begins so."],
            Examples =
            [
                new("shellguard sessions", "all of them"),
                new("shellguard sessions prune --older-than 7d", "remove decided ones"),
            ],
        };
        verb.Options.Add(json);
        verb.Options.Add(names);
        verb.Subcommands.Add(Prune());
        verb.SetAction(parsed =>
        {
            IReadOnlyList<StoredSession> sessions = SessionArguments.Catalog.Sessions;
            if (parsed.GetValue(names))
            {
                Terminal.Out.Write(string.Concat(sessions.Select(session => session.Id.Text + "\n")));
            }
            else if (parsed.GetValue(json))
            {
                PrintJson(sessions);
            }
            else
            {
                PrintTable(sessions);
            }

            return 0;
        });
        return verb;
    }

    private static Verb Prune()
    {
        Option<string> age = new("--older-than")
        {
            Description = "Only sessions that started longer ago than this, for example 12h or 7d",
            HelpName = "TIME",
            DefaultValueFactory = _ => "30d",
        };
        Option<bool> undecided = new("--undecided")
        {
            Description = "Also sessions with changes that nobody decided on; the changes are lost",
        };
        Option<bool> dry = new("--dry-run") { Description = "Only say what would be removed" };
        Verb verb = new("prune", "Remove old sessions with their journals, recordings and changes")
        {
            Details = ["A session that is running never goes, and one with undecided changes only with --undecided."],
            Examples =
            [
                new("shellguard sessions prune", "what is older than 30 days"),
                new("shellguard sessions prune --older-than 1d --dry-run", "only look"),
            ],
        };
        verb.Options.Add(age);
        verb.Options.Add(undecided);
        verb.Options.Add(dry);
        verb.SetAction(parsed =>
        {
            string given = parsed.GetValue(age)!;
            TimeSpan oldest = given == "0" ? TimeSpan.Zero : ValueText.Duration(given)
                ?? throw new SessionException($"--older-than does not take '{given}'; write 12h, 7d or 0");
            int status = 0;
            SessionCatalog catalog = SessionArguments.Catalog;
            DateTimeOffset before = TimeProvider.System.GetUtcNow() - oldest;
            foreach (StoredSession session in catalog.Sessions.Where(session => session.Started <= before))
            {
                if (!SessionPrune.MayGo(session, parsed.GetValue(undecided), TimeProvider.System, out string? kept))
                {
                    Terminal.Out.WriteLine($"{session.Id} kept: {kept}");
                }
                else if (parsed.GetValue(dry))
                {
                    Terminal.Out.WriteLine($"{session.Id} would be removed");
                }
                else if (SessionPrune.Remove(catalog, session) is { } problem)
                {
                    Terminal.Complain(problem);
                    status = 1;
                }
                else
                {
                    Terminal.Out.WriteLine($"{session.Id} removed");
                }
            }

            return status;
        });
        return verb;
    }

    private static void PrintTable(IReadOnlyList<StoredSession> sessions)
    {
        if (sessions.Count == 0)
        {
            Terminal.Out.WriteLine("there is no session yet; start one with shellguard run -- COMMAND");
            return;
        }

        Table.Print(
            ["SESSION", "STARTED", "STATE", "CHANGES", "POLICY", "COMMAND"],
            [
                .. sessions.Select(session =>
                {
                    SessionState state = SessionOverview.StateOf(session, out int? changes);
                    return (IReadOnlyList<string>)
                    [
                        session.Id.Text,
                        session.Started.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                        state.ToString().ToLowerInvariant(),
                        changes?.ToString(CultureInfo.InvariantCulture) ?? "-",
                        session.Record is null ? "-" : SafeText.Shorten(session.Record.Policy, 40),
                        session.Record is null ? (session.IsDamaged ? "its record is damaged" : "never started") : SafeText.Shorten(Command(session.Record), 100),
                    ];
                }),
            ]);
    }

    private static string Command(SessionRecord record) =>
        Journal.Rendering.CommandLine.Of(ArgumentVector.Of(record.Command));

    private static void PrintJson(IReadOnlyList<StoredSession> sessions) => Terminal.WriteJson(json =>
    {
        json.WriteStartArray();
        foreach (StoredSession session in sessions)
        {
            SessionState state = SessionOverview.StateOf(session, out int? changes);
            json.WriteStartObject();
            json.WriteString("session", session.Id.Text);
            json.WriteString("started", session.Started);
            json.WriteString("state", state.ToString().ToLowerInvariant());
            if (changes is { } count)
            {
                json.WriteNumber("changes", count);
            }

            json.WriteString("policy", session.Record?.Policy);
            json.WriteString("command", session.Record is null ? null : Command(session.Record));
            json.WriteString("directory", session.Record?.WorkingDirectory);
            json.WriteString("storage", session.Directory);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
