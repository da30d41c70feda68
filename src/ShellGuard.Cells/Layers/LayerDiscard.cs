using System.Diagnostics.CodeAnalysis;
using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>Throws a layer away.</summary>
public static class LayerDiscard
{
    /// <summary>Takes a path with everything beneath it out of a layer, so that the host's own state stands there
    /// again. What the planner planted there goes too: nothing is mounted any more that it would hide.</summary>
    /// <param name="layer">No session may have it mounted.</param>
    /// <param name="path">See <see cref="LayerPath"/>; not empty.</param>
    /// <param name="problem">One line that says why not.</param>
    public static bool TryRemove(Layer layer, string path, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        if (!layer.TryLock())
        {
            problem = "the session is still running; end it first";
            return false;
        }

        // Beneath a directory that replaces the host's, an entry that goes would not uncover the host's.
        for (string above = LayerPath.Parent(path); above.Length > 0; above = LayerPath.Parent(above))
        {
            LinuxResult looked = LayerDirectory.Open(layer.Upper, above, out Descriptor directory);
            using (directory)
            {
                if (looked.Succeeded && Attributes.Get(directory, "user.overlay.opaque", out byte[] mark).Succeeded
                    && mark.AsSpan().SequenceEqual("y"u8))
                {
                    problem = $"{SafeText.Escape(above)} replaces the host's directory as a whole; discard that";
                    return false;
                }
            }
        }

        LinuxResult result = LayerDirectory.Open(layer.Upper, LayerPath.Parent(path), out Descriptor parent);
        using (parent)
        {
            result = result.Failed ? result : Files.Status(parent, LayerPath.Name(path), out _);
            result = result.Failed ? result : TreeRemoval.Remove(parent, LayerPath.Name(path));
        }

        problem = result.Error == Errno.ENOENT ? "the session changed nothing there"
            : result.Failed ? LayerDirectory.Explain(result)
            : null;
        return problem is null;
    }

    /// <summary>Removes a layer's directory with all that is in it, overlayfs's work directory included. Works on a
    /// layer whose record is damaged, too.</summary>
    /// <param name="layersDirectory">The session's directory of layers.</param>
    /// <param name="name">The layer's name in it, see <see cref="StorageName"/>.</param>
    /// <param name="problem">One line that says why not, or not entirely.</param>
    public static bool TryRemove(string layersDirectory, string name, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        if (!StorageName.IsValid(name))
        {
            problem = $"{SafeText.Escape(name)} is not the name of a layer";
            return false;
        }

        LinuxResult result = Files.Open(layersDirectory, LayerDirectory.Listing, out Descriptor parent);
        using (parent)
        {
            Descriptor opened = new();
            result = result.Failed
                ? result
                : Files.Open(parent, name, LayerDirectory.Listing, LayerDirectory.Beneath, out opened);
            using Descriptor storage = opened;
            if (result.Succeeded && LockPatience.Take(storage).Failed)
            {
                problem = "the session is still running; end it first";
                return false;
            }

            // The record goes last: a removal that is interrupted leaves something that still calls itself a layer.
            foreach (string part in (ReadOnlySpan<string>)[Layer.UpperName, Layer.WorkName])
            {
                result = result.Failed ? result : TreeRemoval.Remove(storage, part);
            }

            result = result.Failed ? result : TreeRemoval.Remove(parent, name);
        }

        problem = result.Failed ? $"cannot remove the layer: {SafeText.Escape(result.ToString())}" : null;
        return result.Succeeded;
    }
}
