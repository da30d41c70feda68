using System.Text;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Walls;

/// <summary>The label of the layers in a directory of a session's storage: the names of its tags, a line each.</summary>
public static class LabelFile
{
    private const string Name = "label";

    /// <summary>The directory of a label's layers, or of none's.</summary>
    public static string DirectoryOf(string session, string key) => key.Length == 0 ? session : $"{session}/cells/{key}";

    /// <summary>Adds tags to it, before the layer may have anything of them. The lobby's is made with the first one: its
    /// files have no label before.</summary>
    /// <exception cref="LinuxException">It cannot be written: then the layer must not get it.</exception>
    public static void Add(string session, string key, IEnumerable<string> tags)
    {
        string path = $"{DirectoryOf(session, key)}/{Name}";
        OpenFlags make = key.Length == 0 ? OpenFlags.CREAT : OpenFlags.RDONLY;
        Files.Open(
            path, OpenFlags.WRONLY | OpenFlags.APPEND | OpenFlags.CLOEXEC | make, out Descriptor file, 0x180).OrThrow();
        using (file)
        {
            FileContent.Append(file, Encoding.UTF8.GetBytes(string.Concat(tags.Select(tag => tag + '\n')))).OrThrow();
            FileContent.Flush(file).OrThrow();
        }
    }

    /// <summary>Writes it down, before anything with the label is.</summary>
    /// <exception cref="LinuxException">It cannot be written.</exception>
    public static void Write(string session, string key, IEnumerable<string> tags)
    {
        string path = $"{DirectoryOf(session, key)}/{Name}";
        Files.Open(
            path, OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.TRUNC | OpenFlags.CLOEXEC, out Descriptor file, 0x180).OrThrow();
        using (file)
        {
            FileContent.Append(file, Encoding.UTF8.GetBytes(string.Concat(tags.Order(StringComparer.Ordinal).Select(tag => tag + '\n'))))
                .OrThrow();
            FileContent.Flush(file).OrThrow();
        }
    }

    /// <summary>Reads the label of a layer, by its tags' names.</summary>
    /// <param name="layer">The layer's directory.</param>
    /// <returns>False for a layer of a side whose label is not there: it may have any, and nothing of it is committed.
    /// </returns>
    public static bool TryRead(string layer, out IReadOnlyList<string> tags)
    {
        string holder = Path.GetDirectoryName(Path.GetDirectoryName(layer))!;
        FileInfo file = new($"{holder}/{Name}");
        tags = file.Exists ? [.. File.ReadLines(file.FullName).Distinct(StringComparer.Ordinal)] : [];
        return file.Exists || Path.GetFileName(Path.GetDirectoryName(holder)) != "cells";
    }
}
