using System.Text;
using System.Text.Json;
using ShellGuard.Cells.Planning;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Walls;

/// <summary>What commits brought to the host with a label: later sessions hide it from every cell that has not all of
/// that label. A line of JSON each, appended before the file is there, and another one when it is.</summary>
/// <remarks>A path keeps its label for ever, whatever is there now, and a file its label, whatever it is called now: see
/// <see cref="Follow"/>. So has a copy of the same bytes; what is made of it otherwise is out of our sight, see docs/walls.md.
/// </remarks>
public sealed partial class CommittedLabels
{
    private const string FileName = "labels.jsonl";

    private readonly string _list;
    private readonly Dictionary<string, CommittedLabel> _paths = new(StringComparer.Ordinal);
    private readonly Dictionary<FileIdentity, LabelledFile> _files = [];

    private CommittedLabels(string list) => _list = list;

    /// <summary>Where the owner's sessions are kept.</summary>
    internal string StorageRoot => Path.GetDirectoryName(_list)!;

    /// <summary>One for each path, with everything that was ever committed to it.</summary>
    public IReadOnlyCollection<CommittedLabel> All => _paths.Values;

    /// <summary>Reads what an owner of sessions committed.</summary>
    /// <param name="storageRoot">Where sessions are kept.</param>
    /// <exception cref="IOException">It is there and cannot be read, or is no such file: then nothing is known of what
    /// must be hidden, and no session may start.</exception>
    public static CommittedLabels Load(string storageRoot)
    {
        CommittedLabels labels = new($"{storageRoot}/{FileName}");
        if (new FileInfo(labels._list).Exists)
        {
            foreach (string line in File.ReadLines(labels._list))
            {
                labels.Take(Parse(line, labels._list));
            }
        }

        return labels;
    }

    /// <summary>Writes down that paths are about to get data with a label. What is known already is not written again: the
    /// list is read whenever a session begins.</summary>
    /// <returns>Whether it stands on the disk; otherwise the files must not be written.</returns>
    public bool Add(params IReadOnlyList<CommittedLabel> labels)
    {
        List<CommittedLabel> lines = [];
        foreach (CommittedLabel label in labels)
        {
            string[] fresh = [.. label.Tags.Except(_paths.GetValueOrDefault(label.Path)?.Tags ?? [], StringComparer.Ordinal)];
            if (fresh.Length > 0)
            {
                lines.Add(label with { Tags = fresh });
            }
        }

        return lines.Count == 0 || TryAppend(lines);
    }

    /// <summary>The same, of files that will be replaced: what is at such a path now is not somewhere else afterwards, if this
    /// is its only name.</summary>
    /// <returns>Whether it stands on the disk; otherwise the files must not be written.</returns>
    public bool AddReplacing(IReadOnlyList<CommittedLabel> labels)
    {
        CommittedLabel[] replaced =
        [
            .. labels.Where(label => _paths.ContainsKey(label.Path)).Select(label => (
                label, there: Files.Status(Nowhere, label.Path, out FileStatus status).Succeeded && status is { IsDirectory: false, Links: 1 },
                file: FileIdentity.Of(status)))
                .Where(old => old.there && _files.TryGetValue(old.file, out LabelledFile? file) && file.Paths.Contains(old.label.Path))
                .Select(old => old.label with { Tags = [], File = old.file, IsGone = true }),
        ];
        return (replaced.Length == 0 || TryAppend(replaced)) && Add(labels);
    }

    /// <summary>A policy under which a cell does not see what its label has not. What a rule names by its very path is what
    /// a person decided, and shown.</summary>
    /// <param name="label">The cell's.</param>
    public EffectivePolicy HiddenFrom(EffectivePolicy policy, TagSet label)
    {
        List<PathRule> hidden = [];
        foreach (CommittedLabel committed in All)
        {
            bool named = policy.Paths.Any(rule => rule.Path == committed.Path && !rule.IsGlob);
            if (!named && !(policy.Walls is { } walls && IsSeenBy(committed, walls, label)))
            {
                RuleSource source = new(
                    "committed", 0, 0, $"has {string.Join(" and ", committed.Tags)} since session {committed.Session}");
                hidden.Add(new PathRule(committed.Path, PathMode.Hidden, IsGlob: false, source));
            }
        }

        return hidden.Count == 0 ? policy : policy with { Paths = [.. policy.Paths, .. hidden] };
    }

