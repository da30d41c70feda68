using System.Buffers;
using System.Text.Json;
using ShellGuard.Core;
using ShellGuard.Core.Events;

namespace ShellGuard.Journal.Format;

/// <summary>Writes records as JSON: fields in a fixed order, no white space, everything but printable ASCII escaped,
/// so that a journal is harmless even for <c>cat</c>. Not thread-safe.</summary>
internal sealed class RecordSerializer
{
    /// <summary>No record is longer; every text in it is bounded so that none can be.</summary>
    public const int MaxRecordBytes = 1024 * 1024;

    /// <summary>Ancestors kept of a process chain.</summary>
    public const int MaxChain = 32;

    /// <summary>Bytes kept of a program's path in a process chain.</summary>
    public const int MaxProgram = 1024;

    private readonly byte[] _scratch = new byte[HostileText.DefaultLimit * ByteEscape.MaxExpansion];

    /// <summary>Writes the whole object with <c>prev</c> as its last field.</summary>
    public void Write(Utf8JsonWriter json, RecordHeader header, JournalEvent what, ReadOnlySpan<byte> previousHash)
    {
        json.WriteStartObject();
        json.WriteNumber("v"u8, header.Schema);
        json.WriteNumber("seq"u8, header.Sequence);
        Span<byte> time = stackalloc byte[32];
        header.Time.UtcDateTime.TryFormat(time, out int timeLength, "O");
        json.WriteString("time"u8, time[..timeLength]);
        json.WriteNumber("ns"u8, header.MonotonicNanoseconds);
        json.WriteString("session"u8, header.Session.Text);
        json.WriteNumber("kind"u8, (int)what.Kind);
        json.WriteString("event"u8, EventNames.Of(what.Kind));
        Common(json, what);
        Payload(json, what);
        json.WriteString("prev"u8, previousHash);
        json.WriteEndObject();
    }

