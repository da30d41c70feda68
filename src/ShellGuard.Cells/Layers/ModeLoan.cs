using ShellGuard.Core;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>Reads entries of a layer whose mode keeps their own owner out (an ordinary user's <c>chmod 000</c>): the
/// mode is widened, the entry opened, the mode given back. The log knows of it before, so that no crash leaves a
/// widened mode to be committed.</summary>
internal static class ModeLoan
{
    private const uint OwnerAll = 0x1C0;
    private const uint OwnerRead = 0x100;

    /// <summary>Opens a regular file for reading. The mode is as before when this returns.</summary>
    internal static LinuxResult OpenFile(Layer layer, Descriptor parent, string path, out Descriptor file)
    {
        const OpenFlags flags = OpenFlags.RDONLY | OpenFlags.NOFOLLOW | OpenFlags.NONBLOCK | OpenFlags.NOCTTY;
        string name = LayerPath.Name(path);
        LinuxResult result = Files.Open(parent, name, flags, LayerDirectory.Beneath, out file);
        if (result.Error != Errno.EACCES)
        {
            return result;
        }

        using Borrowed loan = Borrow(layer, parent, path, OwnerRead, ref result);
        if (result.Succeeded)
        {
            result = Files.Open(parent, name, flags, LayerDirectory.Beneath, out file);
        }

        return result;
    }

    /// <summary>Opens a directory for listing and for looking up what is in it.</summary>
    /// <param name="loan">To dispose when the directory's entries are no longer looked up.</param>
    internal static LinuxResult OpenDirectory(
        Layer layer, Descriptor parent, string path, in FileStatus status, out Descriptor directory, out Borrowed loan)
    {
        string name = LayerPath.Name(path);
        loan = default;
        LinuxResult result = default;
        uint user = FileMetadata.EffectiveUser;
        if (user != 0 && user == status.Owner && (status.Mode & OwnerAll) != OwnerAll)
        {
            loan = Borrow(layer, parent, path, OwnerAll, ref result);
        }

        if (result.Failed)
        {
            directory = new Descriptor();
            return result;
        }

        return Files.Open(parent, name, LayerDirectory.Listing, LayerDirectory.Beneath, out directory);
    }

    /// <summary>Reads the portable attributes of an entry. Those of the user name space need the right to read the
    /// content, xattr(7).</summary>
    internal static LinuxResult ReadAttributes(
        Layer layer, Descriptor parent, string path, out List<KeyValuePair<string, byte[]>> attributes)
    {
        attributes = [];
        LinuxResult result = Files.Open(
            parent, LayerPath.Name(path), LayerDirectory.Handle, LayerDirectory.Beneath, out Descriptor entry);
        using (entry)
        {
            result = result.Failed ? result : PortableAttributes.Read(entry, out attributes);
            if (result.Error != Errno.EACCES)
            {
                return result;
            }

            using (Borrow(layer, parent, path, OwnerRead, ref result))
            {
                result = result.Failed ? result : PortableAttributes.Read(entry, out attributes);
            }

            // An access control list has the mode in it, and reading it takes no right: once more with the mode as it was.
            return result.Failed ? result : PortableAttributes.ReadAccessListsAgain(entry, attributes);
        }
    }

    /// <summary>Gives back what an interrupted run had borrowed.</summary>
    /// <returns>What went wrong, or null.</returns>
    internal static string? ReturnAll(Layer layer)
    {
        // Inner paths first: when the outer ones have their modes back, the inner ones may be out of reach.
        foreach ((string path, uint mode) in layer.Log.Loans.OrderByDescending(
            loan => loan.Key.Length).ToList())
        {
            LinuxResult result = LayerDirectory.Open(layer.Upper, LayerPath.Parent(path), out Descriptor parent);
            using (parent)
            {
                Descriptor entry = new();
                result = result.Failed
                    ? result
                    : Files.Open(
                        parent, LayerPath.Name(path), LayerDirectory.Handle, LayerDirectory.Beneath, out entry);
                using (entry)
                {
                    result = result.Failed ? result : FileMetadata.SetMode(entry, mode);
                }
            }

            result = result.Failed && result.Error != Errno.ENOENT ? result : layer.Log.Return(path);
            if (result.Failed)
            {
                return $"cannot give {SafeText.Escape(path)} in the layer its mode back: {result.Call}: {result.Error}";
            }
        }

        return null;
    }

    private static Borrowed Borrow(
        Layer layer, Descriptor parent, string path, uint bits, ref LinuxResult result)
    {
        result = Files.Open(
            parent, LayerPath.Name(path), LayerDirectory.Handle, LayerDirectory.Beneath, out Descriptor entry);
        FileStatus status = default;
        result = result.Failed ? result : Files.Status(entry, out status);
        result = result.Failed ? result : layer.Log.Lend(path, status.Mode);
        result = result.Failed ? result : FileMetadata.SetMode(entry, status.Mode | bits);
        if (result.Succeeded)
        {
            return new Borrowed(layer, entry, path, status.Mode);
        }

        entry.Dispose();
        return default;
    }

    /// <summary>A widened mode. Disposing gives it back.</summary>
    internal readonly struct Borrowed(Layer layer, Descriptor entry, string path, uint mode) : IDisposable
    {
        public void Dispose()
        {
            if (entry is null)
            {
                return;
            }

            // When this fails, the log still has the loan and the next opening of the layer tries again.
            if (FileMetadata.SetMode(entry, mode).Succeeded)
            {
                layer.Log.Return(path);
            }

            entry.Dispose();
        }
    }
}
