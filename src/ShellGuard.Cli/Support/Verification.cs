using System.Globalization;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Verification;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cli.Support;

/// <summary>Runs a command under a policy and says whether it went as expected.</summary>
internal sealed class Verification(string policy, IReadOnlyList<string> command, ExpectedDenials expected)
{
    private const int Shown = 20;

    public Account? User { get; init; }

    public int Runs { get; init; } = 1;

    public int? ExpectedStatus { get; init; }

    public byte[]? ExpectedOutput { get; init; }

    public bool WithFreeRun { get; init; }

    /// <returns>0 when every run was as expected, else 1.</returns>
    public int Run()
    {
        int status = ExpectedStatus ?? 0;
        byte[]? output = ExpectedOutput;
        if (WithFreeRun)
        {
            TrialResult free = Trial.Run(new TrialRequest("/usr/bin/env", ["env", "--", .. command], TrialEnvironment.For(User, null)) { User = User });
            status = ExpectedStatus ?? free.Status;
            if (output is null && !free.IsWhole)
            {
                throw new SessionException($"without the policy it writes more than {Trial.MaxOutput:N0} bytes, which is not compared; leave --free out");
            }

            output ??= free.Output;
            Terminal.Out.WriteLine($"without the policy: status {free.Status}, {Lines(free.Output)} of output");
        }

        bool isGood = true;
        for (int run = 1; run <= Runs && isGood; run++)
        {
            isGood = RunOnce(run, status, output);
        }

        Terminal.Out.WriteLine(isGood
            ? Terminal.Paint($"verified {Runs} {(Runs == 1 ? "run" : "runs")}{(User is null ? "" : $" as {User.Name}")}", Paint.Green)
            : Terminal.Paint("not verified", Paint.Red));
        return isGood ? 0 : 1;
    }

    private bool RunOnce(int number, int status, byte[]? output)
    {
        using TrialState state = TrialState.Make(User);
        TrialResult result = Trial.Run(new TrialRequest(
            "/proc/self/exe", ["shellguard", "run", "--policy", policy, "--explain-reads", "true", "--", .. command], TrialEnvironment.For(User, state.Path))
        { User = User });
        List<string> problems = [];
        if (result.Status != status)
        {
            problems.Add($"status {result.Status}, not {status}");
            problems.AddRange(Text(result.Errors).Take(5).Select(line => $"  {SafeText.Shorten(line, 160)}"));
        }

        if (output is not null && !result.IsWhole)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"output: more than {Trial.MaxOutput:N0} bytes, which is not compared"));
        }
        else if (output is not null && OutputComparison.Of(output, result.Output) is { IsSame: false } comparison)
        {
            problems.Add($"output: {comparison.Missing.Count} lines missing, {comparison.Added.Count} new");
            problems.AddRange(comparison.Missing.Take(5).Select(line => $"  - {SafeText.Shorten(line, 160)}"));
            problems.AddRange(comparison.Added.Take(5).Select(line => $"  + {SafeText.Shorten(line, 160)}"));
        }

        List<AccessEvent> denials = [.. state.Denials().Where(denial => !expected.Has(denial))];
        if (denials.Count > 0)
        {
            problems.Add($"{denials.Count} new {(denials.Count == 1 ? "denial" : "denials")}:");
            foreach (AccessEvent denial in denials.Take(Shown))
            {
                problems.Add($"  {KebabCase.Of(denial.Operation.ToString())} {SafeText.Of(denial.Target)}: {SafeText.Message(denial.Reason)}");
            }

            if (denials.Count > Shown)
            {
                problems.Add($"  … {denials.Count - Shown} more");
            }
        }

        Terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"run {number}: {(problems.Count == 0 ? $"as expected, status {result.Status}" : "not as expected")}"));
        problems.ForEach(problem => Terminal.Out.WriteLine($"  {problem}"));
        Terminal.Out.Flush();
        return problems.Count == 0;
    }

    private static string Lines(byte[] output) => $"{output.Count(value => value == (byte)'\n')} lines";

    private static string[] Text(byte[] bytes) =>
        System.Text.Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