    private void Common(Utf8JsonWriter json, JournalEvent what)
    {
        if (what.Cell.Length > 0)
        {
            Text(json, "cell"u8, what.Cell);
        }

        if (what.Chain.Count > 0)
        {
            json.WriteStartArray("chain"u8);
            for (int index = 0; index < Math.Min(what.Chain.Count, MaxChain); index++)
            {
                ProcessIdentity process = what.Chain[index];
                json.WriteStartObject();
                json.WriteNumber("pid"u8, process.Pid);
                json.WriteNumber("start"u8, process.StartTicks);
                json.WriteNumber("parent"u8, process.ParentPid);
                Text(json, "program"u8, process.Program, MaxProgram);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (what.Chain.Count > MaxChain)
            {
                json.WriteNumber("chainLength"u8, what.Chain.Count);
            }
        }

        if (what.Rule is { } rule)
        {
            json.WriteStartObject("rule"u8);
            Text(json, "file"u8, rule.File);
            json.WriteNumber("line"u8, rule.Line);
            json.WriteNumber("column"u8, rule.Column);
            Text(json, "text"u8, rule.Text);
            json.WriteEndObject();
        }
    }

    private void Payload(Utf8JsonWriter json, JournalEvent what)
    {
        switch (what)
        {
            case SessionStartEvent start:
                Text(json, "policyDigest"u8, start.PolicyDigest);
                Text(json, "user"u8, start.User);
                Text(json, "host"u8, start.Host);
                Text(json, "version"u8, start.Version);
                Arguments(json, start.Command);
                Text(json, "publicKey"u8, start.PublicKey);
                Text(json, "keyFingerprint"u8, start.KeyFingerprint);
                break;
            case SessionEndEvent end:
                json.WriteNumber("exitStatus"u8, end.ExitStatus);
                Text(json, "reason"u8, end.Reason);
                Text(json, "recordingSha256"u8, end.RecordingSha256);
                break;
            case CellStartEvent start:
                Arguments(json, start.Command);
                Text(json, "cwd"u8, start.WorkingDirectory);
                Text(json, "planDigest"u8, start.PlanDigest);
                break;
            case CellEndEvent end:
                Number(json, "exitStatus"u8, end.ExitStatus);
                Number(json, "signal"u8, end.Signal);
                break;
            case ExecEvent exec:
                Decided(json, exec);
                Text(json, "path"u8, exec.Path);
                Arguments(json, exec.Arguments);
                Text(json, "sha256"u8, exec.Sha256);
                Text(json, "sha256Missing"u8, exec.Sha256Missing);
                if (exec.Interpreter is { } interpreter)
                {
                    Text(json, "interpreter"u8, interpreter);
                }

                json.WriteBoolean("fromMemory"u8, exec.FromMemory);
                Text(json, "cwd"u8, exec.WorkingDirectory);
                break;
            case AccessEvent access:
                json.WriteNumber("operation"u8, (int)access.Operation);
                json.WriteString("operationName"u8, EventNames.Of(access.Operation));
                Decided(json, access);
                Text(json, "target"u8, access.Target);
                break;
            case QuestionEvent question:
                json.WriteNumber("question"u8, question.Question);
                json.WriteNumber("operation"u8, (int)question.Operation);
                json.WriteString("operationName"u8, EventNames.Of(question.Operation));
                Text(json, "target"u8, question.Target);
                Text(json, "reason"u8, question.Reason);
                break;
            case AnswerEvent answer:
                json.WriteNumber("question"u8, answer.Question);
                json.WriteNumber("answer"u8, (int)answer.Answer);
                Text(json, "source"u8, answer.Source);
                break;
            case LimitEvent limit:
                json.WriteNumber("limit"u8, (int)limit.Limit);
                json.WriteNumber("value"u8, limit.Value);
                Text(json, "effect"u8, limit.Effect);
                break;
            case CommitEvent commit:
                Text(json, "path"u8, commit.Path);
                json.WriteNumber("change"u8, (int)commit.Change);
                Text(json, "sha256"u8, commit.Sha256);
                break;
            case DiscardEvent discard:
                Text(json, "path"u8, discard.Path);
                break;
            case ResizeEvent resize:
                json.WriteNumber("columns"u8, resize.Columns);
                json.WriteNumber("rows"u8, resize.Rows);
                break;
            case DegradedEvent degraded:
                Text(json, "guarantee"u8, degraded.Guarantee);
                Text(json, "reason"u8, degraded.Reason);
                break;
            case ErrorEvent error:
                Text(json, "part"u8, error.Part);
                Text(json, "message"u8, error.Message);
                break;
            case FlowEvent flow:
                Flow(json, flow);
                break;
            case GateEvent gate:
                Text(json, "gate"u8, gate.Gate);
                Text(json, "sha256"u8, gate.Sha256);
                json.WriteNumber("bytes"u8, gate.Bytes);
                json.WriteNumber("bits"u8, gate.Bits);
                json.WriteNumber("left"u8, gate.Left);
                break;
            case ApprovalEvent approval:
                Text(json, "request"u8, approval.Request);
                json.WriteNumber("step"u8, (int)approval.Step);
                Text(json, "stepName"u8, EventNames.Kebab(approval.Step.ToString()));
                Text(json, "gate"u8, approval.Gate);
                Text(json, "sha256"u8, approval.Sha256);
                json.WriteNumber("bytes"u8, approval.Bytes);
                Text(json, "by"u8, approval.By.Length == 0 ? null : approval.By);
                Text(json, "reason"u8, approval.Reason);
                break;
            case LineEvent line:
                Decided(json, line);
                json.WriteNumber("code"u8, (int)line.Code);
                Text(json, "line"u8, line.Line);
                if (line.Name is { } name)
                {
                    Text(json, "name"u8, name);
                }

                Text(json, "origin"u8, line.Origin);
                WriteFiles(json, line.Files);
                break;
            case LineEndEvent end:
                json.WriteNumber("line"u8, end.Line);
                json.WriteNumber("exitStatus"u8, end.Status);
                json.WriteNumber("duration"u8, end.Nanoseconds);
                WriteStages(json, end.Stages);
                Text(json, "problem"u8, end.Problem);
                break;
            case SignatureEvent signature:
                json.WriteNumber("denials"u8, signature.Denials);
                break;
            default:
                throw new ArgumentException($"no form for {what.GetType().Name}", nameof(what));
        }
    }

    private void Flow(Utf8JsonWriter json, FlowEvent flow)
    {
        json.WriteNumber("flow"u8, (int)flow.Operation);
        json.WriteString("flowName"u8, EventNames.Of(flow.Operation));
        json.WriteNumber("node"u8, flow.Node);
        Number(json, "other"u8, flow.Other);
        Text(json, "name"u8, flow.Name.Length == 0 ? null : flow.Name);
        Texts(json, "label"u8, flow.Label);
        Texts(json, "clearance"u8, flow.Clearance);
        Texts(json, "sinks"u8, flow.Sinks);
        json.WriteBoolean("mailbox"u8, flow.Mailbox);
        Number(json, "edge"u8, flow.Edge);
        Text(json, "gate"u8, flow.Gate.Length == 0 ? null : flow.Gate);
        if (flow.Bits != 0)
        {
            json.WriteNumber("bits"u8, flow.Bits);
        }
    }

    private void Texts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            Text(json, default, HostileText.Of(text));
        }

