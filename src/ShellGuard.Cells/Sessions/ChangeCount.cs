using System.Text.Json;
using ShellGuard.Cells.Layers;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Sessions;

/// <summary>How many changes a session has to decide on, as it was counted last: changes.json. Comparing every layer
/// with the host takes as long as they are large; commit and discard remove the count before they do something and
/// write it anew.</summary>
/// <param name="Changes">How many.</param>
/// <param name="Layers">Each layer's directory as it was then: name, inode and time of change of its files.</param>
internal sealed record ChangeCount(int Changes, IReadOnlyList<string> Layers)
{
    /// <summary>The remembered count; null when there is none or the layers are others now.</summary>
    internal static int? Recall(StoredSession session)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(SessionFiles.Changes(session.Directory)));
            int changes = document.RootElement.GetProperty("changes").GetInt32();
            IEnumerable<string?> layers =
                document.RootElement.GetProperty("layers").EnumerateArray().Select(layer => layer.GetString());
            return layers.SequenceEqual(Stamps(session), StringComparer.Ordinal) ? changes : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException
            or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // Then it is counted.
            return null;
        }
    }

    /// <summary>Looks at the layers, so that a count can be remembered of what it was made of.</summary>
    internal static IReadOnlyList<string> Stamps(StoredSession session) => [.. session.LayerDirectories.Select(Stamp)];

    /// <summary>Remembers a count. Whoever calls holds the session's lock. Where it cannot be written, it is counted
    /// again next time.</summary>
    internal static void Remember(StoredSession session, int changes)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("changes", changes);
            json.WriteStartArray("layers");
            foreach (string layer in Stamps(session))
            {
                json.WriteStringValue(layer);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        string file = SessionFiles.Changes(session.Directory);
        LinuxResult result = Files.Open(
            file + ".new", OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.TRUNC | OpenFlags.NOFOLLOW,
            out Descriptor descriptor, 0x180);
        using (descriptor)
        {
            result = result.Failed ? result : FileContent.Write(descriptor, stream.ToArray(), 0);
        }

        if (result.Succeeded)
        {
            Files.Rename(SessionPath.Root, file + ".new", SessionPath.Root, file, RenameFlags.None);
        }
    }

    /// <summary>Before the layers change.</summary>
    /// <exception cref="SessionException">It cannot be removed; then nothing may be changed.</exception>
    internal static void Forget(StoredSession session)
    {
        LinuxResult result = Files.Unlink(SessionPath.Root, SessionFiles.Changes(session.Directory));
        if (result.Failed && result.Error != Errno.ENOENT)
        {
            throw new SessionException($"nothing was changed: {result}");
        }
    }

    private static string Stamp(string directory)
    {
        LinuxResult result = Files.Status(SessionPath.Root, $"{directory}/{Layer.UpperName}", out FileStatus status);
        return result.Failed
            ? $"{Path.GetFileName(directory)} {result.Error}"
            : $"{Path.GetFileName(directory)} {status.Inode} {status.Changed}";
    }
}
