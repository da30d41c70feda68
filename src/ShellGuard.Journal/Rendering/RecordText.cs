using System.Globalization;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Journal.Format;

namespace ShellGuard.Journal.Rendering;

/// <summary>Shows a journal to people: one line for a record, safe on any terminal whatever the record holds.
/// </summary>
public static class RecordText
{
    /// <summary>One line without a line feed.</summary>
    public static string Of(JournalLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (line.Record is not { } record)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"line {line.Number} at byte {line.Offset} cannot be read: {SafeText.Of(line.Problem ?? "")}");
        }

        JournalEvent what = record.Event;
        string actor = what.Chain is [{ } first, ..]
            ? string.Create(CultureInfo.InvariantCulture, $" {Program(first)}[{first.Pid}]")
            : "";
        string cell = what.Cell.Length > 0 ? " " + SafeText.Of(what.Cell, 64) : "";
        string rule = what.Rule is { } source ? $" ({SafeText.Of(source.Position)})" : "";
        string why = line.Denial > 0 ? string.Create(CultureInfo.InvariantCulture, $" [why {line.Denial}]") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{record.Header.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff}Z #{record.Header.Sequence}{cell}{actor} ")
            + Body(what) + rule + why;
    }

    /// <summary>What an operation is called in a sentence.</summary>
    internal static string Verb(Operation operation) => EventNames.Kebab(operation.ToString());

    /// <summary>The last part of a program's path.</summary>
    internal static string Program(ProcessIdentity process) =>
        SafeText.Of(process.Program[(process.Program.LastIndexOf('/') + 1)..], 64);

    private static string Body(JournalEvent what) => what switch
    {
        SessionStartEvent start => $"session of {Safe(start.User)} on {Safe(start.Host)} starts: "
            + $"{CommandLine.Of(start.Command)}, policy {Safe(start.PolicyDigest)}",
        SessionEndEvent end => Invariant($"session ends with status {end.ExitStatus}: {Safe(end.Reason)}"),
        CellStartEvent start => $"cell starts in {Safe(start.WorkingDirectory)}: {CommandLine.Of(start.Command)}",
        CellEndEvent { Signal: { } signal } => Invariant($"cell ends by signal {signal}"),
        CellEndEvent end => Invariant($"cell ends with status {end.ExitStatus}"),
        ExecEvent exec => $"exec {Decided(exec.Decision)}: {Safe(exec.Path)}"
            + (exec.FromMemory ? " from memory" : "")
            + (exec.Interpreter is { } interpreter ? $" by {Safe(interpreter)}" : "")
            + $": {CommandLine.Of(exec.Arguments)}" + Because(exec),
        AccessEvent access => $"{Verb(access.Operation)} {Decided(access.Decision)}: {Safe(access.Target)}"
            + Because(access),
        QuestionEvent question => Invariant(
            $"question {question.Question}: {Verb(question.Operation)} {Safe(question.Target)}? {Safe(question.Reason)}"),
        AnswerEvent answer => Invariant(
            $"answer {answer.Question}: {EventNames.Kebab(answer.Answer.ToString())} by {Safe(answer.Source)}"),
        LimitEvent limit => Invariant(
            $"limit {EventNames.Kebab(limit.Limit.ToString())} {limit.Value} struck: {Safe(limit.Effect)}"),
        CommitEvent commit => $"commit {EventNames.Kebab(commit.Change.ToString())}: {Safe(commit.Path)}",
        DiscardEvent discard => discard.Path.Length == 0 ? "discard all changes" : $"discard {Safe(discard.Path)}",
        ResizeEvent resize => Invariant($"terminal {resize.Columns}x{resize.Rows}"),
        DegradedEvent degraded => $"not held: {Safe(degraded.Guarantee)}: {Safe(degraded.Reason)}",
        ErrorEvent error => $"error in {Safe(error.Part)}: {Safe(error.Message)}",
        FlowEvent flow => Flow(flow),
        GateEvent gate => Invariant(
            $"gate {Safe(gate.Gate)}: {gate.Bytes} bytes pass for {gate.Bits} bits, {gate.Left} left, sha256 {Safe(gate.Sha256)}"),
        ApprovalEvent approval => Invariant(
            $"approval {Safe(approval.Request)} of gate {Safe(approval.Gate)}: {EventNames.Kebab(approval.Step.ToString())}")
            + (approval.By.Length > 0 ? $" by {Safe(approval.By)}" : "")
            + Invariant($": {approval.Bytes} bytes, sha256 {Safe(approval.Sha256)}")
            + (approval.Reason.Length > 0 ? $": {Safe(approval.Reason)}" : ""),
        LineEvent line => $"line {Decided(line.Decision)}: '{Safe(line.Line)}'"
            + string.Concat(line.Files.Select(file => $" {(file.IsInterpreter ? "by " : "")}{Safe(file.Path)}")) + Because(line),
        LineEndEvent end => Invariant(
            $"line {end.Line} ends with status {end.Status} after {end.Nanoseconds / 1_000_000} ms")
            + (end.Stages.Count > 1 ? $" ({string.Join(" | ", end.Stages.Select(stage => Invariant($"{stage.Status}")))})" : "")
            + (end.Problem is { } problem ? $": {Safe(problem)}" : ""),
        SignatureEvent => what.Kind == EventKind.Seal ? "signed head" : "signed checkpoint",
        _ => Invariant($"kind {(int)what.Kind}, which this version does not know"),
    };

    private static string Flow(FlowEvent flow)
    {
        string text = Invariant($"{EventNames.Kebab(flow.Operation.ToString())} {flow.Node}")
            + (flow.Other is { } other ? Invariant($" and {other}") : "")
            + (flow.Edge is { } edge ? Invariant($", edge {edge}") : "")
            + (flow.Name.Length > 0 ? $": {Safe(flow.Name)}" : "");
        foreach ((string what, IReadOnlyList<string> tags) in
            new (string, IReadOnlyList<string>)[] { ("label", flow.Label), ("sinks", flow.Sinks) })
        {
            text += tags.Count == 0 ? "" : $", {what} {Safe(string.Join(" ", tags))}";
        }

        return flow.Gate.Length == 0 ? text : text + Invariant($", gate {Safe(flow.Gate)}, {flow.Bits} bits");
    }

    private static string Because(IDecided decided) =>
        decided.Decision == Decision.Allow || decided.Reason.Length == 0 ? "" : $", {Safe(decided.Reason)}";

    private static string Decided(Decision decision) => decision switch
    {
        Decision.Allow => "allowed",
        Decision.Ask => "asked",
        _ => "denied",
    };

    private static string Safe(string text) => SafeText.Of(text);

    private static string Safe(HostileText text) => SafeText.Of(text);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
