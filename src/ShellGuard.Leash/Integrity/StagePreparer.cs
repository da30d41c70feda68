using System.Diagnostics.CodeAnalysis;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Integrity.Libraries;
using ShellGuard.Leash.Locating;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Integrity;

/// <summary>Opens and checks every file of a pipeline before any of it starts.</summary>
/// <param name="configuration">Has the interpreters' hashes and the search path.</param>
public sealed class StagePreparer(LeashConfiguration configuration)
{
    private readonly FileReader _reader = new();

    /// <summary>What the programs of a pipeline start with, without comparing it with anything.</summary>
    /// <param name="hashes">By path.</param>
    /// <returns>Why it cannot be found, or null.</returns>
    public Refusal? FindLibraries(PreparedPipeline pipeline, IDictionary<string, string> hashes)
    {
        foreach (PreparedStage stage in pipeline.Stages)
        {
            StageFile executed = stage.Interpreter ?? stage.File;
            LibraryChecker checker = new(_reader, expected: null);
            if (checker.Check(executed.Path, executed.Executable) is { } refusal)
            {
                return refusal;
            }

            foreach (KeyValuePair<string, string> library in checker.Found)
            {
                hashes[library.Key] = library.Value;
            }
        }

        return null;
    }

    /// <summary>Opens all stages, or none.</summary>
    /// <param name="prepared">Null after a refusal.</param>
    /// <returns>Why not, or null.</returns>
    public Refusal? Prepare(LeashEntry entry, out PreparedPipeline? prepared)
    {
        prepared = null;
        if (entry.ChosenPaths.Select(Stray).FirstOrDefault(stray => stray is not null) is { } reason)
        {
            return reason;
        }

        if (entry is { ChecksLibraries: true, IsChecked: false })
        {
            return new Refusal(
                LineReason.WrongHash, $"no checksums for {SafeText.Escape(entry.Name)}; shellguard leash hash --write writes them");
        }

        if (Become(entry, out RunAs? user) is { } unable)
        {
            return unable;
        }

        LinuxResult entered = Files.Open(
            entry.WorkingDirectory, OpenFlags.PATH | OpenFlags.DIRECTORY | OpenFlags.CLOEXEC, out Descriptor directory);
        if (entered.Failed)
        {
            return Missing(entry.WorkingDirectory, entered);
        }

        CellWrapper? cell = null;
        if (entry.InCell && Wrap(entry, out cell) is { } unheld)
        {
            directory.Dispose();
            return unheld;
        }

        List<PreparedStage> stages = [];
        PreparedPipeline pipeline = new(entry, directory, stages)
        {
            Cell = cell,
            User = user,
        };
        Refusal? refusal = Prepare(entry, directory, stages);
        if (refusal is null)
        {
            prepared = pipeline;
        }
        else
        {
            pipeline.Dispose();
        }

        return refusal;
    }

    /// <summary>Who it is to run as. A leash gives up whatever its file gave it, so only root's can do that.</summary>
    private static Refusal? Become(LeashEntry entry, out RunAs? user)
    {
        user = null;
        if (entry.User is not { } name)
        {
            return null;
        }

        if (Accounts.Find(name) is not { } account)
        {
            return NotAs(name, "the host knows no such user");
        }

        if (account.Uid == FileMetadata.EffectiveUser)
        {
            return null;
        }

        if (FileMetadata.EffectiveUser != 0)
        {
            return NotAs(name, "only a leash that root runs can do that");
        }

        user = new RunAs(account, Accounts.GroupsOf(account));
        return null;
    }

    private static Refusal NotAs(string name, string why) => new(
        LineReason.NotHeld, $"cannot be run as the entry says: as {SafeText.Escape(name)}: {why}");

    /// <summary>A path that the person chose leads where the hole says only if nobody else could turn it elsewhere.
    /// </summary>
    private static Refusal? Stray(string path)
    {
        LinuxResult opened = PathWalk.Open(path, out PathWalk walk, out Descriptor file);
        file.Dispose();
        string shown = SafeText.Escape(path);
        return opened.Failed ? Missing(path, opened)
            : walk.Steps.Any(step => step.LinkTarget is not null)
                ? new Refusal(LineReason.NotExecutable, $"permission denied: {shown} is reached by a link")
            : walk.Weakness is { } weakness
                ? new Refusal(LineReason.NotExecutable, $"permission denied: {SafeText.Message(weakness)}")
            : null;
    }

