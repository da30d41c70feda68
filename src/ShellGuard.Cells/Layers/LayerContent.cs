using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
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

        LinuxResult result = Hash(layer, layer.Upper, change.Path, mine.Size, out sha256);
        problem = result.Failed
            ? $"{SafeText.Escape(change.Path)} cannot be read in the layer: {LayerDirectory.Explain(result)}"
            : null;
        return result.Succeeded;
    }

    /// <summary>Looks at a file's content on one side.</summary>
    /// <param name="root">The layer's or the host's directory.</param>
    internal static FileVersion Look(Layer layer, Descriptor root, string path, in FileStatus status)
    {
        byte[]? bytes = Load(layer, root, path, status);
        if (bytes is not null)
        {
            return new FileVersion(
                bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), UnifiedDiff.IsBinary(bytes) ? null : bytes);
        }

        return new FileVersion(
            status.Size, Hash(layer, root, path, status.Size, out string? sha256).Succeeded ? sha256 : null, null);
    }

    /// <summary>Loads a file's bytes or a link's target.</summary>
    /// <param name="root">The layer's or the host's directory.</param>
    /// <returns>Null when it is large or cannot be read.</returns>
    internal static byte[]? Load(Layer layer, Descriptor root, string path, in FileStatus status)
    {
        LinuxResult result = LayerDirectory.Open(root, LayerPath.Parent(path), out Descriptor parent);
        using (parent)
        {
            if (result.Failed || status.Size > LayerTextDiff.MaximumSize)
            {
                return null;
            }

            if (status.IsSymbolicLink)
            {
                return Files.ReadLink(parent, LayerPath.Name(path), out string target).Succeeded
                    ? KernelText.Encode(target)
                    : null;
            }

            result = Open(layer, root, parent, path, out Descriptor file);
            using (file)
            {
                byte[] bytes = new byte[status.Size];
                result = result.Failed ? result : FileContent.ReadFully(file, bytes, 0);
                return result.Failed ? null : bytes[..(int)result.Value];
            }
        }
    }

    /// <summary>Opens a file of the host for reading, without waiting for anything where it is something else.</summary>
    internal static LinuxResult OpenHost(Descriptor parent, string name, out Descriptor file) => Files.Open(
        parent,
        name,
        OpenFlags.RDONLY | OpenFlags.NOFOLLOW | OpenFlags.NONBLOCK | OpenFlags.NOCTTY,
        LayerDirectory.Beneath,
        out file);

    private static LinuxResult Open(Layer layer, Descriptor root, Descriptor parent, string path, out Descriptor file) =>
        ReferenceEquals(root, layer.Upper)
            ? ModeLoan.OpenFile(layer, parent, path, out file)
            : OpenHost(parent, LayerPath.Name(path), out file);

    private static LinuxResult Hash(Layer layer, Descriptor root, string path, long size, out string? sha256)
    {
        sha256 = null;
        LinuxResult result = LayerDirectory.Open(root, LayerPath.Parent(path), out Descriptor parent);
        using (parent)
        {
            Descriptor file = new();
            result = result.Failed ? result : Open(layer, root, parent, path, out file);
            using (file)
            {
                using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                byte[] buffer = new byte[(int)Math.Min(ChunkSize, Math.Max(1, size))];
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

                sha256 = result.Failed ? null : Convert.ToHexStringLower(hash.GetHashAndReset());
                return result;
            }
        }
    }
}
