using System.Globalization;
using System.Text;
using ShellGuard.Core;
using ShellGuard.Leash.Holes;
using ShellGuard.Policy.Toml;

namespace ShellGuard.Leash.Configuration;

/// <content>The whitelist.</content>
public sealed partial class ConfigurationReader
{
    private static readonly string[] EntryKeys =
    [
        "name", "command_line", "env", "integrity", "cwd", "stdin", "pipefail", "timeout", "rate", "noexec", "nonet",
        "readonly", "no_new_privs", "sandbox", "max_cpu", "max_memory", "max_processes", "max_open_files",
        "max_file_size", "holes", "cell", "user", "libraries",
    ];

    private void ReadEntries(TomlArray array)
    {
        if (array.Items.Count > LeashConfiguration.MaximumEntries)
        {
            Error(array.Span, $"more than {LeashConfiguration.MaximumEntries} entries");
            return;
        }

        foreach (TomlValue item in array.Items)
        {
            if (item is TomlTable table)
            {
                ReadEntry(table);
            }
            else
            {
                Error(item.Span, $"'whitelist' holds tables, not {item.Kind}", "write [[whitelist]]");
            }
        }
    }

    private void ReadEntry(TomlTable table)
    {
        string? name = Required(table, "name", out TomlSpan nameSpan);
        string? command = Required(table, "command_line", out TomlSpan commandSpan);
        if (_settings.Compatibility.RequireColumns)
        {
            foreach (string column in (string[])["env", "integrity"])
            {
                if (table.Find(column) is null)
                {
                    Error(table.Span, $"'{column}' is missing", "compat.require_columns asks for it");
                }
            }
        }

        LeashEntry entry = new(
            name ?? "", command ?? "", [], [], [],
            new RuleSource(_file, nameSpan.Line, nameSpan.Column, $"name = \"{SafeText.Escape(name ?? "")}\""));
        foreach (TomlEntry key in table.Entries)
        {
            entry = ReadKey(entry, key);
        }

        if (name is null || command is null)
        {
            return;
        }

        CheckName(entry, nameSpan);
        entry = entry with { Stages = ReadStages(command, commandSpan) };
        CheckIntegrity(entry, table);
        CheckHoles(entry, commandSpan);
        CheckCell(entry, table);
        if (_names.TryAdd(name, entry))
        {
            _entries.Add(entry);
        }
        else
        {
            Error(nameSpan, $"'{SafeText.Shorten(name, 60)}' is already the name of line {_names[name].Source.Line}");
        }
    }

    private string? Required(TomlTable table, string key, out TomlSpan span)
    {
        TomlEntry? entry = table.Find(key);
        span = entry?.Value.Span ?? table.Span;
        if (entry is null)
        {
            Error(table.Span, $"'{key}' is missing");
            return null;
        }

        return Text(entry);
    }

    private LeashEntry ReadKey(LeashEntry entry, TomlEntry key)
    {
        const long most = 1L << 60;
        EntryLimits limits = entry.Limits;
        switch (key.Key.Name)
        {
            case "name" or "command_line":
                return entry;
            case "env":
                return entry with { Environment = Variables(key) };
            case "integrity":
                return entry with { Integrity = Hashes(key) };
            case "cwd":
                return entry with { WorkingDirectory = AbsolutePath(key) ?? "/" };
            case "stdin":
                return entry with
                {
                    Input = Choice(
                        key, StandardInput.Null, ("inherit", StandardInput.Inherit), ("null", StandardInput.Null)),
                };
            case "pipefail":
                return entry with
                {
                    PipeFail = Choice(
                        key, PipeFail.Strict, ("default", PipeFail.Default), ("strict", PipeFail.Strict),
                        ("last", PipeFail.Last)),
                };
            case "timeout":
                return entry with { Timeout = Duration(key) };
            case "rate":
                return entry with { Rate = Rate(key) };
            case "noexec":
                return entry with { NoExec = Boolean(key) };
            case "nonet":
                return entry with { NoNet = Boolean(key) };
            case "readonly":
                return entry with { ReadOnly = Boolean(key) };
            case "no_new_privs":
                return entry with { NoNewPrivileges = Boolean(key) };
            case "sandbox":
                return entry with { InCell = Choice(key, true, ("policy", true), ("none", false)) };
            case "user":
                return entry with { User = UserName(key) };
            case "libraries":
                return entry with { ChecksLibraries = Boolean(key) };
            case "cell":
                return entry with { Cell = Text(key) };
            case "holes":
                return Boolean(key) ? entry with { Pattern = ReadPattern(entry.Name, key.Key.Span) } : entry;
            case "max_cpu":
                return entry with { Limits = limits with { ProcessorSeconds = (long?)Duration(key)?.TotalSeconds } };
            case "max_memory":
                return entry with { Limits = limits with { Memory = Size(key) } };
            case "max_processes":
                return entry with { Limits = limits with { Processes = Number(key, 1, most) } };
            case "max_open_files":
                return entry with { Limits = limits with { OpenFiles = Number(key, 3, most) } };
            case "max_file_size":
                return entry with { Limits = limits with { FileSize = Size(key) } };
            default:
                Unknown(key.Key, EntryKeys);
                return entry;
        }
    }

