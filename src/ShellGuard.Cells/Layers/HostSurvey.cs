using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>Looks at everything of the host that a deletion would take: how much it is, what of it the host changed
/// since the session started, and what must not go.</summary>
internal sealed class HostSurvey(Layer layer)
{
    /// <summary>How deep trees are looked at. Beyond, they are neither compared nor committed, only discarded.</summary>
    internal const int MaximumDepth = 200;

    internal int Entries { get; private set; }

    /// <summary>The first path that the host changed, or null.</summary>
    internal string? Changed { get; private set; }

    /// <summary>Why the deletion is out of the question, or null.</summary>
    internal string? Refusal { get; private set; }

    /// <param name="path">The entry's path in the layer.</param>
    /// <param name="name">Its name in the directory now, which may be a temporary one.</param>
    /// <param name="ignoreTop">The entry itself was just renamed, which has changed its time of change.</param>
    internal void Look(Descriptor parent, string path, string name, bool ignoreTop = false) =>
        Look(parent, path, name, 0, ignoreTop);

    private void Look(Descriptor parent, string path, string name, int depth, bool ignoreTop)
    {
        LinuxResult result = Files.Status(parent, name, out FileStatus status);
        if (result.Failed)
        {
            Refuse(path, LayerDirectory.Explain(result));
            return;
        }

        Entries++;
        if (layer.IsHidden(path))
        {
            Refuse(path, "the policy hides it");
            return;
        }

        if (!ignoreTop && layer.IsChangedByHost(status))
        {
            Changed ??= path;
        }

        if (!status.IsDirectory)
        {
            return;
        }

        if (depth == MaximumDepth)
        {
            Refuse(path, $"deeper than {MaximumDepth} directories");
            return;
        }

        result = Files.Open(parent, name, LayerDirectory.Listing, LayerDirectory.Beneath, out Descriptor directory);
        using (directory)
        {
            List<string> names = [];
            result = result.Failed ? result : DirectoryEntries.List(directory, out names);
            if (result.Failed)
            {
                Refuse(path, LayerDirectory.Explain(result));
            }

            foreach (string child in names)
            {
                Look(directory, LayerPath.Join(path, child), child, depth + 1, ignoreTop: false);
            }
        }
    }

    private void Refuse(string path, string why) => Refusal ??= $"it holds {SafeText.Escape(path)}: {why}";
}
