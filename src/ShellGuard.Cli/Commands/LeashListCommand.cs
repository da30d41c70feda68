using System.CommandLine;
using ShellGuard.Cli.Support;
using ShellGuard.Core;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Tools;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard leash list</c>.</summary>
internal static class LeashListCommand
{
    public static Command Create()
    {
        LeashOptions options = new();
        Option<bool> json = new("--json") { Description = "Print JSON" };
        Verb verb = new("list", "List what may be run, and what holds it")
        {
            Examples = [new("shellguard leash list --as backup", "what a user may run")],
        };
        options.AddTo(verb);
        verb.Options.Add(json);
        verb.SetAction(parsed =>
        {
            LeashConfiguration configuration = options.Read(parsed);
            if (parsed.GetValue(json))
            {
                PrintJson(configuration);
                return;
            }

            Terminal.Out.WriteLine($"# {SafeText.Escape(configuration.File)}");
            foreach (LeashEntry entry in configuration.Entries)
            {
                string restrictions = EntryText.Restrictions(entry);
                Terminal.Out.WriteLine(
                    $"{SafeText.Escape(entry.Name)}\n    {SafeText.Escape(entry.CommandLine)}"
                    + (restrictions.Length > 0 ? $"\n    {restrictions}" : ""));
            }
        });
        return verb;
    }

    private static void PrintJson(LeashConfiguration configuration) => Terminal.WriteJson(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("configuration", configuration.File);
        writer.WriteString("sha256", configuration.Digest);
        writer.WriteStartArray("pipelines");
        foreach (LeashEntry entry in configuration.Entries)
        {
            writer.WriteStartObject();
            writer.WriteString("name", entry.Name);
            writer.WriteString("command", entry.CommandLine);
            writer.WriteString("heldBy", EntryText.Restrictions(entry));
            writer.WriteNumber("line", entry.Source.Line);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
