using System.Globalization;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Verification;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Linux.Calls;
using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Cli.Support;

/// <summary>Runs a command under a policy and says whether it went as expected.</summary>
internal sealed class Verification(string policy, IReadOnlyList<string> command, ExpectedDenials expected)
{
    private const int Shown = 20;

    public Account? User { get; init; }

    public int Runs { get; init; } = 1;

    public int? ExpectedStatus { get; init; }

    public byte[]? ExpectedOutput { get; init; }

    /// <summary>Every byte of the output counts, numbers and temporary names too.</summary>
    public bool IsExact { get; init; }

    public bool WithFreeRun { get; init; }

    /// <returns>0 when every run was as expected, else 1; <see cref="SessionException.OwnFailure"/> where the policy has
    /// mistakes, which are then on standard error.</returns>
    /// <exception cref="SessionException">Nothing could be run, which says nothing about the policy.</exception>
    public int Run()
    {
        if (Invocation.Load(new PolicyRequest(policy, [], Context())) is null)
        {
            return SessionException.OwnFailure;
        }

        int status = ExpectedStatus ?? 0;
        byte[]? output = ExpectedOutput;
        if (WithFreeRun)
        {
            ProgramSearch.Require(command[0]);
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
        if (!state.HasRun())
        {
            RefuseUnlessHidden(result);
            problems.Add("the command did not start, and the host has it");
        }

        if (result.Status != status)
        {
            problems.Add($"status {result.Status}, not {status}");
            problems.AddRange(Text(result.Errors).Take(5).Select(line => $"  {SafeText.Shorten(line, 160)}"));
        }

        if (output is not null && !result.IsWhole)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"output: more than {Trial.MaxOutput:N0} bytes, which is not compared"));
        }
        else if (output is not null && IsExact)
        {
            problems.AddRange(ExactComparison.Difference(output, result.Output) is { } difference ? [$"output differs at {difference}"] : []);
        }
        else if (output is not null && OutputComparison.Of(output, result.Output) is { IsSame: false } comparison)
        {
            problems.Add($"output: {comparison.Missing.Count} lines missing, {comparison.Added.Count} new");
            problems.AddRange(comparison.Missing.Take(5).Select(line => $"  - {SafeText.Shorten(line, 160)}"));
            problems.AddRange(comparison.Added.Take(5).Select(line => $"  + {SafeText.Shorten(line, 160)}"));
        }

        List<string> fresh = [], losses = [];
        foreach (AccessEvent denial in state.Denials().Where(denial => !expected.Has(denial)))
        {
            string? loss = expected.LossOf(denial);
            (loss is null ? fresh : losses).Add(
                $"{Who(denial)}{KebabCase.Of(denial.Operation.ToString())} {SafeText.Of(denial.Target)}: {SafeText.Message(loss ?? denial.Reason)}");
        }

        AddDenials(problems, "new", fresh);
        bool isGood = problems.Count == 0;
        Terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"run {number}: {(isGood ? $"as expected, status {result.Status}" : "not as expected")}"));
        AddDenials(problems, "expected", losses);
        problems.ForEach(problem => Terminal.Out.WriteLine($"  {problem}"));
        Terminal.Out.Flush();
        return isGood;
    }

    /// <summary>A command that the host has, and the cell does not, is what a verification is to find out. Everything else
    /// that keeps a command from starting is not the policy's.</summary>
    private void RefuseUnlessHidden(TrialResult result)
    {
        if (result.Status is not (SessionException.NotFound or SessionException.NotExecutable))
        {
            Array.ForEach(Text(result.Errors), line => Terminal.Error.WriteLine(SafeText.Message(line)));
            throw new SessionException("the command was not run: no session could be made");
        }

        ProgramSearch.Require(command[0]);
    }

    private PolicyContext Context() => User is null
        ? Invocation.PolicyContext
        : new PolicyContext(User.Home, Invocation.WorkingDirectory, User.Name, User.Uid);

    private static void AddDenials(List<string> lines, string kind, List<string> denials)
    {
        if (denials.Count > 0)
        {
            lines.Add($"{denials.Count} {kind} {(denials.Count == 1 ? "denial" : "denials")}:");
            lines.AddRange(denials.Take(Shown).Select(denial => $"  {denial}"));
        }

        if (denials.Count > Shown)
        {
            lines.Add($"  … {denials.Count - Shown} more");
        }
    }

    private static string Who(AccessEvent denial) =>
        denial.Chain.Count > 0 ? $"{SafeText.Shorten(denial.Chain[0].Program, 160)}: " : "";

    private static string Lines(byte[] output) => $"{output.Count(value => value == (byte)'\n')} lines";

    private static string[] Text(byte[] bytes) =>
        System.Text.Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
