using System.Globalization;
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
    private const int LongestMap = 64 * 1024;

    /// <summary>Maps the user to itself; for root, everyone whom root's own namespace has to themselves.</summary>
    public static LinuxResult Write(int pid, CellIdentity identity)
    {
        if (identity.KeepsRoot)
        {
            LinuxResult users = Pass("uid_map", pid);
            return users.Failed ? users : Pass("gid_map", pid);
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

    /// <summary>Hands on each range of our own map. On a host that is all numbers; in a container it may be few.
    /// </summary>
    private static LinuxResult Pass(string map, int pid)
    {
        byte[] own = new byte[LongestMap];
        LinuxResult read = ProcFile.Read($"/proc/self/{map}", own);
        return read.Failed
            ? read
            : WriteFile($"/proc/{pid}/{map}", IdentityOf(Encoding.ASCII.GetString(own, 0, (int)read.Value)));
    }

    /// <summary>The map that gives a child namespace each number of its parent as the same number.</summary>
    /// <param name="parent">The parent's map as the parent reads it: lines of first number inside, first number
    /// outside, count.</param>
    internal static string IdentityOf(string parent)
    {
        StringBuilder identity = new();
        foreach (string line in parent.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            identity.Append(CultureInfo.InvariantCulture, $"{fields[0]} {fields[0]} {fields[2]}\n");
        }

        return identity.ToString();
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
