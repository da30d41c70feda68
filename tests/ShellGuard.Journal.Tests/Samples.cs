using System.Text;
using ShellGuard.Core;
using ShellGuard.Core.Events;

namespace ShellGuard.Journal.Tests;

internal static class Samples
{
    public static readonly byte[] Nasty =
        [.. "\e]52;c;aGk=\a\r\n\0\\x41\u202eevil\u2028\u200b"u8, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80, (byte)'\\',
            0xf0, 0x9f];

    public static readonly SessionId Session =
        SessionId.From(new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero), 42);

    public static SessionStartEvent Start => new("ab12", "ann", "host", "0.1.0")
    {
        Command = ArgumentVector.Of("bash", "-l"),
    };

    public static readonly IReadOnlyList<ProcessIdentity> Chain =
    [
        new(12, 99_000, 3, "/usr/bin/curl"), new(3, 98_000, 1, "/bin/ba\nsh"), new(1, 97_000, 0, "/init"),
    ];

    public static readonly RuleSource Rule = new("/home/ann/policy.toml", 12, 3, "net = [\"deny\"]");

    public static AccessEvent Denial(string target = "evil.example:443/tcp") => new(
        Operation.Connect, HostileText.Of(target), Decision.Deny, "no rule grants it", "--net evil.example:443")
    {
        Cell = "main",
        Chain = Chain,
        Rule = Rule,
    };

    /// <summary>At least one of every kind that callers write.</summary>
    public static IReadOnlyList<JournalEvent> Every =>
    [
        Start,
        new CellStartEvent(ArgumentVector.Of("bash"), HostileText.Of("/home/ann"), "cd34") { Cell = "main" },
        new ExecEvent(HostileText.Of(Nasty), ArgumentVector.Of([Nasty, [], [0]]), Decision.Allow, "granted")
        {
            Cell = "main",
            Chain = Chain,
            Rule = Rule,
            Sha256 = new string('a', 64),
            Interpreter = HostileText.Of("/bin/sh"),
            WorkingDirectory = HostileText.Of("/tmp"),
        },
        new ExecEvent(HostileText.Of("memfd:x"), ArgumentVector.Of("x"), Decision.Deny, "runs from memory")
        {
            Sha256Missing = "no file",
            FromMemory = true,
            WayOn = "exec.from_memory = true",
        },
        Denial(),
        new AccessEvent(Operation.Resolve, HostileText.Of(Nasty), Decision.Allow, "granted", null),
        new QuestionEvent(1, Operation.Connect, HostileText.Of("a.example:443/tcp"), "ask"),
        new AnswerEvent(1, GivenAnswer.Once, "person"),
        new LimitEvent(LimitKind.Memory, 1 << 30, "the cell was killed"),
        new CommitEvent(HostileText.Of("/home/ann/x"), ChangeKind.Modified, new string('b', 64)),
        new DiscardEvent(HostileText.Empty),
        new ResizeEvent(80, 24),
        new LineEvent(HostileText.Of("disk"), Decision.Allow, LineReason.None, "")
        {
            Name = HostileText.Of("disk"),
            Origin = HostileText.Of("/dev/pts/3 192.0.2.1 4 192.0.2.2 22"),
            Files =
            [
                new LineFile(HostileText.Of("/opt/report"), 0x800000001, 77, new string('a', 64)) { IsCopy = true },
                new LineFile(HostileText.Of("/bin/dash"), 0x800000001, 78, new string('b', 64)) { IsInterpreter = true },
            ],
        },
        new LineEvent(HostileText.Of([0xff, 0x1b]), Decision.Deny, LineReason.NotText, "invalid UTF-8"),
        new LineEndEvent(9, 1, 2_000_000, [new LineStage(0, 1, 2, 3), new LineStage(1, 4, 5, 6)]) { Problem = "time is over" },
        new DegradedEvent("limits", "no cgroup"),
        new ErrorEvent("network", "connect: ECONNREFUSED"),
        new FlowEvent(FlowOperationKind.CreateService)
        {
            Node = 3,
            Name = "customer database",
            Label = ["db:customers"],
            Sinks = ["net:internet", "odd \u001b tag"],
            Mailbox = true,
        },
        new FlowEvent(FlowOperationKind.PassGate) { Node = 1, Other = 2, Gate = "count", Bits = 12 },
        new FlowEvent(FlowOperationKind.Connect) { Node = 1, Other = 2, Edge = 0 },
        new GateEvent("count", new string('d', 64), 3, 20, 492),
        new ApprovalEvent("k7m2q9", ApprovalStep.Asked, "send", new string('e', 64), 70) { Reason = HostileText.Of(Nasty) },
        new ApprovalEvent("k7m2q9", ApprovalStep.Approved, "send", new string('e', 64), 70) { By = "alice" },
        new CellEndEvent(0, null),
        new CellEndEvent(null, 9),
        new SessionEndEvent(0, "exit") { RecordingSha256 = new string('c', 64) },
    ];

    /// <summary>A closed journal with one of every kind and checkpoints among them.</summary>
    public static byte[] Journal(JournalKey key, SessionId? session = null, bool close = true)
    {
        ManualTime time = new();
        MemorySink sink = new();
        Assert.True(JournalWriter.TryStart(
            sink, key, session ?? Session, Start, new JournalClock(time), Durability.AtEnd, out JournalWriter? writer,
            out string? error), error);
        using (writer)
        {
            foreach (JournalEvent what in Every.Skip(1).SkipLast(1))
            {
                time.Advance(TimeSpan.FromSeconds(1.7));
                Assert.True(writer.Append(what));
            }

            if (close)
            {
                Assert.True(writer.Close((SessionEndEvent)Every[^1]));
            }
        }

        return sink.Bytes;
    }

    public static List<byte[]> Lines(byte[] journal)
    {
        List<byte[]> lines = [];
        int start = 0;
        for (int index = 0; index < journal.Length; index++)
        {
            if (journal[index] == '\n')
            {
                lines.Add(journal[start..(index + 1)]);
                start = index + 1;
            }
        }

        Assert.Equal(journal.Length, start);
        return lines;
    }

    public static byte[] Join(IEnumerable<byte[]> lines) => [.. lines.SelectMany(line => line)];

    public static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
