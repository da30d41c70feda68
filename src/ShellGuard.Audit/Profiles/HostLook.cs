using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Audit.Profiles;

/// <summary>The files of the host that this process runs on, or those of a container.</summary>
/// <param name="groups">The names of the host's groups, where it cannot be asked later; null to ask it.</param>
/// <param name="root">An open directory: the container's root; null for the host. It is not disposed of here.</param>
public sealed class HostLook(HostGroups? groups = null, Descriptor? root = null) : IHostLook
{
    private readonly Dictionary<string, HostObject?> _known = new(StringComparer.Ordinal);

    public bool IsOfContainer => root is not null;

    public HostObject? Look(string path)
    {
        if (!_known.TryGetValue(path, out HostObject? known))
        {
            _known.Add(path, known = Ask(path));
        }

        return known;
    }

    /// <summary>Of a container, whose groups are not the host's, none.</summary>
    public string? GroupName(uint group) =>
        root is not null ? null : groups is null ? Accounts.GroupName(group) : groups[group];

    private HostObject? Ask(string path)
    {
        // O_PATH opens nothing that would notice: no device, no pipe.
        LinuxResult opened = root is null
            ? Files.Open(path, OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor file)
            : ContainerPath.Open(root, path, out file);
        if (opened.Failed)
        {
            return null;
        }

        using (file)
        {
            return Files.Status(file, out FileStatus status).Failed
                ? null
                : new HostObject(status.IsDirectory, status.IsRegular, status.Mode & 0xfff, status.Owner, status.Group);
        }
    }
}
