using System.Globalization;
using System.Text.Json;
using ShellGuard.Audit.Reports;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cli.Support;

/// <summary>Prints what checking audits found.</summary>
internal static class AuditCheckPrinter
{
    public static void Print(AuditCheck check)
    {
        foreach (AuditFileProblem problem in check.Read.Problems)
        {
            Terminal.Out.WriteLine(Terminal.Paint($"{Name(check.Name)}:{problem.Line}: {SafeText.Message(problem.Text)}", Paint.Red));
        }

        if (check.Read.File is not { } file)
        {
            long more = check.Read.ProblemCount - check.Read.Problems.Count;
            Terminal.Out.WriteLine(Terminal.Paint(
                $"{Name(check.Name)}: not to be relied on{(more > 0 ? $", {more} more problems" : "")}", Paint.Red));
            return;
        }

        Terminal.Out.WriteLine(Terminal.Paint(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Name(check.Name)}: whole, {file.Result.Accesses.Count:N0} accesses, sha256 {file.Sha256}"),
            Paint.Green));
        foreach (CheckedRun run in check.Runs)
        {
            Print($"run {Name(run.Run.Name)}", run.State, "another one now, or not whole: its hash is not the one in the merge");
        }

        foreach (CheckedInput input in check.Inputs)
        {
            Print(Name(input.Input.Name), input.State, "another one now: its hash is not the one in the audit");
        }
    }

    private static void Print(string name, InputState state, string changed) => Terminal.Out.WriteLine(Terminal.Paint(
        $"  {name}: {(state == InputState.Changed ? changed : Text(state))}",
        state is InputState.Changed or InputState.Unreadable ? Paint.Red : Paint.None));

    public static void PrintJson(IReadOnlyList<AuditCheck> checks) => Terminal.WriteJson(json =>
    {
        json.WriteStartArray();
        foreach (AuditCheck check in checks)
        {
            json.WriteStartObject();
            json.WriteString("file", Name(check.Name));
            json.WriteBoolean("good", check.IsGood);
            json.WriteString("sha256", check.Read.File?.Sha256);
            json.WriteStartArray("problems");
            foreach (AuditFileProblem problem in check.Read.Problems)
            {
                json.WriteStartObject();
                json.WriteNumber("line", problem.Line);
                json.WriteString("problem", problem.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("runs");
            foreach (CheckedRun run in check.Runs)
            {
                PrintJson(json, run.Run.Name, run.State);
            }

            json.WriteEndArray();
            json.WriteStartArray("inputs");
            foreach (CheckedInput input in check.Inputs)
            {
                PrintJson(json, input.Input.Name, input.State);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static void PrintJson(Utf8JsonWriter json, string name, InputState state)
    {
        json.WriteStartObject();
        json.WriteString("name", Name(name));
        json.WriteString("state", KebabCase.Of(state.ToString()));
        json.WriteEndObject();
    }

    private static string Text(InputState state) => state switch
    {
        InputState.Same => "the same as then",
        InputState.Gone => "not there to compare",
        InputState.NotHashed => "was not read to its end, so that there is no hash",
        InputState.NoFile => "a pipe or a device, which cannot be read a second time to compare",
        _ => "cannot be read",
    };

    private static string Name(string name) => SafeText.Of(HostileText.Of(KernelText.Encode(name)), 120);
}
