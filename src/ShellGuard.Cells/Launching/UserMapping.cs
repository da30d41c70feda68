using System.Text;
using ShellGuard.Cells.Planning;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cells.Launching;

/// <summary>Writes the number maps of a new user namespace, user_namespaces(7).</summary>
internal static class UserMapping
{
    /// <summary>Maps the user to itself; for root, everyone to themselves.</summary>
    public static LinuxResult Write(int pid, CellIdentity identity)
    {
        if (identity.KeepsRoot)
        {
            LinuxResult users = WriteFile($"/proc/{pid}/uid_map", "0 0 4294967295");
            return users.Failed ? users : WriteFile($"/proc/{pid}/gid_map", "0 0 4294967295");
        }

        // Without the right to set groups outside, the kernel wants the right to set them inside given up first.
        LinuxResult groups = WriteFile($"/proc/{pid}/setgroups", "deny");
        if (groups.Failed)
        {
            return groups;
        }

        LinuxResult user = WriteFile($"/proc/{pid}/uid_map", $"{identity.Uid} {identity.Uid} 1");
        return user.Failed ? user : WriteFile($"/proc/{pid}/gid_map", $"{identity.Gid} {identity.Gid} 1");
    }

    private static LinuxResult WriteFile(string path, string text)
    {
        LinuxResult opened = Files.Open(path, OpenFlags.WRONLY | OpenFlags.CLOEXEC, out Descriptor file);
        if (opened.Failed)
        {
            return opened;
        }

        using (file)
        {
            LinuxResult written = FileContent.Append(file, Encoding.ASCII.GetBytes(text));
            return written with { Subject = path };
        }
    }
}