    private Refusal? Prepare(LeashEntry entry, Descriptor directory, List<PreparedStage> stages)
    {
        // Hashes in the order of the stages, and the first wrong one is named, as l8ash does.
        for (int i = 0; i < entry.Stages.Count; i++)
        {
            string? expected = entry.IsChecked ? entry.Integrity[i] : null;
            if (Prepare(entry, entry.Stages[i], expected, directory, stages) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private Refusal? Prepare(
        LeashEntry entry, LeashStage stage, string? expected, Descriptor directory, List<PreparedStage> stages)
    {
        LinuxResult found = Open(entry, stage.Program, directory, out StageFile? file);
        if (file is null)
        {
            return Missing(stage.Program, found);
        }

        if (expected is not null && expected != file.Sha256)
        {
            file.Dispose();
            return WrongHash(stage.Program, expected);
        }

        StageFile? interpreter = null;
        string? argument = null;
        Refusal? refusal = ScriptHeader.IsScript(file.Head.Span)
            ? PrepareInterpreter(entry, stage.Program, file, directory, out interpreter, out argument)
            : null;
        if (refusal is null && entry is { ChecksLibraries: true, IsChecked: true })
        {
            StageFile executed = interpreter ?? file;
            refusal = new LibraryChecker(_reader, configuration.Libraries).Check(executed.Path, executed.Executable);
        }

        if (refusal is not null)
        {
            file.Dispose();
            interpreter?.Dispose();
            return refusal;
        }

        stages.Add(new PreparedStage(stage, file, interpreter, argument));
        return null;
    }

    /// <summary>In a cell the checked files are executed as well; the policy that the cell is made of is read again, by
    /// its path, so nobody but root may be able to exchange that.</summary>
    private Refusal? Wrap(LeashEntry entry, out CellWrapper? cell)
    {
        cell = null;
        string policy = configuration.Settings.Policy!;
        if (policy is ['/', ..])
        {
            LinuxResult walked = PathWalk.Open(policy, out PathWalk walk, out Descriptor file);
            file.Dispose();
            if (walked.Failed)
            {
                return Missing(policy, walked);
            }

            if (walk.Weakness is { } weakness)
            {
                return new Refusal(
                    LineReason.NotHeld, $"cannot be run as the entry says: in a cell, but {SafeText.Message(weakness)}");
            }
        }

        LinuxResult opened = Files.Open("/proc/self/exe", OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor program);
        if (opened.Failed)
        {
            return new Refusal(LineReason.NotHeld, $"cannot be run as the entry says: in a cell: {opened}");
        }

        cell = new CellWrapper(program, policy, entry.Cell);
        return null;
    }

    private Refusal? PrepareInterpreter(
        LeashEntry entry,
        string program,
        StageFile script,
        Descriptor directory,
        out StageFile? interpreter,
        out string? argument)
    {
        interpreter = null;
        argument = null;
        if (ScriptHeader.Read(script.Head.Span) is not { } header)
        {
            return new Refusal(LineReason.NotExecutable, $"{SafeText.Escape(program)}: Exec format error");
        }

        // env looks its argument up in PATH, and a hash of env says nothing about what it finds: it is found here.
        bool byName = IsEnv(header, out string? name);
        string wanted = byName ? name! : header.Interpreter;
        argument = byName ? null : header.Argument;
        LinuxResult found = Open(entry, wanted, directory, out interpreter);
        if (interpreter is null)
        {
            return Missing(wanted, found);
        }

        Refusal? refusal =
            ScriptHeader.IsScript(interpreter.Head.Span)
                ? new Refusal(
                    LineReason.NotExecutable,
                    $"{SafeText.Escape(program)}: its interpreter {SafeText.Escape(wanted)} is a script itself")
            : !entry.IsChecked ? null
            : !configuration.Interpreters.TryGetValue(interpreter.Path, out string? expected)
                ? new Refusal(
                    LineReason.WrongHash,
                    $"no checksum for {SafeText.Escape(interpreter.Path)}, which runs {SafeText.Escape(program)}")
            : expected != interpreter.Sha256 ? WrongHash(interpreter.Path, expected)
            : null;
        if (refusal is not null)
        {
            interpreter.Dispose();
            interpreter = null;
        }

        return refusal;
    }

    /// <summary>Whether a script is run by <c>env NAME</c>. With options or assignments it stays env's.</summary>
    private static bool IsEnv(ScriptHeader header, [NotNullWhen(true)] out string? name)
    {
        name = header.Argument;
        return header.Interpreter is "/usr/bin/env" or "/bin/env" && name is not (null or ['-', ..])
            && !name.AsSpan().ContainsAny(" \t=/");
    }

    private LinuxResult Open(LeashEntry entry, string program, Descriptor directory, out StageFile? file)
    {
        // A descriptor of the host's own file would let root in a cell change that file's mode, fchmod(2).
        bool copy = entry.InCell && FileMetadata.EffectiveUser == 0;
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return _reader.Open(program, directory, copy, out file);
        }

        // As execvp(3): a name that is there and cannot be executed is remembered, and the search goes on.
        LinuxResult kept = new(-1, Errno.ENOENT, SystemCall.openat, program);
        foreach (string place in SearchPathOf(entry).Split(':').Where(place => place is ['/', ..]))
        {
            LinuxResult result = _reader.Open($"{place.TrimEnd('/')}/{program}", directory, copy, out file);
            if (file is not null)
            {
                return result;
            }

            kept = result.Error is Errno.ENOENT or Errno.ENOTDIR ? kept : result;
        }

        file = null;
        return kept;
    }

    private string SearchPathOf(LeashEntry entry) =>
        entry.Environment.LastOrDefault(variable => variable.Key == "PATH").Value ?? configuration.Settings.Path;

    private static Refusal WrongHash(string program, string expected) =>
        new(LineReason.WrongHash, $"invalid checksum for {SafeText.Escape(program)}: {expected}");

    private static Refusal Missing(string what, LinuxResult result) => result.Error switch
    {
        Errno.ENOENT or Errno.ENOTDIR =>
            new Refusal(LineReason.NotFound, $"{SafeText.Escape(what)}: No such file or directory"),
        Errno.EACCES => new Refusal(LineReason.NotExecutable, $"{SafeText.Escape(what)}: Permission denied"),
        Errno.EISDIR => new Refusal(LineReason.NotExecutable, $"{SafeText.Escape(what)}: Is a directory"),
        _ => new Refusal(LineReason.NotExecutable, $"{SafeText.Escape(what)}: {result.Error}"),
    };
}
