using System.Globalization;
using System.Text;
using ShellGuard.Core;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Lint;
using ShellGuard.Leash.Tools;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Lint;

namespace ShellGuard.Leash.Proposals;

/// <summary>A configuration made of the commands of a recording: those that can be named pipelines on this host, with their
/// hashes and the evidence, and the others with the reason.</summary>
/// <param name="Text">The configuration; one that loads, and that lint finds no error in.</param>
/// <param name="Entries">How many pipelines it has.</param>
/// <param name="Out">What is not in it.</param>
public sealed record Proposal(string Text, int Entries, IReadOnlyList<LeftOut> Out)
{
    private const string File = "proposal";
    private const int MaximumNameLength = 80;

    /// <summary>Commands considered, so that the text stays far below what a configuration may have.</summary>
    private const int MostCommands = 2000;

    private const int MostBytes = 400_000;
    private const int MostLeftOut = 200;

    /// <summary>Makes it.</summary>
    /// <param name="commands">Distinct ones, in the order in which they are to stand.</param>
    /// <param name="source">The recording, for a person.</param>
    public static Proposal Make(IReadOnlyList<ObservedCommand> commands, string source)
    {
        List<LeftOut> left = [];
        List<(ObservedCommand Command, string Name)> kept = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        int bytes = 0;
        foreach (ObservedCommand command in commands)
        {
            if (Unsayable(command) is { } reason)
            {
                left.Add(Leave(command, reason));
            }
            else if (kept.Count == MostCommands || (bytes += 2 * Encoding.UTF8.GetByteCount(CommandLine(command))) > MostBytes)
            {
                left.Add(Leave(command, "there are more commands than one configuration takes; split the recording"));
            }
            else
            {
                kept.Add((command, NameOf(command, names)));
            }
        }

        kept = Judge(kept, source, left);

        byte[] text = Encoding.UTF8.GetBytes(Write(kept, source, left));
        LeashConfiguration configuration = Read(text);
        HashList hashes = HashList.Compute(configuration);
        byte[]? hashed = kept.Count == 0 ? text : HashEdit.Apply(text, configuration, hashes, out _);
        return new Proposal(
            Encoding.UTF8.GetString(hashed ?? throw new InvalidOperationException("a proposal took no hashes")), kept.Count, left);
    }

    /// <summary>Leaves out what the host does not have and what gives more than it says.</summary>
    private static List<(ObservedCommand, string)> Judge(
        List<(ObservedCommand Command, string Name)> entries, string source, List<LeftOut> left)
    {
        if (entries.Count == 0)
        {
            return entries;
        }

        LeashConfiguration configuration = Read(Encoding.UTF8.GetBytes(Write(entries, source, [])));
        Dictionary<string, string> reasons = new(StringComparer.Ordinal);
        foreach (LintFinding finding in LeashLint.Check(configuration))
        {
            Severity severity = finding.Diagnostic.Severity;
            bool counts = finding.Class is EscapeClass.None ? severity == Severity.Error : severity != Severity.Information;
            if (counts && finding.Entry.Length > 0)
            {
                reasons.TryAdd(finding.Entry, finding.Diagnostic.Message + WayOn(finding));
            }
        }

        HashSet<string> hashable = new(StringComparer.Ordinal);
        HashList hashes = HashList.Compute(configuration);
        foreach ((LeashEntry entry, _) in hashes.Entries)
        {
            hashable.Add(entry.Name);
        }

        List<(ObservedCommand, string)> kept = [];
        foreach ((ObservedCommand command, string name) in entries)
        {
            if (reasons.TryGetValue(name, out string? reason))
            {
                left.Add(Leave(command, reason));
            }
            else if (!hashable.Contains(name))
            {
                string shown = SafeText.Escape(name);
                string problem = hashes.Problems.FirstOrDefault(
                    line => line.StartsWith($"{shown}: ", StringComparison.Ordinal)) ?? "its file cannot be hashed";
                left.Add(Leave(command, problem));
            }
            else
            {
                kept.Add((command, name));
            }
        }

        return kept;
    }

