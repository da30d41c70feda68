using System.Text.Json;
using ShellGuard.Cells.Launching;
using ShellGuard.Cells.Planning;
using ShellGuard.Core;
using ShellGuard.Linux.Launch;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cli.Support;

/// <summary>Prints a plan.</summary>
internal sealed class PlanPrinter(CellPlan plan, IReadOnlyList<PlanSection> sections, SystemCallTable table)
{
    private const int Widest = 56;

    private IReadOnlyList<LaunchStep> Steps => LaunchBuilder.Build(plan, new LaunchDescriptors(3, 4, 5, 6)).Steps;

    public void Print()
    {
        foreach (PlanSection section in sections.Where(section => section.Rows.Count > 0))
        {
            Terminal.Out.WriteLine(Terminal.Paint(section.Title, Paint.Bold));
            int what = Math.Min(Widest, section.Rows.Max(row => row.What.Length));
            int mechanism = Math.Min(Widest, section.Rows.Max(row => row.Mechanism.Length));
            foreach (PlanRow row in section.Rows)
            {
                string line = $"  {SafeText.Message(row.What).PadRight(what)}  {SafeText.Message(row.Mechanism).PadRight(mechanism)}  ";
                Terminal.Out.WriteLine((line + Terminal.Paint(SafeText.Shorten(row.Rule, 120), Paint.Faint)).TrimEnd());
            }
        }

        Terminal.Out.WriteLine("more: --script prints the launch, --filter the system-call table");
    }

    public void PrintParts(bool filter, bool script)
    {
        if (filter)
        {
            Terminal.Out.Write(FilterPrinter.PrintTable(table));
            Terminal.Out.Write(FilterPrinter.PrintProgram(FilterCompiler.Compile(table)));
        }

        if (script)
        {
            foreach (LaunchStep step in Steps)
            {
                Terminal.Out.WriteLine(SafeText.Message(step.ToString()));
            }
        }
    }

    public void PrintJson(bool filter, bool script) => Terminal.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteString("digest", plan.Digest);
        Strings(json, "arguments", plan.Command?.Arguments ?? []);
        foreach (PlanSection section in sections)
        {
            json.WriteStartArray(section.Title);
            foreach (PlanRow row in section.Rows)
            {
                json.WriteStartObject();
                json.WriteString("what", row.What);
                json.WriteString("mechanism", row.Mechanism);
                json.WriteString("rule", row.Rule);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (filter)
        {
            WriteFilter(json);
        }

        if (script)
        {
            Strings(json, "launch", Steps.Select(step => step.ToString()));
        }

        json.WriteEndObject();
    });

    private void WriteFilter(Utf8JsonWriter json)
    {
        json.WriteStartArray("filter");
        foreach (SystemCallLine line in table.Lines)
        {
            json.WriteStartObject();
            json.WriteNumber("number", (int)line.Call);
            json.WriteString("call", line.Call.ToString());
            json.WriteString("disposition", line.Disposition.ToString().ToLowerInvariant());
            json.WriteString("otherwise", line.Otherwise.ToString());
            json.WriteString("heldBy", line.HeldBy.ToString());
            json.WriteString("reason", line.Reason);
            Strings(json, "rules", line.Rules.Select(
                rule => $"{rule.Outcome} when {string.Join(" and ", rule.Tests)}: {rule.Meaning}"));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
