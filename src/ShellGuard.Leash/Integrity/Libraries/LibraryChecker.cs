using System.Diagnostics.CodeAnalysis;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Leash.Locating;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Integrity.Libraries;

/// <summary>The loader and the libraries that a program starts with, hashed and compared.</summary>
/// <remarks>The loader opens them again, by their names. So each of them, and everything on the way to it, must be root's
/// alone: nobody but root could exchange one between the comparison and the start. Where several files have a name that is
/// needed, all of them are compared. What a program loads later by itself, dlopen(3), is not among them.</remarks>
/// <param name="reader">Hashes files.</param>
/// <param name="expected">SHA-256 by path; null where they are only to be found.</param>
internal sealed class LibraryChecker(FileReader reader, IReadOnlyDictionary<string, string>? expected)
{
    private const int MostFiles = 512;
    private const string Preloads = "/etc/ld.so.preload";
    private const int LargestPreloads = 64 * 1024;

    private static readonly string[] Usual =
        ["/lib64", "/usr/lib64", "/lib", "/usr/lib", "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu"];

    private static readonly string[] Levels = ["", "glibc-hwcaps/x86-64-v2/", "glibc-hwcaps/x86-64-v3/", "glibc-hwcaps/x86-64-v4/"];

    /// <summary>Below a directory of libraries loaders before glibc 2.37 look here too, in every combination.</summary>
    private static readonly string[] OldLevels = ["tls", "haswell", "xeon_phi", "avx512_1", "x86_64"];

