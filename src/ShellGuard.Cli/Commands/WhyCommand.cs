using System.CommandLine;
using System.Globalization;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Journal;
using ShellGuard.Journal.Explanations;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard why [N] [SESSION]</c>.</summary>
internal static class WhyCommand
{
    public static Command Create()
    {
        Argument<string[]> words = new("number-or-session") { Arity = new ArgumentArity(0, 2) };
        Option<bool> json = new("--json") { Description = "Print the journal's record" };
        Verb verb = new("why", "Explain a denial: who, what, which rule, and what would allow it")
        {
            Operands = "[N] [SESSION]",
            Details = [
                "N is the number that was printed with the denial; without it the latest denial is explained. What is hidden "
                + "is not there: that is explained where a command names it, and by shellguard policy explain --read PATH.",
            ],
            Examples =
            [
                new("shellguard why", "the latest denial of the latest session"),
                new("shellguard why 3", "the third one"),
                new("shellguard why 3 1ng4ca", "of an earlier session"),
            ],
        };
        words.Validators.Add(UnknownOptions.RefuseAll);
        verb.Arguments.Add(words);
        verb.Options.Add(json);
        verb.SetAction(parsed =>
        {
            string[] given = parsed.GetValue(words) ?? [];
            long? number = given.Length > 0 && given[0].Length < 8
                && long.TryParse(given[0], NumberStyles.None, CultureInfo.InvariantCulture, out long wanted)
                ? wanted
                : null;
            string[] rest = [.. given.Skip(number is null ? 0 : 1)];
            if (rest.Length > 1)
            {
                throw new SessionException($"'{rest[0]}' is not the number of a denial; write shellguard why 1 {rest[1]}");
            }

            StoredSession session = SessionArguments.Catalog.Find(rest.FirstOrDefault());
            return Explain(session, number, parsed.GetValue(json));
        });
        return verb;
    }

    private static int Explain(StoredSession session, long? number, bool json)
    {
        if (!JournalReader.TryOpen(SessionFiles.Journal(session.Directory), out JournalReader? reader, out string? error))
        {
            throw new SessionException(error, 1);
        }

        using (reader)
        {
            JournalLine? line = reader.Read()
                .Where(line => line.Denial > 0 && (number is null || line.Denial == number))
                .LastOrDefault();
            if (line is null)
            {
                throw new SessionException(
                    number is null
                        ? $"session {session.Id} was denied nothing that is written down; a hidden file is simply not "
                            + "there: shellguard policy explain --read PATH says whether one is"
                        : $"session {session.Id} has no denial {number}; shellguard log --denied lists them", 1);
            }

            Terminal.Out.Write(json
                ? System.Text.Encoding.ASCII.GetString(line.Json.Span) + "\n"
                : Why.All([line]).First().Render());
            return 0;
        }
    }
}
