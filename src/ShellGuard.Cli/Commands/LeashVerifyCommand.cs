using System.CommandLine;
using ShellGuard.Cli.Support;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Tools;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard leash verify</c>.</summary>
internal static class LeashVerifyCommand
{
    public static Command Create()
    {
        LeashOptions options = new();
        Verb verb = new("verify", "Compare the hashes of a configuration with the files")
        {
            Details = ["Names every pipeline that would be refused now. Exit status 1 when there is one."],
            Examples = [new("shellguard leash verify --as backup", "the pipelines of one user")],
        };
        options.AddTo(verb);
        verb.SetAction(parsed =>
        {
            LeashConfiguration configuration = options.Read(parsed);
            IReadOnlyList<string> drift = HashList.Drift(configuration);
            foreach (string line in drift)
            {
                Terminal.Out.WriteLine(line);
            }

            int hashed = configuration.Entries.Count(entry => entry.IsChecked);
            Terminal.Out.WriteLine(
                $"{hashed - drift.Count} of {hashed} pipelines are as their hashes say; {configuration.Entries.Count - hashed} have none");
            return drift.Count == 0 ? 0 : 1;
        });
        return verb;
    }
}
