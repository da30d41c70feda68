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
/// that label. A line of JSON each, appended before the file is there.</summary>
/// <remarks>By path. Whoever renames or copies such a file outside of a session takes it out of our sight; see
/// docs/walls.md.</remarks>
public sealed class CommittedLabels
{
    private const string FileName = "labels.jsonl";

    private readonly string _file;

    private CommittedLabels(string file, IReadOnlyList<CommittedLabel> all)
    {
        _file = file;
        All = all;
    }

    /// <summary>One for each path, with everything that was ever committed to it.</summary>
    public IReadOnlyList<CommittedLabel> All { get; }

    /// <summary>Reads what an owner of sessions committed.</summary>
    /// <param name="storageRoot">Where sessions are kept.</param>
    /// <exception cref="IOException">It is there and cannot be read, or is no such file: then nothing is known of what
    /// must be hidden, and no session may start.</exception>
    public static CommittedLabels Load(string storageRoot)
    {
        string file = $"{storageRoot}/{FileName}";
        Dictionary<string, CommittedLabel> all = new(StringComparer.Ordinal);
        if (!new FileInfo(file).Exists)
        {
            return new CommittedLabels(file, []);
        }

        foreach (string line in File.ReadLines(file))
        {
            CommittedLabel label = Parse(line, file);
            all[label.Path] = all.TryGetValue(label.Path, out CommittedLabel? known)
                ? known with { Tags = [.. known.Tags.Union(label.Tags, StringComparer.Ordinal)] }
                : label;
        }

        return new CommittedLabels(file, [.. all.Values]);
    }

    /// <summary>Writes down that a path is about to get data with a label.</summary>
    /// <returns>Whether it stands on the disk; otherwise the file must not be written.</returns>
    public bool Add(CommittedLabel label)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteString("path", SafeText.Escape(label.Path));
            json.WriteString("session", label.Session);
            json.WriteStartArray("tags");
            foreach (string tag in label.Tags)
            {
                json.WriteStringValue(SafeText.Escape(tag));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        LinuxResult result = Files.Open(
            _file, OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.APPEND | OpenFlags.CLOEXEC, out Descriptor file, 0x180);
        using (file)
        {
            result = result.Failed ? result : FileContent.Append(file, stream.ToArray());
            result = result.Failed ? result : FileContent.Flush(file);
        }

        return result.Succeeded;
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
            if (!named && !IsWithin(committed, policy.Walls?.Flow, label))
            {
                RuleSource source = new(
                    "committed", 0, 0, $"has {string.Join(" and ", committed.Tags)} since session {committed.Session}");
                hidden.Add(new PathRule(committed.Path, PathMode.Hidden, IsGlob: false, source));
            }
        }

        return hidden.Count == 0 ? policy : policy with { Paths = [.. policy.Paths, .. hidden] };
    }

    /// <summary>The sources of a path; a tag that the policy does not have is not among them.</summary>
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

        return label;
    }

    private static bool IsWithin(CommittedLabel committed, FlowPolicy? flow, TagSet label) =>
        flow is not null && committed.Tags.All(name => flow.TryFind(name, out Tag tag) && label.Contains(tag));

    private static CommittedLabel Parse(string line, string file)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetBytes(line));
            JsonElement root = document.RootElement;
            return new CommittedLabel(
                Text(root.GetProperty("path")),
                [.. root.GetProperty("tags").EnumerateArray().Select(Text)],
                root.GetProperty("session").GetString()!);
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
