using ShellGuard.Core;
using ShellGuard.Leash.Configuration;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Lint;

namespace ShellGuard.Leash.Lint;

/// <content>What is known of programs.</content>
public sealed partial class LeashLint
{
    private void CheckProgram(LeashEntry entry, LeashStage stage, bool isFirst)
    {
        string name = SafeText.Shorten(ProgramTraits.NameOf(stage.Program), 60);
        Severity escape = entry.NoExec ? Severity.Information : Severity.Error;
        bool typed = isFirst && entry.Input == StandardInput.Inherit;
        if (ProgramTraits.IsLoader(stage.Program))
        {
            Add(EscapeClass.E3, entry, Severity.Error, $"{name} is the loader: it runs whatever file it is given", null);
        }

        if (ProgramTraits.Has(stage.Words, EscapeClass.E1) && (typed || !isFirst))
        {
            // A program behind a pipe still opens the terminal for its keys.
            Add(EscapeClass.E1, entry, escape, $"{name} gives a shell to who types at it", "noexec = true");
        }

        if (ProgramTraits.Has(stage.Words, EscapeClass.E2))
        {
            Add(
                EscapeClass.E2, entry, entry.NoExec ? Severity.Information : Severity.Warning,
                $"{name} starts a pager or an editor; the environment makes them harmless where it listens to it",
                "noexec = true");
        }

        if (ProgramTraits.Has(stage.Words, EscapeClass.E6) && (typed || !isFirst))
        {
            Add(
                EscapeClass.E6, entry, isFirst ? escape : Lower(escape),
                isFirst ? $"{name} runs what is typed" : $"{name} runs what the stage before it writes",
                isFirst ? "stdin = \"null\" or noexec = true" : "noexec = true");
        }

        if (ProgramTraits.Has(stage.Words, EscapeClass.E7))
        {
            CheckTargets(entry, stage, name);
        }

        CheckInputs(entry, stage, name);
    }

    private void CheckTargets(LeashEntry entry, LeashStage stage, string name)
    {
        foreach (string target in Paths(stage))
        {
            // What is written is often not there yet; the directory above it decides then.
            string? weakness = Weakness(target) ?? Weakness(target[..Math.Max(1, target.LastIndexOf('/'))]);
            if (weakness is not null && target is not "/dev/null")
            {
                Add(
                    EscapeClass.E7, entry, entry.ReadOnly ? Severity.Information : Severity.Error,
                    $"{name} may write where others choose the file: {weakness}", "write where only root can, or readonly = true");
            }
        }
    }

    private void CheckInputs(LeashEntry entry, LeashStage stage, string name)
    {
        if (ProgramTraits.Has(stage.Words, EscapeClass.E7))
        {
            return;
        }

        foreach (string input in Paths(stage))
        {
            if (Weakness(input) is { } weakness)
            {
                Add(EscapeClass.E5, entry, Severity.Warning, $"{name} reads what others can write: {weakness}", null);
            }
        }
    }

    /// <summary>Words that are paths, also behind an equals sign as dd(1) and long options have them.</summary>
    private static IEnumerable<string> Paths(LeashStage stage) => stage.Words.Skip(1)
        .Select(word => word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..])
        .Where(word => word is ['/', ..] && word is not "/dev/null");

    private static Severity Lower(Severity severity) => severity == Severity.Error ? Severity.Warning : severity;
}
