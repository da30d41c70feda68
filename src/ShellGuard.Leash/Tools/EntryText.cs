using System.Globalization;
using ShellGuard.Core;
using ShellGuard.Leash.Configuration;
using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Leash.Tools;

/// <summary>Entries as people read them.</summary>
public static class EntryText
{
    /// <summary>What holds a pipeline, in one line; empty where nothing does.</summary>
    public static string Restrictions(LeashEntry entry)
    {
        List<string> words = [];
        Add(entry.IsChecked, "hashes");
        Add(entry.ChecksLibraries, "libraries");
        Add(entry.InCell, entry.Cell is null ? "cell" : $"cell {SafeText.Escape(entry.Cell)}");
        Add(entry.User is not null, $"user {entry.User}");
        Add(entry.NoExec, "noexec");
        Add(entry.NoNet, "nonet");
        Add(entry.ReadOnly, "readonly");
        Add(entry is { GivesUpPrivileges: true, NoExec: false, NoNet: false, ReadOnly: false }, "no_new_privs");
        Add(entry.Input == StandardInput.Null, "no input");
        Add(entry.Timeout is not null, $"time {ValueText.Write(entry.Timeout ?? default)}");
        Add(entry.Rate is not null, $"rate {entry.Rate}");
        EntryLimits limits = entry.Limits;
        Add(limits.ProcessorSeconds is not null, string.Create(CultureInfo.InvariantCulture, $"cpu {limits.ProcessorSeconds} s"));
        Add(limits.Memory is not null, $"memory {ValueText.WriteSize(limits.Memory ?? 0)}");
        Add(limits.Processes is not null, string.Create(CultureInfo.InvariantCulture, $"processes {limits.Processes}"));
        Add(limits.OpenFiles is not null, string.Create(CultureInfo.InvariantCulture, $"open files {limits.OpenFiles}"));
        Add(limits.FileSize is not null, $"file size {ValueText.WriteSize(limits.FileSize ?? 0)}");
        return string.Join(", ", words);

        void Add(bool holds, string word)
        {
            if (holds)
            {
                words.Add(word);
            }
        }
    }
}
