using ShellGuard.Core;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Integrity;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Tools;

/// <summary>The hashes of all files that a configuration's pipelines run, as they are on this host now.</summary>
/// <param name="Entries">The hashes of each entry's stages.</param>
/// <param name="Interpreters">The hash of each interpreter by its path.</param>
/// <param name="Problems">Why an entry has none, a line each.</param>
public sealed record HashList(
    IReadOnlyList<(LeashEntry Entry, IReadOnlyList<string> Hashes)> Entries,
    IReadOnlyDictionary<string, string> Interpreters,
    IReadOnlyList<string> Problems)
{
    /// <summary>The hash of each loader and library by its path, for the entries that want them checked.</summary>
    public IReadOnlyDictionary<string, string> Libraries { get; init; } = new Dictionary<string, string>();

    /// <summary>Computes them.</summary>
    public static HashList Compute(LeashConfiguration configuration)
    {
        List<(LeashEntry, IReadOnlyList<string>)> entries = [];
        SortedDictionary<string, string> interpreters = new(StringComparer.Ordinal);
        SortedDictionary<string, string> libraries = new(StringComparer.Ordinal);
        List<string> problems = [];
        StagePreparer preparer = new(configuration);
        foreach (LeashEntry entry in configuration.Entries)
        {
            // Without the hashes that are there: what changed since is what is wanted.
            Refusal? refusal = entry.Stages.FirstOrDefault(stage => !stage.IsAbsolute) is { } bare
                ? new Refusal(Core.Events.LineReason.NotFound, $"'{SafeText.Escape(bare.Program)}' is not the whole path of a file")
                : preparer.Prepare(entry with { Integrity = [], WorkingDirectory = "/", User = null, ChecksLibraries = false }, out PreparedPipeline? prepared) is { } failed
                    ? failed
                    : Take(preparer, entry, prepared!, entries, interpreters, libraries);
            if (refusal is not null)
            {
                problems.Add($"{SafeText.Escape(entry.Name)}: {refusal.Message}");
            }
        }

        return new HashList(entries, interpreters, problems) { Libraries = libraries };
    }

    /// <summary>What no longer is as the configuration says, a line each.</summary>
    public static IReadOnlyList<string> Drift(LeashConfiguration configuration)
    {
        List<string> drift = [];
        StagePreparer preparer = new(configuration);
        foreach (LeashEntry entry in configuration.Entries.Where(entry => entry.IsChecked))
        {
            Refusal? refusal = preparer.Prepare(entry, out PreparedPipeline? prepared);
            prepared?.Dispose();
            if (refusal is not null)
            {
                drift.Add($"{SafeText.Escape(entry.Name)}: {refusal.Message}");
            }
        }

        return drift;
    }

    /// <summary>Replaces a configuration's file by an edited one, whole or not at all, with its mode and owner.</summary>
    public static LinuxResult Replace(string path, byte[] text)
    {
        LinuxResult result = Files.Open(
            Path.GetDirectoryName(path)!, OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.CLOEXEC, out Descriptor directory);
        using (directory)
        {
            string name = Path.GetFileName(path);
            string fresh = $".{name}.{Environment.ProcessId}.new";
            FileStatus status = default;
            result = result.Failed ? result : Files.Status(directory, name, out status);
            Descriptor file = new();
            result = result.Failed
                ? result
                : Files.Open(
                    directory, fresh, OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.NOFOLLOW | OpenFlags.CLOEXEC,
                    out file, mode: 0x180);
            using (file)
            {
                result = result.Failed ? result : FileContent.Write(file, text, 0);
                result = result.Failed ? result : FileMetadata.SetOwner(file, status.Owner, status.Group);
                result = result.Failed ? result : FileMetadata.SetMode(file, status.Mode);
                result = result.Failed ? result : FileContent.Flush(file);
            }

            result = result.Failed ? result : Files.Rename(directory, fresh, directory, name, RenameFlags.None);
            if (result.Failed)
            {
                Files.Unlink(directory, fresh);
            }

            return result;
        }
    }

    private static Refusal? Take(
        StagePreparer preparer,
        LeashEntry entry,
        PreparedPipeline prepared,
        List<(LeashEntry, IReadOnlyList<string>)> entries,
        SortedDictionary<string, string> interpreters,
        SortedDictionary<string, string> libraries)
    {
        using (prepared)
        {
            if (entry.ChecksLibraries && preparer.FindLibraries(prepared, libraries) is { } refusal)
            {
                return refusal;
            }

            entries.Add((entry, [.. prepared.Stages.Select(stage => stage.File.Sha256)]));
            foreach (StageFile interpreter in prepared.Stages.Select(stage => stage.Interpreter).OfType<StageFile>())
            {
                interpreters[interpreter.Path] = interpreter.Sha256;
            }

            return null;
        }
    }
}
