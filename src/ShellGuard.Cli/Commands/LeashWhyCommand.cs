using System.CommandLine;
using ShellGuard.Cli.Support;
using ShellGuard.Leash.Tools;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard leash why LINE</c>.</summary>
internal static class LeashWhyCommand
{
    public static Command Create()
    {
        LeashOptions options = new();
        Argument<string> line = new("line");
        Verb verb = new("why", "Say what would become of a line, and by which entry")
        {
            Operands = "LINE",
            Details = ["Nothing is run. Exit status 1 for a line that would be denied."],
            Examples = [new("shellguard leash why \"disk -h\"", "as yourself"), new("shellguard leash why disk --as backup", "as somebody else")],
        };
        verb.Arguments.Add(line);
        options.AddTo(verb);
        verb.SetAction(parsed =>
        {
            LineExplanation explanation = LineExplanation.Of(parsed.GetRequiredValue(line), options.Read(parsed));
            foreach (string text in explanation.Lines)
            {
                Terminal.Out.WriteLine(text);
            }

            return explanation.IsAllowed ? 0 : 1;
        });
        return verb;
    }
}
