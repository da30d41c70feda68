using System.Collections.Immutable;
using System.Text.Json;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Walls;

/// <summary>Writes an answer for programs.</summary>
public sealed class WallAnswerJson(WallRules walls)
{
    /// <summary>One object.</summary>
    public void Write(Utf8JsonWriter json, WallAnswer answer)
    {
        json.WriteStartObject();
        json.WriteString("cell", answer.Cell.Name);
        json.WriteString("question", answer.IsSink ? "reach" : "get");
        json.WriteString("tag", walls.Flow.NameOf(answer.Asked));
        json.WriteBoolean("answer", answer.Yes);
        if (answer.Path is { } path)
        {
            json.WriteStartArray("path");
            WriteSteps(json, answer.State, path.Steps);
            json.WriteEndArray();
        }

        json.WriteString("through", answer.Through is { } through && answer.Yes ? through.Name : null);
        WriteNames(json, "instead", answer.Instead);
        if (answer.Refusal is { } refusal)
        {
            WriteRefusal(json, refusal);
        }

        json.WriteStartArray("gates");
        foreach (WayOn.ThroughGate gate in answer.WaysOn.OfType<WayOn.ThroughGate>())
        {
            json.WriteStringValue(walls.Gates[gate.Gate].Gate.Name);
        }

        json.WriteEndArray();
        json.WriteStartArray("otherCells");
        foreach (CellRule other in answer.Others)
        {
            json.WriteStringValue(other.Name);
        }

        json.WriteEndArray();
        json.WriteStartArray("untagged");
        foreach (NetworkRule rule in answer.Untagged)
        {
            json.WriteStringValue(rule.Pattern.ToString());
        }

        json.WriteEndArray();
        json.WriteStartArray("resources");
        foreach (TaggedResource resource in answer.Resources)
        {
            json.WriteStringValue(resource.Name);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteRefusal(Utf8JsonWriter json, FlowRefusal refusal)
    {
        json.WriteStartObject("refusal");
        json.WriteString("reason", refusal.Reason.ToString().ToLowerInvariant());
        json.WriteString("at", refusal.Attempt[refusal.Node].Name);
        WriteNames(json, "tags", refusal.Tags);
        if (refusal.Conflict is { } conflict)
        {
            json.WriteStartObject("conflict");
            json.WriteString("name", conflict.Name);
            json.WriteNumber("atMost", conflict.AtMost);
            WriteNames(json, "of", conflict.Members);
            WriteSource(json, conflict.Rule);
            json.WriteEndObject();
        }

        json.WriteStartArray("paths");
        foreach (TagPath path in FlowExplanation.Of(refusal).Paths)
        {
            json.WriteStartObject();
            json.WriteString("tag", walls.Flow.NameOf(path.Tag));
            json.WriteBoolean("isSink", path.IsSink);
            json.WriteStartArray("steps");
            WriteSteps(json, refusal.Attempt, path.Steps);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSteps(Utf8JsonWriter json, FlowState state, ImmutableArray<PathStep> steps)
    {
        foreach (PathStep step in steps)
        {
            json.WriteStartObject();
            json.WriteString("kind", step.Kind.ToString().ToLowerInvariant());
            json.WriteString("from", state[step.From].Name);
            json.WriteString("to", state[step.To].Name);
            json.WriteString("what", step.What.Length == 0 ? null : step.What);
            json.WriteEndObject();
        }
    }

    private static void WriteSource(Utf8JsonWriter json, RuleSource source)
    {
        json.WriteStartObject("source");
        json.WriteString("file", source.File);
        json.WriteNumber("line", source.Line);
        json.WriteNumber("column", source.Column);
        json.WriteString("text", source.Text);
        json.WriteEndObject();
    }

    private void WriteNames(Utf8JsonWriter json, string property, TagSet tags)
    {
        json.WriteStartArray(property);
        foreach (Tag tag in tags)
        {
            json.WriteStringValue(walls.Flow.NameOf(tag));
        }

        json.WriteEndArray();
    }
}
