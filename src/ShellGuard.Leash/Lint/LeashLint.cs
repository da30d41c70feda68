using ShellGuard.Core;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Integrity;
using ShellGuard.Leash.Locating;
using ShellGuard.Linux;
using ShellGuard.Linux.Handles;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Lint;

namespace ShellGuard.Leash.Lint;

/// <summary>Looks at a configuration that can be used and says what its pipelines give away: by what is known of programs,
/// and by whose the files are on this host.</summary>
public sealed partial class LeashLint
{
    private readonly LeashConfiguration _configuration;
    private readonly List<LintFinding> _findings = [];

    private LeashLint(LeashConfiguration configuration) => _configuration = configuration;

    /// <summary>Everything that there is to say, in the order of the file.</summary>
    public static IReadOnlyList<LintFinding> Check(LeashConfiguration configuration)
    {
        LeashLint lint = new(configuration);
        lint.CheckSettings();
        foreach (LeashEntry entry in configuration.Entries)
        {
            lint.CheckNames(entry);
            lint.CheckEnvironment(entry);
            lint.CheckDirectory(entry);
            for (int i = 0; i < entry.Stages.Count; i++)
            {
                lint.CheckFile(entry, entry.Stages[i]);
                lint.CheckProgram(entry, entry.Stages[i], isFirst: i == 0);
            }
        }

        return lint._findings;
    }

    private void CheckSettings()
    {
        foreach (string name in _configuration.Settings.InheritedVariables.Where(LoaderVariables.Contains))
        {
            Add(EscapeClass.E3, null, Severity.Error, $"whoever calls the leash chooses {name} for every pipeline", "set it in env");
        }

        foreach (string directory in _configuration.Settings.Path.Split(':'))
        {
            if (Weakness(directory) is { } weakness)
            {
                Add(EscapeClass.E8, null, Severity.Error, $"programs are looked for in a directory of others: {weakness}", null);
            }
        }
    }

    private void CheckNames(LeashEntry entry)
    {
        if (entry.Name.Any(c => c > '~'))
        {
            Add(
                EscapeClass.None, entry, Severity.Warning,
                "the name has characters that are not ASCII; what looks the same need not be the same bytes", null);
        }

        LeashEntry? alike = _configuration.Entries.TakeWhile(other => !ReferenceEquals(other, entry))
            .FirstOrDefault(other => Lookalikes.Skeleton(other.Name) == Lookalikes.Skeleton(entry.Name));
        if (alike is not null)
        {
            Add(
                EscapeClass.None, entry, Severity.Warning,
                $"the name is easily taken for that of line {alike.Source.Line}", "give them different names");
        }

        if (!entry.IsChecked)
        {
            Add(EscapeClass.None, entry, Severity.Warning, "its programs have no hashes", "shellguard leash hash --write");
        }
    }

    private void CheckEnvironment(LeashEntry entry)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach ((string name, string value) in entry.Environment)
        {
            if (!seen.Add(name))
            {
                Add(EscapeClass.None, entry, Severity.Warning, $"{name} is set twice; the last one holds", null);
            }

            if (name == "PATH")
            {
                string? weakness = value.Split(':')
                    .Select(part => part is ['/', ..] ? Weakness(part) : $"'{SafeText.Escape(part)}' starts where it runs")
                    .FirstOrDefault(found => found is not null);
                if (weakness is not null)
                {
                    Add(EscapeClass.E8, entry, Severity.Error, $"PATH leads to what others can write: {weakness}", null);
                }
            }
            else if (LoaderVariables.IsPager(name) && value is not ("cat" or "1" or "/bin/cat" or "/usr/bin/cat" or ""))
            {
                Add(
                    EscapeClass.E2, entry, entry.NoExec ? Severity.Information : Severity.Warning,
                    $"{name} starts a program on the person's terminal", "noexec = true");
            }
            else if (LoaderVariables.Contains(name))
            {
                Add(EscapeClass.E3, entry, Severity.Warning, $"{name} makes programs run code from elsewhere", null);
            }
        }
    }

    private void CheckDirectory(LeashEntry entry)
    {
        if (entry.WorkingDirectory == "/" || Weakness(entry.WorkingDirectory) is not { } weakness)
        {
            return;
        }

        LeashStage? reader = entry.Stages.FirstOrDefault(stage => ProgramTraits.Has(stage.Words, EscapeClass.E4));
        if (reader is not null)
        {
            Add(
                EscapeClass.E4, entry, entry.NoExec ? Severity.Warning : Severity.Error,
                $"{ProgramTraits.NameOf(reader.Program)} does what files in its directory say, and others write there: {weakness}",
                "cwd = \"/\", a directory of root's, or noexec = true");
        }
    }

    private void CheckFile(LeashEntry entry, LeashStage stage)
    {
        string program = SafeText.Shorten(stage.Program, 60);
        if (!stage.IsAbsolute || stage.Program.Split('/').Skip(1).Any(part => part is "" or "." or ".."))
        {
            Add(
                EscapeClass.None, entry, Severity.Warning, $"'{program}' is not the whole path of a file",
                "write it from the root, without // and ..");
        }

        if (!stage.IsAbsolute)
        {
            return;
        }

        LinuxResult opened = PathWalk.Open(stage.Program, out PathWalk walk, out Descriptor file);
        using (file)
        {
            if (opened.Failed)
            {
                Add(EscapeClass.None, entry, Severity.Error, $"'{program}' cannot be opened: {opened.Error}", null);
                return;
            }

            // Links of the path are in it, so it is the resolved file's owners that count.
            if (walk.Weakness is { } weakness)
            {
                Add(
                    EscapeClass.E5, entry, entry.IsChecked ? Severity.Warning : Severity.Error,
                    $"others choose what '{program}' is: {weakness}", "make it root's alone; a hash keeps other files out");
            }

            CheckScript(entry, program, file);
        }
    }

    private void CheckScript(LeashEntry entry, string program, Descriptor file)
    {
        byte[] head = new byte[ScriptHeader.MaximumBytes];
        LinuxResult read = Linux.Calls.FileContent.ReadFully(file, head, 0);
        if (read.Failed || ScriptHeader.Read(head.AsSpan(0, (int)read.Value)) is not { } script)
        {
            return;
        }

        if (entry.IsChecked && !_configuration.Interpreters.ContainsKey(script.Interpreter) && script.Interpreter is not "/usr/bin/env")
        {
            Add(
                EscapeClass.None, entry, Severity.Error,
                $"'{program}' is a script, and its interpreter {SafeText.Escape(script.Interpreter)} has no hash: it is refused",
                "shellguard leash hash --write");
        }

        Add(
            EscapeClass.E8, entry, Severity.Information,
            $"'{program}' is a script: what it starts by a bare name is found in PATH", null);
    }

    private static string? Weakness(string path)
    {
        PathWalk.Open(path, out PathWalk walk, out Descriptor file);
        file.Dispose();
        return walk.Weakness;
    }

    private void Add(EscapeClass escape, LeashEntry? entry, Severity severity, string message, string? wayOn)
    {
        RuleSource? source = entry?.Source;
        string prefix = escape is EscapeClass.None ? "" : $"{escape}: ";
        _findings.Add(new LintFinding(
            escape, entry?.Name ?? "",
            new Diagnostic(
                severity, _configuration.File, source?.Line ?? 0, source?.Column ?? 0,
                Math.Max(1, entry?.Name.Length + 2 ?? 1), prefix + message, wayOn)));
    }
}
