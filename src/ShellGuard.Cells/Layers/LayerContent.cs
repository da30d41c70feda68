using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>Reads what a layer holds.</summary>
public static class LayerContent
{
    private const int ChunkSize = 1 << 20;

    /// <summary>Hashes the content that a change brings.</summary>
    /// <param name="sha256">Lower-case hex; null where the change brings no file content.</param>
    /// <param name="problem">One line that says why it cannot be read.</param>
    public static bool TryHash(
        Layer layer, Change change, out string? sha256, [NotNullWhen(false)] out string? problem)
    {
        sha256 = null;
        problem = null;
        if (change.Mine is not { IsRegular: true } mine)
        {
            return true;
        }

        LinuxResult result = LayerDirectory.Open(layer.Upper, LayerPath.Parent(change.Path), out Descriptor parent);
        using (parent)
        {
            Descriptor file = new();
            result = result.Failed ? result : ModeLoan.OpenFile(layer, parent, change.Path, out file);
            using (file)
            {
                using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                byte[] buffer = new byte[(int)Math.Min(ChunkSize, Math.Max(1, mine.Size))];
                for (long offset = 0; result.Succeeded;)
                {
                    result = FileContent.Read(file, buffer, offset);
                    if (result.Failed || result.Value == 0)
                    {
                        break;
                    }

                    hash.AppendData(buffer, 0, (int)result.Value);
                    offset += result.Value;
                }

                if (result.Failed)
                {
                    problem = $"{SafeText.Escape(change.Path)} cannot be read in the layer: {LayerDirectory.Explain(result)}";
                    return false;
                }

                sha256 = Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
                return true;
            }
        }
    }
}
