using System.CommandLine;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Locating;
using ShellGuard.Leash.Tools;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard leash test FILE</c>.</summary>
internal static class LeashTestCommand
{
    public static Command Create()
    {
        LeashOptions options = new();
        Argument<string> file = new("file");
        Verb verb = new("test", "Check what a configuration allows and denies against a file of expectations")
        {
            Operands = "FILE",
            Details =
            [
                "FILE has tables [[expect]] with line, verdict (\"allow\" or \"deny\") and perhaps name, the entry that should "
                + "run. Nothing is run. Exit status 1 when something is not as expected.",
            ],
            Examples = [new("shellguard leash test ops.expect.toml --config ops.toml", "for CI")],
        };
        verb.Arguments.Add(file);
        options.AddTo(verb);
        verb.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            LeashConfiguration configuration = options.Read(parsed);
            try
            {
                IReadOnlyList<Expectation> expectations = ExpectationFile.Read(path, File.ReadAllBytes(path));
                IReadOnlyList<string> wrong = ExpectationFile.Check(path, expectations, configuration);
                foreach (string line in wrong)
                {
                    Terminal.Out.WriteLine(line);
                }

                Terminal.Out.WriteLine($"{expectations.Count - wrong.Count} as expected, {wrong.Count} not");
                return wrong.Count == 0 ? 0 : 1;
            }
            catch (LeashException problem)
            {
                throw new SessionException(problem.Message, problem.Status);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new SessionException($"{path} cannot be read: {failure.Message.TrimEnd('.')}");
            }
        });
        return verb;
    }
}