    private readonly SortedDictionary<string, string> _found = new(StringComparer.Ordinal);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);
    private readonly Queue<string> _waiting = new();
    private readonly List<(string Path, string Name, IReadOnlyList<string> Candidates)> _needs = [];
    private LibraryCache _cache = LibraryCache.Empty;

    /// <summary>Hashes by path of everything that was found.</summary>
    public IReadOnlyDictionary<string, string> Found => _found;

    /// <summary>Checks what a program starts with.</summary>
    /// <param name="program">Its path, for the places that it names beside itself.</param>
    /// <param name="executable">Its open file.</param>
    /// <returns>Why not, or null.</returns>
    public Refusal? Check(string program, Descriptor executable)
    {
        ElfImage.Read(executable, out ElfImage? image);
        if (image is null or { Machine: 0 })
        {
            return NotHeld($"{SafeText.Escape(program)} is no program whose libraries can be found");
        }

        if (image.Interpreter is null)
        {
            return null;
        }

        if (image.Interpreter is not ['/', ..])
        {
            return NotHeld($"{SafeText.Escape(program)} has its loader at {SafeText.Escape(image.Interpreter)}, wherever that is");
        }

        if (!LibraryCache.TryRead(out _cache, out string? unread) || !TryReadPreloads(out string[] preloads, out unread))
        {
            return NotHeld(unread);
        }

        _waiting.Enqueue(image.Interpreter);
        foreach (string preload in preloads)
        {
            _waiting.Enqueue(preload);
        }

        Refusal? refusal = Ask(image, program);
        while (refusal is null && _waiting.TryDequeue(out string? path))
        {
            refusal = _found.ContainsKey(path) ? null
                : _found.Count == MostFiles ? NotHeld($"{SafeText.Escape(program)} needs more than {MostFiles} libraries")
                : CheckFile(path, image.Machine);
        }

        return refusal ?? Unmet();
    }

    /// <summary>A name of which there are only files of other processors: the loader would look on, and find another.
    /// </summary>
    private Refusal? Unmet()
    {
        foreach ((string path, string name, IReadOnlyList<string> candidates) in _needs)
        {
            if (!candidates.Any(_found.ContainsKey))
            {
                return NotHeld($"{SafeText.Escape(path)} needs {SafeText.Escape(name)}, which is there for other processors only");
            }
        }

        return null;
    }

    private Refusal? CheckFile(string path, ushort machine)
    {
        LinuxResult opened = PathWalk.Open(path, out PathWalk walk, out Descriptor file);
        using (file)
        {
            string shown = SafeText.Escape(path);
            FileStatus status = default;
            opened = opened.Failed ? opened : Files.Status(file, out status);
            if (opened.Failed || !status.IsRegular)
            {
                return NotHeld($"the library {shown}: {(opened.Failed ? opened.Error.ToString() : "no file")}");
            }

            if (walk.Weakness is { } weakness)
            {
                return NotHeld($"the library {shown} could be exchanged: {SafeText.Message(weakness)}");
            }

            opened = ElfImage.Read(file, out ElfImage? image);
            if (opened.Failed || image is null || image.Machine != machine)
            {
                // The loader passes over a library of another processor.
                return image is null ? NotHeld($"the library {shown} is none") : null;
            }

            LinuxResult hashed = reader.Digest(file, status, out string hash);
            if (hashed.Failed)
            {
                return NotHeld($"the library {shown}: {hashed.Error}");
            }

            _found[path] = hash;
            if (expected is not null && !(expected.TryGetValue(path, out string? wanted) && wanted == hash))
            {
                return new Refusal(
                    LineReason.WrongHash,
                    wanted is null ? $"no checksum for the library {shown}" : $"invalid checksum for {shown}: {wanted}");
            }

            return Ask(image, path);
        }
    }

    /// <summary>Puts in line what a file needs.</summary>
    private Refusal? Ask(ElfImage image, string path)
    {
        string origin = path[..Math.Max(0, path.LastIndexOf('/'))];
        foreach (string directory in image.SearchPath)
        {
            string place = directory.Replace("${ORIGIN}", origin, StringComparison.Ordinal).Replace("$ORIGIN", origin, StringComparison.Ordinal);
            if (place.Contains('$', StringComparison.Ordinal) || place is not ['/', ..])
            {
                return NotHeld($"{SafeText.Escape(path)} has libraries in {SafeText.Escape(directory)}, wherever that is");
            }

            // A path of the program's holds for the libraries of its libraries as well, where it is an old one.
            _directories.Add(place.TrimEnd('/'));
        }

        foreach (string name in image.Needed)
        {
            List<string> candidates = [];
            if (FindCandidates(name, candidates) is { } refusal)
            {
                return refusal;
            }

            if (candidates.Count == 0)
            {
                return NotHeld($"{SafeText.Escape(path)} needs {SafeText.Escape(name)}, which is nowhere");
            }

            _needs.Add((path, name, candidates));
            foreach (string candidate in candidates)
            {
                _waiting.Enqueue(candidate);
            }
        }

        return null;
    }

    private Refusal? FindCandidates(string name, List<string> candidates)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            if (name is ['/', ..])
            {
                candidates.Add(name);
            }

            return null;
        }

        Refusal? refusal = AddExisting(candidates, _directories, name);
        candidates.AddRange(_cache.Find(name));
        return refusal ?? (candidates.Count == 0 ? AddExisting(candidates, Usual, name) : null);
    }

    /// <summary>Where nothing is found, nobody but root may be able to put something before the loader looks.</summary>
    private static Refusal? AddExisting(List<string> candidates, IEnumerable<string> directories, string name)
    {
        foreach (string directory in directories)
        {
            foreach (string level in OldLevels)
            {
                if (!IsNowhere($"{directory}/{level}", out string? why))
                {
                    return NotHeld(why ?? $"{SafeText.Escape(directory)}/{level} has libraries as old loaders look for them");
                }
            }

            foreach (string level in Levels)
            {
                string path = $"{directory}/{level}{name}";
                if (!IsNowhere(path, out string? why))
                {
                    if (why is not null)
                    {
                        return NotHeld(why);
                    }

                    candidates.Add(path);
                }
            }
        }

        return null;
    }

    /// <summary>Whether a file is not there, and nobody but root could put it there.</summary>
    /// <param name="why">Null where there is something.</param>
    private static bool IsNowhere(string path, out string? why)
    {
        LinuxResult opened = PathWalk.Open(path, out PathWalk walk, out Descriptor file);
        file.Dispose();
        bool missing = opened.Error is Errno.ENOENT or Errno.ENOTDIR;
        why = opened.Succeeded || opened.Error == Errno.EISDIR ? null
            : !missing ? $"whether there is a library {SafeText.Escape(path)} cannot be seen: {opened.Error}"
            : walk.Weakness is { } weakness ? $"a library {SafeText.Escape(path)} could be put there: {SafeText.Message(weakness)}"
            : null;
        return missing && why is null;
    }

    /// <summary>What the loader puts in front of everything, ld.so(8).</summary>
    private static bool TryReadPreloads(out string[] preloads, [NotNullWhen(false)] out string? problem)
    {
        preloads = [];
        bool read = SmallFile.TryRead(Preloads, LargestPreloads, out byte[]? bytes, out problem);
        if (bytes is not null)
        {
            preloads = KernelText.Decode(bytes).Split((char[])[' ', '\t', '\n', ':'], StringSplitOptions.RemoveEmptyEntries);
        }

        return read;
    }

    private static Refusal NotHeld(string what) => new(LineReason.NotHeld, $"cannot be run as the entry says: {what}");
}
