using System.Text;
using ShellGuard.Cells.Planning;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Launch;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Cells.Launching;

/// <summary>What keeps a cell behind a wall from the tables of its own network: <see cref="NetworkTables"/> closes them,
/// and here they get an owner who may, and whom the cell is not.</summary>
public static partial class LaunchBuilder
{
    /// <summary>Whether the cell lives in a user namespace within the one that owns what was made for it. An ordinary user has
    /// one number, which is then 0 in the outer one, where the kernel looks for the owner of the network's tables, and itself
    /// in the inner one, which has no rights over them.</summary>
    internal static bool HasInnerUsers(CellIdentity identity, bool apart) => apart && !identity.KeepsRoot;

    /// <summary>The new root has a /proc that nobody writes to.</summary>
    private static LaunchSlot AddOutsideProc(LaunchScript script) => script.Get(
        "proc", "where the second mapping is written",
        SystemCall.open, "/proc", Named((long)(OpenFlags.PATH | OpenFlags.DIRECTORY | OpenFlags.CLOEXEC), "O_PATH|O_DIRECTORY|O_CLOEXEC"));

    /// <summary>Only now: its tables belong to whom number 0 is when it is made.</summary>
    private static void AddOwnNetwork(LaunchScript script) => script.Add(
        "a network whose tables the supervisor can close", SystemCall.unshare, Named((long)CloneFlags.NEWNET, "CLONE_NEWNET"));

    private static void AddInnerUsers(LaunchScript script, CellIdentity identity, LaunchSlot processes)
    {
        script.Add(
            "mounts, processes and network are another namespace's", SystemCall.unshare,
            Named((long)CloneFlags.NEWUSER, "CLONE_NEWUSER"));
        AddMap(script, processes, "self/uid_map", identity.Uid);
        AddMap(script, processes, "self/gid_map", identity.Gid);
    }

    private static void AddMap(LaunchScript script, LaunchSlot processes, string map, uint number)
    {
        const string because = "the user's own number again";
        byte[] line = Encoding.ASCII.GetBytes($"{number} 0 1\n");
        LaunchSlot file = script.Get(
            "map", because, SystemCall.openat, processes, map,
            Named((long)(OpenFlags.WRONLY | OpenFlags.CLOEXEC), "O_WRONLY|O_CLOEXEC"));
        script.Expect(line.Length, because, SystemCall.write, file, new Block(line, [], $"\"{number} 0 1\""), line.Length);
    }
}
