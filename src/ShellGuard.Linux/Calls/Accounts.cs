using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Calls;

/// <summary>Users and groups as the host's name service knows them, getpwnam(3) and getgrnam(3).</summary>
public static unsafe class Accounts
{
    private const int AT_SECURE = 23;
    private const int ERANGE = 34;
    private const int LargestBuffer = 1 << 20;
    private const int MostGroups = 65_536;

    /// <summary>getuid(2).</summary>
    public static uint RealUser => (uint)Kernel.Call(SystemCall.getuid).Value;

    /// <summary>Whether this program was started with rights that its caller has not: setuid, setgid or file
    /// capabilities, getauxval(3).</summary>
    public static bool RunsWithForeignRights => NativeMethods.getauxval(AT_SECURE) != 0;

    /// <summary>Gives up what setuid and setgid gave, for good and in all threads, setresuid(2); the library does the latter,
    /// the kernel's call would change one thread.</summary>
    public static LinuxResult GiveUpForeignRights()
    {
        uint group = (uint)Kernel.Call(SystemCall.getgid).Value;
        if (NativeMethods.setresgid(group, group, group) != 0)
        {
            return new LinuxResult(-1, (Errno)Marshal.GetLastPInvokeError(), SystemCall.setresgid);
        }

        uint user = RealUser;
        return NativeMethods.setresuid(user, user, user) == 0
            ? new LinuxResult(0, Errno.None, SystemCall.setresuid)
            : new LinuxResult(-1, (Errno)Marshal.GetLastPInvokeError(), SystemCall.setresuid);
    }

    /// <summary>The user with this number; null where there is none, or the name service does not answer.</summary>
    public static Account? Find(uint uid) => Find(
        // SAFETY: the four addresses are those that the search below passes, and live until it returns.
        (entry, buffer, size, found) => NativeMethods.getpwuid_r(uid, (Passwd*)entry, (byte*)buffer, size, (Passwd**)found));

    /// <summary>The user of this name; null where there is none, or the name service does not answer.</summary>
    public static Account? Find(string name)
    {
        if (KernelText.Terminated(name) is not { } bytes)
        {
            return null;
        }

        return Find((entry, buffer, size, found) =>
        {
            // SAFETY: a terminated name that outlives the call.
            fixed (byte* text = bytes)
            {
                return NativeMethods.getpwnam_r(text, (Passwd*)entry, (byte*)buffer, size, (Passwd**)found);
            }
        });
    }

    /// <summary>The group's name, or null where there is none.</summary>
    public static string? GroupName(uint gid)
    {
        for (int size = 1024; size <= LargestBuffer; size *= 4)
        {
            byte[] buffer = new byte[size];
            Group group = default;
            Group* found = null;

            // SAFETY: the library writes one struct group and at most size bytes; the name points into the pinned buffer
            // and is copied before it is let go.
            fixed (byte* room = buffer)
            {
                int error = NativeMethods.getgrgid_r(gid, &group, room, (nuint)size, &found);
                if (error != ERANGE)
                {
                    return error == 0 && found is not null ? Text(group.gr_name) : null;
                }
            }
        }

        return null;
    }

    /// <summary>All groups of a user by the group database, the first one first, getgrouplist(3).</summary>
    public static IReadOnlyList<uint> GroupsOf(Account account)
    {
        if (KernelText.Terminated(account.Name) is not { } bytes)
        {
            return [account.Gid];
        }

        for (int count = 64; count <= MostGroups; count *= 4)
        {
            uint[] groups = new uint[count];
            int filled = count;

            // SAFETY: a terminated name; the library writes at most count numbers.
            fixed (byte* name = bytes)
            fixed (uint* into = groups)
            {
                if (NativeMethods.getgrouplist(name, account.Gid, into, &filled) >= 0)
                {
                    return groups[..filled];
                }
            }
        }

        return [account.Gid];
    }

    /// <summary>The groups of this process: its effective one first, then the others, getgroups(2).</summary>
    public static IReadOnlyList<uint> OwnGroups()
    {
        uint[] groups = new uint[MostGroups];
        LinuxResult result;

        // SAFETY: the kernel writes at most MostGroups numbers.
        fixed (uint* into = groups)
        {
            result = Kernel.Call(SystemCall.getgroups, MostGroups, (nint)into);
        }

        uint own = (uint)Kernel.Call(SystemCall.getegid).Value;
        return [own, .. groups.Take((int)Math.Max(0, result.Value)).Where(group => group != own)];
    }

    private static Account? Find(Func<nint, nint, nuint, nint, int> look)
    {
        for (int size = 1024; size <= LargestBuffer; size *= 4)
        {
            byte[] buffer = new byte[size];
            Passwd entry = default;
            Passwd* found = null;

            // SAFETY: the library writes one struct passwd and at most size bytes; the texts point into the pinned buffer
            // and are copied before it is let go.
            fixed (byte* room = buffer)
            {
                int error = look((nint)(&entry), (nint)room, (nuint)size, (nint)(&found));
                if (error != ERANGE)
                {
                    return error != 0 || found is null
                        ? null
                        : new Account(
                            Text(entry.pw_name), entry.pw_uid, entry.pw_gid, Text(entry.pw_dir), Text(entry.pw_shell));
                }
            }
        }

        return null;
    }

    /// <summary>A terminated text of the library's.</summary>
    private static string Text(byte* text) =>
        // SAFETY: null, or terminated within the buffer that the library filled.
        text is null ? "" : KernelText.Decode(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
