using System.Text;
using System.Text.Json;
using ShellGuard.Leash.Locating;

namespace ShellGuard.Leash.Setup;

/// <summary>What was done for a user, kept where only root reads it: a file of JSON and copies of the files as they were.
/// It is written before each step, so that an interrupted set-up can be taken back as well.</summary>
public sealed class SetupRecord
{
    /// <summary>Where records are kept.</summary>
    public const string Place = "/var/lib/shellguard/leash-setup";

    private const uint OwnerOnly = 0x180;
    private const uint OwnerDirectory = 0x1c0;

    private readonly string _root;
    private readonly string _directory;
    private readonly List<SetupMemory> _memories;

    private SetupRecord(string root, string user, List<SetupMemory> memories)
    {
        _root = root;
        _directory = $"{root}{Place}/{user}";
        _memories = memories;
    }

    /// <summary>In the order in which they were done.</summary>
    public IReadOnlyList<SetupMemory> Memories => _memories;

    /// <summary>Reads a user's record; an empty one where nothing was done.</summary>
    /// <exception cref="LeashException">It is damaged.</exception>
    public static SetupRecord Open(SetupRequest request)
    {
        string path = $"{request.At(Place)}/{request.User}/record.json";
        byte[]? bytes = RootFile.Read(path, out _);
        try
        {
            return new SetupRecord(request.Root, request.User, bytes is null ? [] : Parse(bytes));
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException or KeyNotFoundException
            or FormatException)
        {
            throw new LeashException($"{path} is damaged and says no longer what was done", LeashException.OwnFailure);
        }
    }

    /// <summary>Names of the other users with a record.</summary>
    public static IReadOnlyList<string> Others(SetupRequest request)
    {
        List<string> others = [];
        string place = request.At(Place);
        foreach (string directory in RootFile.IsDirectory(place) ? Directory.GetDirectories(place) : [])
        {
            if (Path.GetFileName(directory) is var name && name != request.User)
            {
                others.Add(name);
            }
        }

        return others;
    }

    /// <summary>Remembers a step that is about to be done. What was there before the first time stays what was there before.
    /// </summary>
    public void Add(SetupMemory memory)
    {
        int known = _memories.FindIndex(other => (other.Kind, other.Target) == (memory.Kind, memory.Target));
        if (known < 0)
        {
            _memories.Add(memory);
        }
        else
        {
            _memories[known] = _memories[known] with { After = memory.After };
        }

        Write();
    }

    /// <summary>Takes over what another user's set-up made before this one: it is taken back after all of this one's.
    /// </summary>
    public void Inherit(SetupMemory memory)
    {
        _memories.Insert(0, memory);
        Write();
    }

    /// <summary>Forgets what was taken back; the record goes with the last of it.</summary>
    public void Remove(SetupMemory memory)
    {
        _memories.Remove(memory);
        if (_memories.Count > 0)
        {
            Write();
            return;
        }

        Directory.Delete(_directory, recursive: true);

        // Both stay where somebody else's are in them.
        _ = RootFile.RemoveDirectory(_root + Place) && RootFile.RemoveDirectory(Path.GetDirectoryName(_root + Place)!);
    }

    /// <summary>Keeps bytes of a file.</summary>
    public string Keep(byte[] bytes)
    {
        MakeDirectories();
        string name = $"before-{RootFile.Hash(bytes)[..16]}";
        RootFile.Write($"{_directory}/{name}", bytes, 0, 0, OwnerOnly);
        return name;
    }

    /// <summary>The bytes that were kept.</summary>
    /// <exception cref="LeashException">They are not what they were.</exception>
    public byte[] Kept(SetupMemory memory) =>
        RootFile.Read($"{_directory}/{memory.Backup}", out _) is { } bytes && RootFile.Hash(bytes) == memory.Before
            ? bytes
            : throw new LeashException(
                $"{_directory}/{memory.Backup} is no longer what {memory.Target} was", LeashException.OwnFailure);

    private void MakeDirectories()
    {
        string path = _root;
        string[] names = [.. Place.Split('/', StringSplitOptions.RemoveEmptyEntries), Path.GetFileName(_directory)];
        for (int i = 0; i < names.Length; i++)
        {
            path = $"{path}/{names[i]}";
            RootFile.MakeDirectory(path, i < 2 ? 0x1edu : OwnerDirectory);
        }
    }

    private void Write()
    {
        MakeDirectories();
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartArray();
            foreach (SetupMemory memory in _memories)
            {
                json.WriteStartObject();
                json.WriteString("kind", memory.Kind);
                json.WriteString("target", memory.Target);
                json.WriteString("before", memory.Before);
                json.WriteString("after", memory.After);
                json.WriteString("backup", memory.Backup);
                json.WriteNumber("mode", memory.Mode);
                json.WriteNumber("owner", memory.Owner);
                json.WriteNumber("group", memory.Group);
                json.WriteBoolean("shared", memory.IsShared);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        RootFile.Write($"{_directory}/record.json", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(stream.ToArray()) + "\n"), 0, 0, OwnerOnly);
    }

    private static List<SetupMemory> Parse(byte[] bytes)
    {
        List<SetupMemory> memories = [];
        using JsonDocument document = JsonDocument.Parse(bytes);
        foreach (JsonElement item in document.RootElement.EnumerateArray())
        {
            memories.Add(new SetupMemory(
                item.GetProperty("kind").GetString()!, item.GetProperty("target").GetString()!,
                item.GetProperty("before").GetString(), item.GetProperty("after").GetString()!)
            {
                Backup = item.GetProperty("backup").GetString(),
                Mode = item.GetProperty("mode").GetUInt32(),
                Owner = item.GetProperty("owner").GetUInt32(),
                Group = item.GetProperty("group").GetUInt32(),
                IsShared = item.GetProperty("shared").GetBoolean(),
            });
        }

        return memories;
    }
}
