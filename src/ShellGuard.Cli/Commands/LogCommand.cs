using System.CommandLine;
using System.Text;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Journal;
using ShellGuard.Journal.Rendering;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard log [SESSION]</c> and <c>log verify</c>.</summary>
internal static class LogCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        SessionArguments arguments = new();
        Option<bool> follow = new("--follow", "-f") { Description = "Go on until the session ends" };
        Option<bool> denied = new("--denied") { Description = "Only what was denied" };
        Option<bool> json = new("--json") { Description = "Print the records as they stand in the journal, one a line" };
        Verb verb = new("log", "Show a session's journal; verify it")
        {
            Operands = "[SESSION]",
            Details = ["The records of the session, and after them those of the commits and discards."],
            Examples =
            [
                new("shellguard log --denied", "what the latest session was denied"),
                new("shellguard log --follow", "while it runs"),
                new("shellguard log verify", "whether the journal is as it was written"),
            ],
        };
        arguments.AddTo(verb);
        verb.Options.Add(follow);
        verb.Options.Add(denied);
        verb.Options.Add(json);
        verb.Subcommands.Add(Verify());
        verb.SetAction(parsed =>
        {
            StoredSession session = arguments.ReadSession(parsed, SessionArguments.Catalog);
            JournalFilter filter = new() { DeniedOnly = parsed.GetValue(denied) };
            int status = 0;
            foreach (string path in session.Journals)
            {
                if (!JournalReader.TryOpen(path, out JournalReader? reader, out string? error))
                {
                    throw new SessionException(error, 1);
                }

                // A journal begins before anything runs.
                if (!session.IsRunning && new FileInfo(path).Length == 0)
                {
                    Terminal.Complain($"{path} is empty: what stood in it is gone, see shellguard log verify");
                    status = 1;
                }

                using (reader)
                {
                    bool live = parsed.GetValue(follow) && path == session.Journals[0];
                    foreach (JournalLine line in live
                        ? reader.Follow(filter, Interval, CancellationToken.None)
                        : reader.Read(filter))
                    {
                        status |= Print(line, parsed.GetValue(json));
                        if (live)
                        {
                            Terminal.Out.Flush();
                        }
                    }
                }
            }

            return status;
        });
        return verb;
    }

    private static int Print(JournalLine line, bool json)
    {
        if (!json)
        {
            Paint paint = line.Record is null ? Paint.Red
                : line.Record.Event is IDecided { Decision: Decision.Deny } ? Paint.Yellow
                : Paint.None;
            Terminal.Out.WriteLine(Terminal.Paint(RecordText.Of(line), paint));
        }
        else if (line.Record is not null)
        {
            Terminal.Out.WriteLine(Encoding.ASCII.GetString(line.Json.Span));
        }
        else
        {
            Terminal.WriteJson(
                writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("line", line.Number);
                    writer.WriteNumber("offset", line.Offset);
                    writer.WriteString("problem", line.Problem);
                    writer.WriteEndObject();
                },
                indented: false);
        }

        return line.Record is null ? 1 : 0;
    }

    private static Verb Verify()
    {
        SessionArguments arguments = new();
        Option<bool> json = new("--json") { Description = "Print JSON" };
        Verb verb = new("verify", "Check that a session's journals are as they were written")
        {
            Operands = "[SESSION]",
            Details =
            [
                "Every record holds the hash of the one before it, and the last one a signature with this user's key; "
                + "the first record that is not as it was written is named. Exit status 1 when a journal is bad, or not "
                + "closed although its session is over.",
            ],
            Examples = [new("shellguard log verify 1ng4ca", "the journals of one session")],
        };
        arguments.AddTo(verb);
        verb.Options.Add(json);
        verb.SetAction(parsed =>
        {
            SessionCatalog catalog = SessionArguments.Catalog;
            StoredSession session = arguments.ReadSession(parsed, catalog);
            IReadOnlyList<VerifiedFile> files = SessionVerification.Verify(session, catalog.KeyFile);
            if (parsed.GetValue(json))
            {
                VerificationPrinter.PrintJson(session, files);
            }
            else
            {
                VerificationPrinter.Print(session, files);
            }

            return files.All(file => file.Problem is null) ? 0 : 1;
        });
        return verb;
    }
}
