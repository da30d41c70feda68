namespace ShellGuard.Audit.Import.Perf;

/// <summary>Arguments of calls as the kernel names them in its tracepoints, in order. perf trace leaves out those that are
/// 0, so that only the names say which is which.</summary>
internal static class PerfCalls
{
    private static readonly Dictionary<string, string[]> Names = Build();

    /// <returns>Null for a call of which only the name counts.</returns>
    public static string[]? Of(string call) => Names.GetValueOrDefault(call);

    private static Dictionary<string, string[]> Build()
    {
        Dictionary<string, string[]> names = new(StringComparer.Ordinal);
        foreach (string line in (string[])
        [
            "open filename flags mode", "openat dfd filename flags mode", "creat pathname mode", "access filename mode", "faccessat dfd filename mode",
            "faccessat2 dfd filename mode flags", "stat filename statbuf", "lstat filename statbuf", "newstat filename statbuf", "newlstat filename statbuf",
            "newfstatat dfd filename statbuf flag", "statx dfd filename flags mask buffer", "statfs pathname buf", "readlink path buf bufsiz",
            "readlinkat dfd pathname buf bufsiz", "execve filename argv envp", "execveat fd filename argv envp flags", "mkdir pathname mode",
            "mkdirat dfd pathname mode", "mknod filename mode dev", "mknodat dfd filename mode dev", "rmdir pathname", "unlink pathname", "unlinkat dfd pathname flag",
            "rename oldname newname", "renameat olddfd oldname newdfd newname", "renameat2 olddfd oldname newdfd newname flags", "link oldname newname",
            "linkat olddfd oldname newdfd newname flags", "symlink oldname newname", "symlinkat oldname newdfd newname", "chmod filename mode",
            "fchmodat dfd filename mode", "chown filename user group", "lchown filename user group", "fchownat dfd filename user group flag", "truncate path length",
            "chdir filename", "fchdir fd", "chroot filename", "getdents64 fd dirent count", "fchmod fd mode", "fchown fd user group", "ftruncate fd length",
            "mmap addr len prot flags fd off", "close fd", "dup fildes", "dup2 oldfd newfd", "dup3 oldfd newfd flags", "connect fd uservaddr addrlen",
            "bind fd umyaddr addrlen", "listen fd backlog", "setuid uid", "setgid gid", "setreuid ruid euid", "setregid rgid egid", "setresuid ruid euid suid",
            "setresgid rgid egid sgid", "kill pid sig", "tgkill tgid pid sig", "umount name flags", "swapon specialfile swap_flags",
        ])
        {
            string[] words = line.Split(' ');
            names.Add(words[0], words[1..]);
        }

        return names;
    }
}
