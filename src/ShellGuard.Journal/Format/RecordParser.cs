using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ShellGuard.Core;
using ShellGuard.Core.Events;

namespace ShellGuard.Journal.Format;

/// <summary>Reads a line back into a record. Takes any bytes; does not check the hash chain.</summary>
public static class RecordParser
{
    private const int MaxDepth = 8;

    /// <param name="line">One line without its line feed.</param>
    /// <param name="problem">What is wrong with the line, in lower case without a full stop.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> line,
        [NotNullWhen(true)] out JournalRecord? record,
        [NotNullWhen(false)] out string? problem)
    {
        record = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                problem = "not a JSON object";
                return false;
            }

            record = Record(new RecordFields(document.RootElement));
            problem = null;
            return true;
        }
        catch (JsonException)
        {
            problem = "not JSON";
        }
        catch (FormatException failure)
        {
            problem = failure.Message;
        }
        catch (InvalidOperationException)
        {
            // JsonElement.GetString on a string that is not Unicode, for example a lone surrogate.
            problem = "a text that is not Unicode";
        }

        return false;
    }

    private static JournalRecord Record(RecordFields fields)
    {
        int schema = fields.Int32("v");
        if (schema != RecordHeader.CurrentSchema)
        {
            throw new FormatException($"schema {schema}, which this version does not know");
        }

        if (!SessionId.TryParse(fields.Text("session"), out SessionId? session))
        {
            throw new FormatException("field session is not a session's name");
        }

        RecordHeader header = new(
            schema, fields.Int64("seq"), fields.Time("time"), fields.Int64("ns"), session);
        JournalEvent what = Payload((EventKind)fields.Int32("kind"), fields) with
        {
            Cell = fields.OptionalText("cell") ?? "",
            Chain = fields.Chain(),
            Rule = fields.Rule(),
        };
        return new JournalRecord(header, what);
    }

    private static JournalEvent Payload(EventKind kind, RecordFields fields) => kind switch
    {
        EventKind.SessionStart => new SessionStartEvent(
            fields.Text("policyDigest"), fields.Text("user"), fields.Text("host"), fields.Text("version"))
        {
            Command = fields.Arguments(),
            PublicKey = fields.Text("publicKey"),
            KeyFingerprint = fields.Text("keyFingerprint"),
        },
        EventKind.SessionEnd => new SessionEndEvent(fields.Int32("exitStatus"), fields.Text("reason"))
        {
            RecordingSha256 = fields.OptionalText("recordingSha256"),
        },
        EventKind.CellStart => new CellStartEvent(
            fields.Arguments(), fields.Hostile("cwd"), fields.Text("planDigest")),
        EventKind.CellEnd => new CellEndEvent(fields.OptionalInt32("exitStatus"), fields.OptionalInt32("signal")),
        EventKind.Exec => new ExecEvent(
            fields.Hostile("path"), fields.Arguments(), (Decision)fields.Int32("decision"), fields.Text("reason"))
        {
            Sha256 = fields.OptionalText("sha256"),
            Sha256Missing = fields.OptionalText("sha256Missing"),
            Interpreter = fields.OptionalHostile("interpreter"),
            FromMemory = fields.Boolean("fromMemory"),
            WorkingDirectory = fields.Hostile("cwd"),
            WayOn = fields.OptionalText("wayOn"),
        },
        EventKind.Access => new AccessEvent(
            (Operation)fields.Int32("operation"), fields.Hostile("target"), (Decision)fields.Int32("decision"),
            fields.Text("reason"), fields.OptionalText("wayOn")),
        EventKind.Question => new QuestionEvent(
            fields.Int64("question"), (Operation)fields.Int32("operation"), fields.Hostile("target"),
            fields.Text("reason")),
        EventKind.Answer => new AnswerEvent(
            fields.Int64("question"), (GivenAnswer)fields.Int32("answer"), fields.Text("source")),
        EventKind.Limit => new LimitEvent(
            (LimitKind)fields.Int32("limit"), fields.Int64("value"), fields.Text("effect")),
        EventKind.Commit => new CommitEvent(
            fields.Hostile("path"), (ChangeKind)fields.Int32("change"), fields.OptionalText("sha256")),
        EventKind.Discard => new DiscardEvent(fields.Hostile("path")),
        EventKind.Resize => new ResizeEvent(fields.Int32("columns"), fields.Int32("rows")),
        EventKind.Degraded => new DegradedEvent(fields.Text("guarantee"), fields.Text("reason")),
        EventKind.Error => new ErrorEvent(fields.Text("part"), fields.Text("message")),
        EventKind.Flow => new FlowEvent((FlowOperationKind)fields.Int32("flow"))
        {
            Node = fields.Int32("node"),
            Other = fields.OptionalInt32("other"),
            Name = fields.OptionalText("name") ?? "",
            Label = fields.Texts("label"),
            Clearance = fields.Texts("clearance"),
            Sinks = fields.Texts("sinks"),
            Mailbox = fields.Boolean("mailbox"),
            Edge = fields.OptionalInt32("edge"),
            Gate = fields.OptionalText("gate") ?? "",
            Bits = fields.OptionalInt64("bits") ?? 0,
        },
        EventKind.Gate => new GateEvent(
            fields.Text("gate"), fields.Text("sha256"), fields.Int64("bytes"), fields.Int64("bits"), fields.Int64("left")),
        EventKind.Approval => new ApprovalEvent(
            fields.Text("request"), (ApprovalStep)fields.Int32("step"), fields.Text("gate"), fields.Text("sha256"),
            fields.Int64("bytes"))
        {
            By = fields.OptionalText("by") ?? "",
            Reason = fields.Hostile("reason"),
        },
        EventKind.Line => new LineEvent(
            fields.Hostile("line"), (Decision)fields.Int32("decision"), (LineReason)fields.Int32("code"),
            fields.Text("reason"))
        {
            Name = fields.OptionalHostile("name"),
            Origin = fields.Hostile("origin"),
            Files = fields.Objects("files", file => new LineFile(
                file.Hostile("path"), file.UInt64("device"), file.UInt64("inode"), file.Text("sha256"))
            {
                IsCopy = file.Boolean("copy"),
                IsInterpreter = file.Boolean("interpreter"),
            }),
            WayOn = fields.OptionalText("wayOn"),
        },
        EventKind.LineEnd => new LineEndEvent(
            fields.Int64("line"), fields.Int32("exitStatus"), fields.Int64("duration"),
            fields.Objects("stages", stage => new LineStage(
                stage.Int32("exitStatus"), stage.Int64("user"), stage.Int64("system"), stage.Int64("peak"))))
        {
            Problem = fields.OptionalText("problem"),
        },
        EventKind.Checkpoint or EventKind.Seal => new SignatureEvent(kind, fields.Int64("denials")),
        _ => new UnknownEvent(kind),
    };
}
