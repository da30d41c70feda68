using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Layers;

/// <summary>The extended attributes that go from a layer to the host: <c>user.*</c> without overlayfs's own marks, and
/// access control lists. Never <c>security.*</c> (file capabilities, labels) nor <c>trusted.*</c>.</summary>
internal static class PortableAttributes
{
    private const string OverlayPrefix = "user.overlay.";

    internal static bool IsPortable(string name) =>
        (name.StartsWith("user.", StringComparison.Ordinal)
            && !name.StartsWith(OverlayPrefix, StringComparison.Ordinal))
        || name is "system.posix_acl_access" or "system.posix_acl_default";

    internal static LinuxResult Read(Descriptor file, out List<KeyValuePair<string, byte[]>> attributes)
    {
        attributes = [];
        LinuxResult result = Attributes.List(file, out IReadOnlyList<string> names);
        foreach (string name in names)
        {
            if (IsPortable(name))
            {
                result = Attributes.Get(file, name, out byte[] value);
                if (result.Failed)
                {
                    return result;
                }

                attributes.Add(new(name, value));
            }
        }

        return result;
    }

    /// <summary>Reads the access control lists among these attributes anew.</summary>
    internal static LinuxResult ReadAccessListsAgain(Descriptor file, List<KeyValuePair<string, byte[]>> attributes)
    {
        LinuxResult result = default;
        for (int i = 0; i < attributes.Count && result.Succeeded; i++)
        {
            string name = attributes[i].Key;
            if (IsAccessList(name))
            {
                result = Attributes.Get(file, name, out byte[] value);
                attributes[i] = new(name, value);
            }
        }

        return result;
    }

    internal static bool AreEqual(List<KeyValuePair<string, byte[]>> one, List<KeyValuePair<string, byte[]>> other)
    {
        if (one.Count != other.Count)
        {
            return false;
        }

        for (int i = 0; i < one.Count; i++)
        {
            if (one[i].Key != other[i].Key || !one[i].Value.AsSpan().SequenceEqual(other[i].Value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gives a file exactly these attributes of the user name space. The mode must let its owner read and
    /// write, xattr(7).</summary>
    internal static LinuxResult WriteUser(Descriptor file, List<KeyValuePair<string, byte[]>> attributes) =>
        Write(file, attributes, isAccessList: false);

    /// <summary>Gives a file exactly these access control lists. They refine the mode, so they come after it.</summary>
    internal static LinuxResult WriteAccessLists(Descriptor file, List<KeyValuePair<string, byte[]>> attributes) =>
        Write(file, attributes, isAccessList: true);

    private static LinuxResult Write(
        Descriptor file, List<KeyValuePair<string, byte[]>> attributes, bool isAccessList)
    {
        LinuxResult result = Attributes.List(file, out IReadOnlyList<string> present);
        foreach (string name in present)
        {
            if (IsPortable(name)
                && IsAccessList(name) == isAccessList
                && !attributes.Exists(wanted => wanted.Key == name))
            {
                result = result.Failed ? result : Attributes.Remove(file, name);
            }
        }

        foreach ((string name, byte[] value) in attributes)
        {
            if (IsAccessList(name) == isAccessList)
            {
                result = result.Failed ? result : Attributes.Set(file, name, value);
            }
        }

        return result;
    }

    private static bool IsAccessList(string name) => name.StartsWith("system.", StringComparison.Ordinal);
}
