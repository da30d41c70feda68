using System.CommandLine;
using System.Globalization;
using ShellGuard.Cells.Gates;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Core;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard approvals</c>, <c>approvals show</c>, <c>approve</c> and <c>deny</c>.</summary>
internal static class ApprovalsCommand
{
    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "Print JSON" };
        Verb verb = new("approvals", "Decide what may go out of sessions through a gate")
        {
            Details =
            [
                "Lists what waits in running sessions of this host and may be seen by you: you are an approver of its gate, or "
                + "it is your session.",
                "What is approved is exactly the bytes that were shown, once. Nobody inside of a cell can approve.",
            ],
            Examples =
            [
                new("shellguard approvals", "what waits"),
                new("shellguard approvals approve k7m2q9", "see the bytes, and let them out"),
                new("shellguard approvals deny k7m2q9 --reason 'names in line 3'", "say no"),
            ],
        };
        verb.Options.Add(json);
        verb.Subcommands.Add(Show());
        verb.Subcommands.Add(Approve());
        verb.Subcommands.Add(Deny());
        verb.SetAction(parsed =>
        {
            IReadOnlyList<ApprovalQuestion> questions = Approvals.List(out IReadOnlyList<string> silent);
            if (parsed.GetValue(json))
            {
                PrintJson(questions);
            }
            else if (questions.Count == 0 && silent.Count == 0)
            {
                Terminal.Out.WriteLine("nothing waits for you");
            }
            else if (questions.Count > 0)
            {
                Table.Print(
                    ["ID", "GATE", "USER", "FROM", "BYTES", "SHA-256", "EXPIRES", "AGREED", "YOURS", "REASON"],
                    [.. questions.Select(Row)]);
            }

            foreach (string session in silent)
            {
                Terminal.Error.WriteLine($"shellguard: {Approvals.SilenceOf(session)}");
            }

            return silent.Count == 0 ? 0 : 1;
        });
        return verb;
    }

    private static Verb Show()
    {
        Argument<string> id = Id();
        Verb verb = new("show", "Show the bytes that wait, made safe to display")
        {
            Operands = "ID",
            Details = ["Whatever would steer a terminal, or is not seen, is written as an escape such as \\x1b."],
            Examples = [new("shellguard approvals show k7m2q9", "look, and decide nothing")],
        };
        verb.Arguments.Add(id);
        verb.SetAction(parsed =>
        {
            ApprovalQuestion question = Approvals.Find(parsed.GetValue(id)!);
            Print(question, Approvals.Content(question));
            return 0;
        });
        return verb;
    }

    private static Verb Approve()
    {
        Argument<string> id = Id();
        Option<string> digest = new("--sha256")
        {
            Description = "The digest of what you saw, instead of looking and being asked now",
            HelpName = "DIGEST",
        };
        Verb verb = new("approve", "See the bytes that wait, and let them out, once")
        {
            Operands = "ID",
            Details = ["Without a terminal to ask on, --sha256 is needed."],
            Examples =
            [
                new("shellguard approvals approve k7m2q9", "see, then answer"),
                new(
                    "shellguard approvals approve k7m2q9 --sha256 ba7816bf…",
                    "after a look elsewhere"),
            ],
        };
        verb.Arguments.Add(id);
        verb.Options.Add(digest);
        verb.SetAction(parsed =>
        {
            ApprovalQuestion question = Approvals.Find(parsed.GetValue(id)!);
            string? seen = parsed.GetValue(digest);
            if (seen is null)
            {
                if (!Terminal.CanAsk)
                {
                    throw new SessionException("nobody can be asked here: say --sha256 with the digest of what you saw");
                }

                Print(question, Approvals.Content(question));
                if (Terminal.Ask("let exactly this out, once? [y/N] ") is not ("y" or "yes"))
                {
                    throw new SessionException("nothing was approved", 1);
                }

                seen = question.Sha256;
            }

            int missing = Approvals.Approve(question, seen);
            Terminal.Out.WriteLine(missing == 0
                ? $"{SafeText.Of(question.Id)} goes out"
                : $"{SafeText.Of(question.Id)} waits for {missing} more");
            return 0;
        });
        return verb;
    }

    private static Verb Deny()
    {
        Argument<string> id = Id();
        Option<string> reason = new("--reason") { Description = "What who asks is told", HelpName = "TEXT" };
        Verb verb = new("deny", "Let nothing out")
        {
            Operands = "ID",
            Examples = [new("shellguard approvals deny k7m2q9", "no")],
        };
        verb.Arguments.Add(id);
        verb.Options.Add(reason);
        verb.SetAction(parsed =>
        {
            ApprovalQuestion question = Approvals.Find(parsed.GetValue(id)!);
            Approvals.Deny(question, parsed.GetValue(reason) ?? "");
            Terminal.Out.WriteLine($"{SafeText.Of(question.Id)} is denied");
            return 0;
        });
        return verb;
    }

    private static Argument<string> Id()
    {
        Argument<string> id = new("id") { Description = "The question's name, as approvals lists it" };
        id.Validators.Add(UnknownOptions.RefuseAll);
        return id;
    }

    private static IReadOnlyList<string> Row(ApprovalQuestion question) =>
    [
        SafeText.Shorten(question.Id, 12),
        SafeText.Shorten(question.Gate, 32),
        UserOf(question),
        SafeText.Shorten(question.Cell, 40),
        question.Bytes.ToString(CultureInfo.InvariantCulture),
        SafeText.Shorten(question.Sha256, 12),
        question.Expires.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        $"{(question.Approved.Length == 0 ? "nobody" : SafeText.Shorten(question.Approved, 80))} of {question.Needed}",
        question.IsMine ? "yes" : "no",
        SafeText.Shorten(question.Reason, 120),
    ];

    private static string UserOf(ApprovalQuestion question) => SafeText.Shorten(
        Accounts.Find(question.Uid)?.Name ?? question.Uid.ToString(CultureInfo.InvariantCulture), 32);

    /// <summary>What is asked, and the bytes, line by line; each line is marked, so that none can pose as ours.</summary>
    private static void Print(ApprovalQuestion question, byte[] content)
    {
        Terminal.Out.WriteLine(
            $"gate {SafeText.Shorten(question.Gate, 32)}, asked by {UserOf(question)} in session {question.Session}, from {SafeText.Shorten(question.Cell, 40)}");
        Terminal.Out.WriteLine(Invariant($"{content.Length} bytes, sha256 {question.Sha256}"));
        if (question.Reason.Length > 0)
        {
            Terminal.Out.WriteLine($"reason: {SafeText.Message(question.Reason)}");
        }

        int at = 0;
        while (at < content.Length)
        {
            int end = content.AsSpan(at).IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? content.AsSpan(at) : content.AsSpan(at, end);
            Terminal.Out.WriteLine($"| {SafeText.Of(line, line.Length * 12)}");
            at += line.Length + 1;
        }

        if (content is not [.., (byte)'\n'])
        {
            Terminal.Out.WriteLine("(no line feed at the end)");
        }
    }

    private static void PrintJson(IReadOnlyList<ApprovalQuestion> questions) => Terminal.WriteJson(json =>
    {
        json.WriteStartArray();
        foreach (ApprovalQuestion question in questions)
        {
            json.WriteStartObject();
            json.WriteString("id", SafeText.Escape(question.Id));
            json.WriteString("session", question.Session);
            json.WriteString("user", UserOf(question));
            json.WriteString("gate", SafeText.Escape(question.Gate));
            json.WriteString("cell", SafeText.Escape(question.Cell));
            json.WriteString("reason", SafeText.Message(question.Reason));
            json.WriteString("sha256", SafeText.Escape(question.Sha256));
            json.WriteNumber("bytes", question.Bytes);
            json.WriteString("expires", question.Expires);
            json.WriteNumber("needed", question.Needed);
            json.WriteString("approved", SafeText.Escape(question.Approved));
            json.WriteBoolean("yours", question.IsMine);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