    /// <summary>What no command line of a configuration can say: it has no quotes.</summary>
    private static string? Unsayable(ObservedCommand command)
    {
        string program = command.Program;
        return program is not ['/', ..] || program.Split('/').Skip(1).Any(part => part is "" or "." or "..")
                ? "the recording does not have its whole path"
            : IsOdd(program) ? "its path has a blank, a | or a control character"
            : command.Words is not { Count: > 0 } words ? "the recording does not have all of its arguments"
            : ProgramTraits.NameOf(words[0]) != ProgramTraits.NameOf(program)
                ? $"it was started under another name, {SafeText.Shorten(words[0], 40)}"
            : words.Skip(1).Any(word => word.Length == 0) ? "an argument is empty, which a command line cannot say"
            : words.Skip(1).Any(IsOdd) ? "an argument has a blank, a | or a control character, which a command line cannot say"
            : Encoding.UTF8.GetByteCount(CommandLine(command)) > LeashSettings.DefaultCommandBytes
                ? $"it is longer than {LeashSettings.DefaultCommandBytes} bytes"
            : null;
    }

    // A lone surrogate is how a byte that is no UTF-8 is kept.
    private static bool IsOdd(string word) =>
        word.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c) || c == '|');

    private static string CommandLine(ObservedCommand command) =>
        string.Join(' ', (string[])[command.Program, .. command.Words!.Skip(1)]);

    /// <summary>The words as they would be typed, cut where nobody would type them.</summary>
    private static string NameOf(ObservedCommand command, HashSet<string> names)
    {
        string whole = string.Join(' ', (string[])[ProgramTraits.NameOf(command.Program), .. command.Words!.Skip(1)]).TrimStart('#');
        string start = whole.Length > MaximumNameLength ? whole[..MaximumNameLength] : whole.Length > 0 ? whole : "command";
        string name = start == "help" ? "help 1" : start;
        for (int i = 2; !names.Add(name); i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{start} {i}");
        }

        return name;
    }

    private static string Write(
        List<(ObservedCommand Command, string Name)> entries, string source, List<LeftOut> left)
    {
        StringBuilder text = new();
        text.Append("# proposed by shellguard export leash from ").Append(SafeText.Escape(source)).Append('\n');
        text.Append("# look at every entry: what was seen need not be what should be allowed\n");
        if (entries.Count == 0)
        {
            text.Append("whitelist = []\n");
        }

        foreach ((ObservedCommand command, string name) in entries)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n# {Times(command.Count)}, first {SafeText.Escape(command.First)}");
            text.Append(", by ").AppendJoin("; ", command.By.Select(SafeText.Escape)).Append('\n');
            text.Append("[[whitelist]]\nname = ").Append(Quote(name)).Append("\ncommand_line = ").Append(Quote(CommandLine(command)));
            text.Append('\n');
            AppendNeeds(text, command.Needs);
        }

        foreach (LeftOut command in left.Take(MostLeftOut))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n# left out, {Times(command.Count)}: {SafeText.Shorten(command.Command, 120)}\n");
            text.Append("#   ").Append(SafeText.Message(command.Reason)).Append('\n');
        }

        if (left.Count > MostLeftOut)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n# left out, and {left.Count - MostLeftOut} more\n");
        }

        return text.ToString();
    }

    /// <summary>What was never seen is not given.</summary>
    private static void AppendNeeds(StringBuilder text, ObservedNeeds needs)
    {
        if (needs.HasFlag(ObservedNeeds.Unknown))
        {
            return;
        }

        text.Append(needs.HasFlag(ObservedNeeds.Executes) ? "" : "noexec = true\n");
        text.Append(needs.HasFlag(ObservedNeeds.UsesNetwork) ? "" : "nonet = true\n");
        text.Append(needs.HasFlag(ObservedNeeds.Changes) ? "" : "readonly = true\n");
    }

    private static string WayOn(LintFinding finding) =>
        finding.Diagnostic.Suggestion is { } wayOn ? $" (with {wayOn} it can be written by hand)" : "";

    private static string Times(long count) => count == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{count} times");

    private static LeftOut Leave(ObservedCommand command, string reason) => new(
        command.Words is { Count: > 0 } words ? string.Join(' ', (string[])[command.Program, .. words.Skip(1)]) : command.Program,
        command.Count, reason);

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static LeashConfiguration Read(byte[] text)
    {
        ConfigurationResult result = ConfigurationReader.Read(File, text);
        return result.Configuration ?? throw new InvalidOperationException($"a proposal that does not load: {result.Describe()}");
    }
}