        json.WriteEndArray();
    }

    private void WriteFiles(Utf8JsonWriter json, IReadOnlyList<LineFile> files)
    {
        json.WriteStartArray("files"u8);
        foreach (LineFile file in files)
        {
            json.WriteStartObject();
            Text(json, "path"u8, file.Path);
            json.WriteNumber("device"u8, file.Device);
            json.WriteNumber("inode"u8, file.Inode);
            Text(json, "sha256"u8, file.Sha256);
            json.WriteBoolean("copy"u8, file.IsCopy);
            json.WriteBoolean("interpreter"u8, file.IsInterpreter);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteStages(Utf8JsonWriter json, IReadOnlyList<LineStage> stages)
    {
        json.WriteStartArray("stages"u8);
        foreach (LineStage stage in stages)
        {
            json.WriteStartObject();
            json.WriteNumber("exitStatus"u8, stage.Status);
            json.WriteNumber("user"u8, stage.UserMicroseconds);
            json.WriteNumber("system"u8, stage.SystemMicroseconds);
            json.WriteNumber("peak"u8, stage.PeakBytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void Decided(Utf8JsonWriter json, IDecided decided)
    {
        json.WriteNumber("decision"u8, (int)decided.Decision);
        json.WriteString("decisionName"u8, EventNames.Of(decided.Decision));
        Text(json, "reason"u8, decided.Reason);
        Text(json, "wayOn"u8, decided.WayOn);
    }

    private void Arguments(Utf8JsonWriter json, ArgumentVector arguments)
    {
        json.WriteStartArray("argv"u8);
        foreach (HostileText argument in arguments.Kept)
        {
            Text(json, default, argument);
        }

        json.WriteEndArray();
        if (arguments.Sha256 is { } digest)
        {
            json.WriteNumber("argc"u8, arguments.Count);
            json.WriteNumber("argvBytes"u8, arguments.Bytes);
            json.WriteString("argvSha256"u8, digest);
        }
    }

    private static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    private void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text, int limit = HostileText.DefaultLimit)
    {
        if (text is null)
        {
            return;
        }

        if (text.Length <= limit && !text.Contains('\\') && !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            json.WriteString(name, text);
        }
        else
        {
            Text(json, name, HostileText.Of(text, limit));
        }
    }

    /// <summary>A string where the text is whole; else an object with the kept text, the length and the hash. A
    /// default name writes an array's element.</summary>
    private void Text(Utf8JsonWriter json, ReadOnlySpan<byte> name, HostileText text)
    {
        if (!name.IsEmpty)
        {
            json.WritePropertyName(name);
        }

        ReadOnlySpan<byte> kept = text.Kept.Span;
        if (text.IsTruncated)
        {
            json.WriteStartObject();
            json.WritePropertyName("text"u8);
        }

        if (!kept.Contains((byte)'\\') && System.Text.Unicode.Utf8.IsValid(kept))
        {
            json.WriteStringValue(kept);
        }
        else
        {
            byte[]? rented = kept.Length * ByteEscape.MaxExpansion > _scratch.Length
                ? ArrayPool<byte>.Shared.Rent(kept.Length * ByteEscape.MaxExpansion)
                : null;
            Span<byte> escaped = rented ?? _scratch;
            json.WriteStringValue(escaped[..ByteEscape.Escape(kept, escaped)]);
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }

        if (text.IsTruncated)
        {
            json.WriteNumber("length"u8, text.Length);
            json.WriteString("sha256"u8, text.Sha256);
            json.WriteEndObject();
        }
    }
}
