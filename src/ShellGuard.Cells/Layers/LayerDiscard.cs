using System.Diagnostics.CodeAnalysis;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>Throws a layer away.</summary>
public static class LayerDiscard
{
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
            if (result.Succeeded && FileContent.Lock(storage, LockOperation.EX | LockOperation.NB).Failed)
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
