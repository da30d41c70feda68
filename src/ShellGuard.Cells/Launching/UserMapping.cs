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
    private static readonly char[] s_blanks = [' ', '\n'];

    /// <summary>Maps the user to itself, or to 0 where an inner namespace does; for root, everyone whom root's own namespace
    /// has to themselves, but behind a wall not the last one.</summary>
    /// <param name="apart">Whether the cell is behind a wall.</param>
    public static LinuxResult Write(int pid, CellIdentity identity, bool apart)
    {
        if (identity.KeepsRoot)
        {
            LinuxResult users = Pass("uid_map", pid, apart);
            return users.Failed ? users : Pass("gid_map", pid, withoutLast: false);
        }

        // Without the right to set groups outside, the kernel wants the right to set them inside given up first.
        LinuxResult groups = WriteFile($"/proc/{pid}/setgroups", "deny");
        if (groups.Failed)
        {
            return groups;
        }

        bool hasInner = LaunchBuilder.HasInnerUsers(identity, apart);
        LinuxResult user = WriteFile($"/proc/{pid}/uid_map", $"{(hasInner ? 0 : identity.Uid)} {identity.Uid} 1");
        return user.Failed ? user : WriteFile($"/proc/{pid}/gid_map", $"{(hasInner ? 0 : identity.Gid)} {identity.Gid} 1");
    }

    /// <summary>The last user of our own map, whom no cell of root's behind a wall has: what is this user's is nobody's there.
    /// </summary>
    /// <param name="user">Its number; 0 when the call failed.</param>
    public static LinuxResult FindLast(out uint user)
    {
        LinuxResult read = ReadOwn("uid_map", out string own);
        string[] fields = own.Split(s_blanks, StringSplitOptions.RemoveEmptyEntries);
        user = fields.Length < 3
            ? 0
            : uint.Parse(fields[^3], CultureInfo.InvariantCulture) + uint.Parse(fields[^1], CultureInfo.InvariantCulture) - 1;
        return read;
    }

    /// <summary>Hands on each range of our own map. On a host that is all numbers; in a container it may be few.
    /// </summary>
    private static LinuxResult Pass(string map, int pid, bool withoutLast)
    {
        LinuxResult read = ReadOwn(map, out string own);
        if (read.Failed)
        {
            return read;
        }

        string identity = IdentityOf(own, withoutLast);
        return identity.Length > 0
            ? WriteFile($"/proc/{pid}/{map}", identity)
            : new LinuxResult(-1, Errno.ERANGE, SystemCall.write, $"/proc/{pid}/{map}");
    }

    private static LinuxResult ReadOwn(string map, out string content)
    {
        byte[] own = new byte[LongestMap];
        LinuxResult read = ProcFile.Read($"/proc/self/{map}", own);
        content = read.Failed ? "" : Encoding.ASCII.GetString(own, 0, (int)read.Value);
        return read;
    }

    /// <summary>The map that gives a child namespace each number of its parent as the same number.</summary>
    /// <param name="parent">The parent's map as the parent reads it: lines of first number inside, first number
    /// outside, count.</param>
    /// <param name="withoutLast">Whether the last number stays the parent's alone.</param>
    internal static string IdentityOf(string parent, bool withoutLast)
    {
        StringBuilder identity = new();
        string[] lines = parent.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < lines.Length; i++)
        {
            string[] fields = lines[i].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            uint count = uint.Parse(fields[2], CultureInfo.InvariantCulture) - (withoutLast && i == lines.Length - 1 ? 1u : 0);
            if (count > 0)
            {
                identity.Append(CultureInfo.InvariantCulture, $"{fields[0]} {fields[0]} {count}\n");
            }
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
