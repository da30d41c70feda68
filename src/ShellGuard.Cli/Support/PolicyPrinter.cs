using System.Text.Json;
using ShellGuard.Core;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cli.Support;

/// <summary>Prints policies, findings about them and their answers.</summary>
internal static class PolicyPrinter
{
    public static void Print(EffectivePolicy policy)
    {
        IReadOnlyList<PolicyLine> lines = PolicyText.Show(policy);
        Terminal.Out.WriteLine($"# {SafeText.Message(policy.Name)}: {SafeText.Message(string.Join(", then ", policy.Chain))}");
        int width = Math.Min(60, lines.Aggregate(0, (most, line) => Math.Max(most, line.Key.Length + line.Value.Length + 3)));
        foreach (PolicyLine line in lines)
        {
            string rule = SafeText.Message($"{line.Key} = {line.Value}");
            Terminal.Out.WriteLine(
                $"{rule.PadRight(width)}  {Terminal.Paint($"# {SafeText.Message(line.Source.Position)}", Paint.Faint)}");
        }
    }

    public static void PrintJson(EffectivePolicy policy) => Terminal.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteString("policy", policy.Name);
        json.WriteStartArray("chain");
        foreach (string source in policy.Chain)
        {
            json.WriteStringValue(source);
        }

        json.WriteEndArray();
        json.WriteStartArray("rules");
        foreach (PolicyLine line in PolicyText.Show(policy))
        {
            json.WriteStartObject();
            json.WriteString("key", line.Key);
            json.WriteString("value", line.Value);
            WriteSource(json, line.Source);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    public static void PrintJson(IEnumerable<Diagnostic> findings) => Terminal.WriteJson(json =>
    {
        json.WriteStartArray();
        foreach (Diagnostic finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("severity", finding.Severity.ToString().ToLowerInvariant());
            json.WriteString("file", finding.File);
            json.WriteNumber("line", finding.Line);
            json.WriteNumber("column", finding.Column);
            json.WriteNumber("length", finding.Length);
            json.WriteString("message", finding.Message);
            json.WriteString("suggestion", finding.Suggestion);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    public static void Print(IReadOnlyList<PolicyAnswer> answers, bool json)
    {
        if (json)
        {
            PrintJson(answers);
            return;
        }

        foreach (PolicyAnswer answer in answers)
        {
            Verdict verdict = answer.Verdict;
            string word = verdict.Decision switch
            {
                Decision.Allow => "allowed",
                Decision.Ask => "asked about",
                _ => "denied",
            };
            Paint paint = verdict.Decision == Decision.Allow ? Paint.Green : verdict.Decision == Decision.Ask ? Paint.Yellow : Paint.Red;
            Terminal.Out.WriteLine(
                $"{answer.Question} {SafeText.Message(answer.Target)}: {Terminal.Paint(word, paint)}, {SafeText.Message(verdict.Reason)}");
            Terminal.Out.WriteLine($"  rule    {SafeText.Message(verdict.Rule.ToString())}");
            if (answer.Note is { } note)
            {
                Terminal.Out.WriteLine($"  note    {SafeText.Message(note)}");
            }

            if (verdict.WayOn is { } wayOn)
            {
                Terminal.Out.WriteLine($"  way on  {SafeText.Message(wayOn)}");
            }
        }
    }

    private static void PrintJson(IReadOnlyList<PolicyAnswer> answers) => Terminal.WriteJson(json =>
    {
        json.WriteStartArray();
        foreach (PolicyAnswer answer in answers)
        {
            json.WriteStartObject();
            json.WriteString("question", answer.Question);
            json.WriteString("target", answer.Target);
            json.WriteString("decision", answer.Verdict.Decision.ToString().ToLowerInvariant());
            json.WriteString("reason", answer.Verdict.Reason);
            json.WriteString("wayOn", answer.Verdict.WayOn);
            json.WriteString("note", answer.Note);
            WriteSource(json, answer.Verdict.Rule);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void WriteSource(Utf8JsonWriter json, RuleSource source)
    {
        json.WriteStartObject("source");
        json.WriteString("file", source.File);
        json.WriteNumber("line", source.Line);
        json.WriteNumber("column", source.Column);
        json.WriteString("text", source.Text);
        json.WriteEndObject();
    }
}