    /// <summary>The sources of a path: what a command has to know that names it. A tag that the policy does not have is not
    /// among them, nor is what a gate took off.</summary>
    internal TagSet LabelOf(string path, FlowPolicy flow)
    {
        TagSet label = TagSet.Empty;
        foreach (CommittedLabel committed in All.Where(committed => Paths.IsAtOrBeneath(path, committed.Path)))
        {
            foreach (string name in committed.Tags)
            {
                label |= flow.TryFind(name, out Tag tag) ? TagSet.Of(tag) : TagSet.Empty;
            }
        }

        return label.Except(flow.Marks);
    }

    private void Take(CommittedLabel line)
    {
        _paths[line.Path] = _paths.TryGetValue(line.Path, out CommittedLabel? known)
            ? known with { Tags = [.. known.Tags.Union(line.Tags, StringComparer.Ordinal)] }
            : line with { File = null, IsGone = false, Links = 0 };
        if (line.File is null)
        {
            return;
        }

        if (!_files.TryGetValue(line.File, out LabelledFile? file))
        {
            _files[line.File] = file = new LabelledFile(line.Session);
        }

        file.Tags.UnionWith(line.Tags);
        file.Links = line.Links == 0 ? file.Links : line.Links;
        file.Content = line.Content ?? file.Content;
        if (line.IsGone)
        {
            file.Paths.Remove(line.Path);
            file.Content = file.Paths.Count == 0 ? null : file.Content;
        }
        else
        {
            file.Paths.Add(line.Path);
        }
    }

    private bool TryAppend(IReadOnlyList<CommittedLabel> lines)
    {
        using MemoryStream stream = new();
        foreach (CommittedLabel line in lines)
        {
            Write(line, stream);
            stream.WriteByte((byte)'\n');
        }

        LinuxResult result = Files.Open(
            _list, OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.APPEND | OpenFlags.CLOEXEC, out Descriptor list, 0x180);
        using (list)
        {
            result = result.Failed ? result : FileContent.Append(list, stream.ToArray());
            result = result.Failed ? result : FileContent.Flush(list);
        }

        if (result.Succeeded)
        {
            lines.ToList().ForEach(Take);
        }

        return result.Succeeded;
    }

    private static void Write(CommittedLabel line, Stream stream)
    {
        using Utf8JsonWriter json = new(stream);
        json.WriteStartObject();
        json.WriteString("path", SafeText.Escape(line.Path));
        json.WriteString("session", line.Session);
        json.WriteStartArray("tags");
        foreach (string tag in line.Tags)
        {
            json.WriteStringValue(SafeText.Escape(tag));
        }

        json.WriteEndArray();
        if (line.File is { } file)
        {
            json.WriteNumber("inode", file.Inode);
            json.WriteString("born", file.Born);
            json.WriteNumber("links", line.Links);
            json.WriteBoolean("gone", line.IsGone);
        }

        if (line.Content is { } content)
        {
            json.WriteNumber("size", content.Size);
            json.WriteString("sha256", content.Sha256);
            json.WriteString("modified", content.Modified);
            json.WriteString("read", content.Read);
        }

        json.WriteEndObject();
    }

    private static CommittedLabel Parse(string line, string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetBytes(line));
            JsonElement root = document.RootElement;
            CommittedLabel label = new(
                Text(root.GetProperty("path")),
                [.. root.GetProperty("tags").EnumerateArray().Select(Text)],
                root.GetProperty("session").GetString()!);
            return !root.TryGetProperty("inode", out JsonElement inode) ? label : label with
            {
                File = new FileIdentity(inode.GetUInt64(), root.GetProperty("born").GetString()!),
                Links = root.GetProperty("links").GetUInt32(),
                IsGone = root.GetProperty("gone").GetBoolean(),
                Content = !root.TryGetProperty("size", out JsonElement size) ? null : new SeenContent(
                    size.GetInt64(), root.GetProperty("sha256").GetString()!, root.GetProperty("modified").GetString()!,
                    root.GetProperty("read").GetString()!),
            };
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            throw new IOException(
                $"{file} is damaged: mend it or remove it, and with it the labels of what was committed",
                failure);
        }
    }

    private static string Text(JsonElement element) => SafeText.TryParse(element.GetString()!, out byte[] bytes)
        ? KernelText.Decode(bytes)
        : throw new FormatException("not a text of ours");
}
