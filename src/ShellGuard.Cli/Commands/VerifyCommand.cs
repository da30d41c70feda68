using System.CommandLine;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard verify POLICY -- COMMAND</c>.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        Argument<string> policy = new("policy");
        Argument<string[]> words = new("command") { Arity = ArgumentArity.ZeroOrMore };
        Option<string?> audit = new("--audit") { Description = "The recording: what was denied or not there in it is expected", HelpName = "FILE" };
        Option<string?> user = new("--user") { Description = "Run it as this ordinary user; for root only", HelpName = "NAME" };
        Option<int> runs = new("--runs") { Description = "How often", HelpName = "N", DefaultValueFactory = _ => 1, CustomParser = result => WholeNumber.Of(result, 1, 1000) };
        Option<int?> status = new("--expect-status") { Description = "The exit status that is right, from 0 to 255; 0 where it is not given", HelpName = "N", CustomParser = result => WholeNumber.Of(result, 0, 255) };
        Option<string?> output = new("--expect-output") { Description = "What the command wrote in the recording, to compare", HelpName = "FILE" };
        Option<bool> free = new("--free") { Description = "Run it without the policy first, and expect the same status and output" };
        Option<bool> exact = new("--exact-output") { Description = "Compare the output byte for byte; with --free or --expect-output" };
        Option<bool> permissive = new("--permissive") { Description = "Run nothing: say everything in --audit that the policy would deny" };
        Option<bool> degraded = ConfinedReading.DegradedOption();
        Verb verb = new("verify", "Prove that a command runs under a policy")
        {
            Operands = "POLICY [--] COMMAND [ARGUMENT...]",
            RunsCommand = true,
            OperandsBeforeCommand = 1,
            Details =
            [
                "Runs the command in a cell as shellguard run does, with every look for something hidden explained, and compares "
                + "exit status, output and denials with what is expected. Numbers and temporary names in the output do not count, "
                + "nor the order of its lines: a count or a version that differs is not seen. With --exact-output every byte counts. "
                + "What it changes in layers is thrown away; what the policy lets through directly is changed.",
                "--permissive lists all would-be denials of a recording at once, so that not each of them takes a run.",
                "Exit status: 0 when every run was as expected, 1 when not. Where nothing could be run, that says nothing: 125 for "
                + "a policy that is not there or has mistakes, 126 and 127 for a command that does not start without the policy either.",
            ],
            Examples =
            [
                new("shellguard verify --audit scan.audit --user scanner scan.toml -- ./scan", "as an ordinary user"),
                new("shellguard verify --free --runs 5 scan.toml -- ./scan", "five times, against a free run"),
                new("shellguard verify --permissive --audit scan.audit scan.toml", "what would be denied"),
            ],
        };
        words.Validators.Add(UnknownOptions.Refuse);
        verb.Arguments.Add(policy);
        verb.Options.Add(audit);
        verb.Options.Add(user);
        verb.Options.Add(runs);
        verb.Options.Add(status);
        verb.Options.Add(output);
        verb.Options.Add(free);
        verb.Options.Add(exact);
        verb.Options.Add(permissive);
        verb.Options.Add(degraded);
        verb.Arguments.Add(words);
        verb.SetAction(parsed =>
        {
            string file = parsed.GetRequiredValue(policy);
            string? recording = parsed.GetValue(audit);
            if (parsed.GetValue(permissive))
            {
                Option? foreign = ((Option[])[user, runs, status, output, free, exact]).FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false });
                if (foreign is not null || parsed.GetValue(words) is { Length: > 0 })
                {
                    throw new SessionException($"--permissive runs nothing; leave out {foreign?.Name ?? "the command"}");
                }

                return recording is not null
                    ? WouldBeDenials.Print(file, recording, parsed.GetValue(degraded))
                    : throw new SessionException("--permissive needs --audit FILE, the recording to judge");
            }

            // Who runs commands cannot give that up.
            ExpectedDenials expected = recording is null ? ExpectedDenials.None : new ExpectedDenials(AuditFiles.Open(recording).Result);
            if (parsed.GetValue(words) is not { Length: > 0 } command)
            {
                throw new SessionException("verify needs POLICY and a COMMAND behind --");
            }

            if (parsed.GetValue(exact) && !parsed.GetValue(free) && parsed.GetValue(output) is null)
            {
                throw new SessionException("--exact-output needs --free or --expect-output FILE, the output to compare with");
            }

            return new Verification(file, command, expected)
            {
                User = parsed.GetValue(user) is { } name ? Find(name) : null,
                Runs = parsed.GetValue(runs),
                ExpectedStatus = parsed.GetValue(status),
                ExpectedOutput = parsed.GetValue(output) is { } outputFile ? Read(outputFile) : null,
                WithFreeRun = parsed.GetValue(free),
                IsExact = parsed.GetValue(exact),
            }.Run();
        });
        return verb;
    }

    private static Account Find(string name) => Invocation.User.Uid != 0
        ? throw new SessionException("only root can run it as another user")
        : Accounts.Find(name) ?? throw new SessionException($"there is no user '{name}'");

    private static byte[] Read(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw AuditFiles.Unreadable(file, failure);
        }
    }
}
