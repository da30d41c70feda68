using System.Globalization;
using System.Text;
using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>The index of a <see cref="BaseStore"/>: a line for each file, <c>HASH SIZE t|b PATH</c>; t where the content
/// is text, which is kept, b where it is not.</summary>
internal sealed class BaseIndex
{
    private const string FileName = "index";

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    internal int Count => _entries.Count;

    /// <summary>What the kept contents take, in bytes.</summary>
    internal long TextBytes => _entries.Values.Where(entry => entry.IsText)
        .DistinctBy(entry => entry.Sha256).Sum(entry => entry.Size);

    /// <summary>Reads it; one that cannot be read is empty, and a line that is none is not there.</summary>
    internal static BaseIndex Load(Descriptor directory)
    {
        BaseIndex index = new();
        LinuxResult result = Files.Open(
            directory, FileName, OpenFlags.RDONLY | OpenFlags.NOFOLLOW, out Descriptor file);
        using (file)
        {
            FileStatus status = default;
            result = result.Failed ? result : Files.Status(file, out status);
            byte[] bytes = new byte[status.Size];
            result = result.Failed ? result : FileContent.ReadFully(file, bytes, 0);
            string text = result.Failed ? "" : Encoding.UTF8.GetString(bytes, 0, (int)result.Value);
            foreach (string line in text[..(text.LastIndexOf('\n') + 1)].Split('\n'))
            {
                index.Read(line);
            }
        }

        return index;
    }

    internal Entry? Find(string path) => _entries.GetValueOrDefault(path);

    internal LinuxResult Add(Descriptor directory, string path, Entry entry)
    {
        LinuxResult result = Write(directory, FileName, OpenFlags.APPEND, Line(path, entry));
        if (result.Succeeded)
        {
            _entries[path] = entry;
        }

        return result;
    }

    /// <summary>Lets go of entries.</summary>
    /// <returns>The hashes of texts that none needs any more.</returns>
    internal IReadOnlyList<string> Retain(Descriptor directory, Predicate<string> isWanted)
    {
        List<string> gone = [.. _entries.Keys.Where(path => !isWanted(path))];
        if (gone.Count == 0)
        {
            return [];
        }

        HashSet<string> contents = [.. gone.Select(path => _entries[path]).Where(entry => entry.IsText).Select(entry => entry.Sha256)];
        gone.ForEach(path => _entries.Remove(path));
        contents.ExceptWith(_entries.Values.Select(entry => entry.Sha256));

        // When this fails, lines stay whose content is gone: they count as not kept.
        const string temporary = FileName + ".new";
        string lines = string.Concat(_entries.Select(entry => Line(entry.Key, entry.Value)));
        if (Write(directory, temporary, OpenFlags.TRUNC, lines).Succeeded)
        {
            Files.Rename(directory, temporary, directory, FileName, RenameFlags.None);
        }

        return [.. contents];
    }

    private void Read(string line)
    {
        // The path may have spaces.
        string[] words = line.Split(' ', 4);
        if (words.Length == 4 && words[0].Length == 64 && words[0].All(char.IsAsciiHexDigitLower)
            && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out long size)
            && size <= BaseStore.LargestFile && LayerPath.Parse(words[3]) is { } path)
        {
            _entries[path] = new Entry(words[0], size, words[2] == "t");
        }
    }

    private static LinuxResult Write(Descriptor directory, string name, OpenFlags how, string text)
    {
        LinuxResult result = Files.Open(
            directory, name, OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.NOFOLLOW | how,
            out Descriptor file, BaseStore.OwnerFile);
        using (file)
        {
            return result.Failed ? result : FileContent.Append(file, Encoding.UTF8.GetBytes(text));
        }
    }

    private static string Line(string path, Entry entry) => string.Create(
        CultureInfo.InvariantCulture, $"{entry.Sha256} {entry.Size} {(entry.IsText ? 't' : 'b')} {SafeText.Escape(path)}\n");

    /// <summary>What a file was.</summary>
    internal sealed record Entry(string Sha256, long Size, bool IsText);
}
