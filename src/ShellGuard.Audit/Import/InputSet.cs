using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Audit.Import;

/// <summary>Inputs that belong together: one file, or the files that strace -ff wrote, one for each thread.</summary>
/// <param name="Files">The files.</param>
/// <param name="IsSplit">They are the files of strace -ff.</param>
internal sealed record InputSet(IReadOnlyList<InputPart> Files, bool IsSplit)
{
    /// <summary>Sorts what was named on the command line, and opens it.</summary>
    /// <param name="standardInput">What <c>-</c> is.</param>
    /// <exception cref="ImportException">A directory has no recording in it, or something cannot be opened.</exception>
    public static IReadOnlyList<InputSet> Of(IReadOnlyList<string> paths, Func<Stream> standardInput)
    {
        OpenInput Open(string path) => OpenInput.Of(path, standardInput);

        List<InputSet> sets = [];
        List<string> singles = [];
        foreach (string path in paths)
        {
            if (path != "-" && new DirectoryInfo(path).Attributes is var attributes && attributes != (FileAttributes)(-1)
                && attributes.HasFlag(FileAttributes.Directory))
            {
                sets.AddRange(InDirectory(path, Open));
            }
            else
            {
                singles.Add(path);
            }
        }

        // trace.17 trace.18 as a shell puts them in for trace.*
        foreach (IGrouping<string, string> group in singles.GroupBy(path => ThreadOf(path) > 0 ? Stem(path) : path, StringComparer.Ordinal))
        {
            string[] files = [.. group.Distinct(StringComparer.Ordinal)];
            sets.Add(files.Length > 1 && files.All(path => ThreadOf(path) > 0)
                ? Split(files, Open)
                : new InputSet([.. files.Select(path => new InputPart(Open(path), 0))], IsSplit: false));
        }

        return sets;
    }

    private static List<InputSet> InDirectory(string directory, Func<string, OpenInput> open)
    {
        List<string> files;
        try
        {
            files = [.. Directory.EnumerateFiles(directory)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ImportException($"{directory} cannot be read: {failure.Message.TrimEnd('.')}");
        }

        List<InputSet> sets =
        [
            .. files.Where(file => ThreadOf(file) > 0).GroupBy(Stem, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => Split(group.Select(Regular), open)),
        ];
        return sets.Count > 0
            ? sets
            : throw new ImportException(
                $"the directory {directory} has no files of strace -ff in it, whose names end in a process number; "
                + "name the files themselves");
    }

    private static InputSet Split(IEnumerable<string> files, Func<string, OpenInput> open)
    {
        SortedDictionary<int, string> threads = [];
        foreach (string file in files)
        {
            if (!threads.TryAdd(ThreadOf(file), file))
            {
                throw new ImportException($"{threads[ThreadOf(file)]} and {file} are of the same thread; leave one of them out");
            }
        }

        List<InputPart> parts = [];
        foreach ((int thread, string file) in threads)
        {
            parts.Add(new InputPart(open(file), thread));
        }

        return new InputSet(parts, IsSplit: true);
    }

    /// <summary>Whoever names a pipe wants to wait for it; nobody names those that lie in a directory.</summary>
    private static string Regular(string path)
    {
        if (Linux.Calls.Files.Open(path, OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor file).Succeeded)
        {
            using (file)
            {
                if (Linux.Calls.Files.Status(file, out FileStatus status).Succeeded && !status.IsRegular)
                {
                    throw new ImportException($"{path} is no file; remove it, or name the files themselves");
                }
            }
        }

        return path;
    }

    private static string WithoutPacking(string path) =>
        path.EndsWith(".gz", StringComparison.Ordinal) || path.EndsWith(".xz", StringComparison.Ordinal) ? path[..^3] : path;

    private static string Stem(string path) => WithoutPacking(path)[..WithoutPacking(path).LastIndexOf('.')];

    /// <summary>The number at the end of a name: <c>trace.4711</c>, <c>trace.4711.gz</c>, <c>trace.4711.xz</c>.</summary>
    private static int ThreadOf(string path)
    {
        string name = WithoutPacking(path);
        int dot = name.LastIndexOf('.');
        return dot >= 0 && dot + 1 < name.Length && name[(dot + 1)..].All(char.IsAsciiDigit)
            && int.TryParse(name.AsSpan(dot + 1), out int thread) ? thread : 0;
    }
}