    private HolePattern? ReadPattern(string name, TomlSpan span)
    {
        HolePattern? pattern = HolePattern.Parse(name, out string? problem);
        if (pattern is null)
        {
            Error(span, SafeText.Message(problem!), "for example name = \"rows {table:ident}\" with {table} in command_line");
        }

        return pattern;
    }

    private void CheckHoles(LeashEntry entry, TomlSpan span)
    {
        if (entry.Pattern is not { } pattern)
        {
            return;
        }

        foreach (LeashStage stage in entry.Stages.Where(stage => stage.Program.AsSpan().ContainsAny('{', '}')))
        {
            Error(span, $"'{SafeText.Shorten(stage.Program, 60)}' has a hole: nobody chooses the program");
        }

        foreach (Hole hole in pattern.Holes.Where(
            hole => !entry.Stages.Any(stage => stage.Words.Any(word => word.Contains($"{{{hole.Name}}}", StringComparison.Ordinal)))))
        {
            Error(span, $"the command line takes no {{{hole.Name}}}");
        }
    }

    private void CheckCell(LeashEntry entry, TomlTable table)
    {
        if (!entry.InCell)
        {
            if (entry.Cell is not null)
            {
                Error(table.Find("cell")!.Value.Span, "'cell' names a cell of a policy", "it needs sandbox = \"policy\"");
            }

            return;
        }

        TomlSpan span = table.Find("sandbox")!.Value.Span;
        if (_settings.Policy is null)
        {
            Error(span, "a cell needs a policy", "write policy = \"default\" or the path of a policy file in [leash]");
        }

        if (entry.GivesUpPrivileges || entry.Limits != EntryLimits.None)
        {
            Error(span, "in a cell its policy says what is restricted", "put limits and network into the policy");
        }

        if (entry.Stages.Any(stage => !stage.IsAbsolute))
        {
            Error(span, "in a cell every program is named by its whole path");
        }

        if (entry.Stages.Count > Execution.CellHandOver.MostStages)
        {
            Error(span, $"in a cell a pipeline has at most {Execution.CellHandOver.MostStages} stages");
        }
    }

    private void CheckName(LeashEntry entry, TomlSpan span)
    {
        string name = entry.Name;
        string? reason = name.Length == 0 ? "it is empty"
            : name != name.Trim() ? "a line is trimmed before it is compared"
            : name[0] == '#' ? "a line that begins with # is a comment"
            : name.EnumerateRunes().Any(rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control)
                ? "a line with a control character is refused"
            : Encoding.UTF8.GetByteCount(name) > LeashConfiguration.MaximumNameBytes
                ? $"it is longer than {LeashConfiguration.MaximumNameBytes} bytes"
            : _settings.Help && name == "help" ? "leash.help makes it the list of names"
            : null;
        if (reason is not null)
        {
            Error(span, $"unreachable name: {reason}");
        }
    }

    private List<LeashStage> ReadStages(string command, TomlSpan span)
    {
        IReadOnlyList<IReadOnlyList<string>> stages = PipelineText.Split(command);
        if (command.Contains('\0', StringComparison.Ordinal))
        {
            Error(span, "the command line has a NUL character, which no program can be given");
        }
        else if (Encoding.UTF8.GetByteCount(command) > _settings.MaximumCommandBytes)
        {
            Error(
                span, $"the command line is longer than {_settings.MaximumCommandBytes} bytes",
                "leash.max_command_bytes sets another limit");
        }
        else if (stages.Count > _settings.MaximumStages)
        {
            Error(
                span, $"the pipeline has {stages.Count} stages; the limit is {_settings.MaximumStages}",
                "leash.max_stages sets another limit");
        }
        else if (stages.FirstOrDefault(stage => stage.Count == 0) is not null)
        {
            Error(
                span,
                command.Trim().Length == 0 ? "the command line is empty" : "a stage of the pipeline is empty",
                "every | has a program on both sides; nothing protects a |");
        }
        else
        {
            return [.. stages.Select(words => new LeashStage(words))];
        }

        return [];
    }

    private void CheckIntegrity(LeashEntry entry, TomlTable table)
    {
        if (!entry.IsChecked || entry.Stages.Count == 0)
        {
            return;
        }

        if (entry.ChecksLibraries
            && (entry.Environment.Any(variable => IsLoaders(variable.Key)) || _settings.InheritedVariables.Any(IsLoaders)))
        {
            Error(table.Find("libraries")!.Value.Span, "with LD_ variables the loader takes other libraries than those checked");
        }

        TomlSpan span = table.Find("integrity")!.Value.Span;
        if (entry.Integrity.Count != entry.Stages.Count)
        {
            Error(
                span,
                "pipeline depth does not equal to the length of the integrity column. "
                + $"{entry.Stages.Count}:{entry.Integrity.Count}",
                "one hash for each stage; shellguard leash hash writes them");
        }

        foreach (LeashStage stage in entry.Stages)
        {
            if (!stage.IsAbsolute || HasOddParts(stage.Program))
            {
                Error(
                    table.Find("command_line")!.Value.Span,
                    $"'{SafeText.Shorten(stage.Program, 60)}' is not the whole path of a file, which a hash needs",
                    "write it from the root, without // and ..");
            }
        }
    }

    private static bool IsLoaders(string variable) => variable.StartsWith("LD_", StringComparison.Ordinal);

    private static bool HasOddParts(string path) =>
        path.Split('/').Skip(1).Any(part => part is "" or "." or "..");
}
