using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Audit.Profiles;

/// <summary>The files of the host that this process runs on.</summary>
/// <param name="groups">The names of its groups, where the host cannot be asked later; null to ask it.</param>
public sealed class HostLook(HostGroups? groups = null) : IHostLook
{
    private readonly Dictionary<string, HostObject?> _known = new(StringComparer.Ordinal);

    public HostObject? Look(string path)
    {
        if (!_known.TryGetValue(path, out HostObject? known))
        {
            _known.Add(path, known = Ask(path));
        }

        return known;
    }

    public string? GroupName(uint group) => groups is null ? Accounts.GroupName(group) : groups[group];

    private static HostObject? Ask(string path)
    {
        // O_PATH opens nothing that would notice: no device, no pipe.
        if (Files.Open(path, OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor file).Failed)
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
