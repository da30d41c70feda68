namespace ShellGuard.Policy.Lint;

/// <summary>What is known of programs, by the last part of their names: which of them give more than the pipeline says to
/// somebody who chooses no argument.</summary>
public static class ProgramTraits
{
    private static readonly Dictionary<EscapeClass, string[]> Known = new()
    {
        [EscapeClass.E1] =
        [
            "aptitude", "at", "atop", "bash", "bpython", "bridge", "btop", "byobu", "cfdisk", "cmp3", "csh", "dash", "dialog",
            "ed", "elinks", "emacs", "ex", "fdisk", "fish", "ftp", "gdb", "ghci", "gnuplot", "gpg", "guile", "htop", "iftop",
            "iotop", "ipython", "ipython3", "irb", "jdb", "joe", "jshell", "julia", "ksh", "less", "lftp", "lldb", "ltrace",
            "lua", "lynx", "mail", "mailx", "man", "mariadb", "mc", "minicom", "mkshell", "mksh", "mongo", "mongosh", "more",
            "most", "mutt", "mysql", "nano", "ncdu", "nmap", "node", "nslookup", "nvi", "nvim", "parted", "perldebug", "pg",
            "php", "pico", "pry", "psql", "pdb", "pdb3", "python", "python2", "python3", "ranger", "rbash", "redis-cli",
            "rlwrap", "rpython", "rsh", "rview", "rvim", "scala", "screen", "script", "sftp", "sh", "slsh", "smbclient",
            "sqlite3", "sqlplus", "ssh", "su", "talk", "tclsh", "tcsh", "telnet", "tig", "tmux", "top", "vi", "view", "vifm",
            "vigr", "vim", "vimdiff", "vim.basic", "vim.tiny", "vipw", "w3m", "wish", "zsh",
        ],
        [EscapeClass.E2] =
        [
            "apt", "apt-get", "aws", "bat", "batcat", "bundle", "busctl", "coredumpctl", "crontab", "delta", "dmesg", "dpkg",
            "gcloud", "gem", "gh", "git", "hg", "homectl", "hostnamectl", "info", "journalctl", "kubectl", "localectl",
            "loginctl", "machinectl", "man", "mysql", "networkctl", "pdb", "perldoc", "portablectl", "psql", "pydoc",
            "pydoc3", "resolvectl", "ri", "sudoedit", "svn", "systemctl", "systemd-analyze", "systemd-cgls", "systemd-cgtop",
            "systemd-delta", "timedatectl", "visudo", "xdg-open", "zless", "zmore", "bzless", "xzless",
        ],
        [EscapeClass.E4] =
        [
            "ansible", "ansible-playbook", "ant", "bundle", "bundler", "cargo", "cmake", "composer", "docker-compose", "dotnet",
            "ex", "gdb", "git", "go", "gradle", "hg", "make", "gmake", "meson", "mvn", "ninja", "npm", "npx", "nvim", "pip",
            "pip3", "pipenv", "pnpm", "poetry", "pytest", "rake", "scons", "svn", "terraform", "tox", "vagrant", "vi", "vim",
            "yarn",
        ],
        [EscapeClass.E6] =
        [
            "ash", "bash", "busybox", "csh", "dash", "dc", "ed", "env", "ex", "fish", "ghci", "guile", "irb", "ksh", "lua", "mariadb",
            "mksh", "mysql", "node", "nodejs", "octave", "parallel", "perl", "php", "psql", "python", "python2", "python3",
            "R", "rbash", "redis-cli", "ruby", "sh", "sqlite3", "sqlplus", "tclsh", "tcsh", "xargs", "zsh",
        ],
        [EscapeClass.E7] =
        [
            "chgrp", "chmod", "chown", "cp", "cpio", "curl", "dd", "gzip", "gunzip", "install", "ln", "logrotate", "mkdir", "mkfifo",
            "mknod", "mv", "openssl", "rm", "rsync", "rsyslogd", "setfacl", "shred", "sort", "split", "tar", "tee", "touch",
            "truncate", "unzip", "wget", "zip",
        ],
    };

    private static readonly Dictionary<string, HashSet<EscapeClass>> ByName = IndexByName();

    /// <summary>Programs whose standard input is code only with this argument.</summary>
    private static readonly Dictionary<string, string[]> OnlyWith = new(StringComparer.Ordinal)
    {
        ["perl"] = ["-"],
        ["python"] = ["-"],
        ["python2"] = ["-"],
        ["python3"] = ["-"],
        ["ruby"] = ["-"],
        ["node"] = ["-"],
        ["php"] = ["-"],
    };

    /// <summary>Programs whose arguments are code or another command, so that whoever may run them with arguments of
    /// others' choice, or change what they name, is their user.</summary>
    private static readonly HashSet<string> RunArguments = new(StringComparer.Ordinal)
    {
        "awk", "chroot", "docker", "find", "gawk", "mawk", "mount", "nice", "nohup", "nsenter", "podman", "rpm", "scp", "sed", "setcap",
        "setpriv", "stdbuf", "strace", "sudo", "time", "timeout", "unshare", "watch",
    };

    /// <summary>How many programs the table knows.</summary>
    public static int Count => ByName.Count;

    /// <summary>Whether a program, started with these words, belongs to a class.</summary>
    public static bool Has(IReadOnlyList<string> words, EscapeClass wanted)
    {
        string name = NameOf(words[0]);
        if (!ByName.TryGetValue(name, out HashSet<EscapeClass>? classes) || !classes.Contains(wanted))
        {
            return false;
        }

        // An interpreter with a script to run is not the interpreter's own prompt, and does not read code.
        bool interpreter = wanted is EscapeClass.E1 or EscapeClass.E6 && ByName[name].Contains(EscapeClass.E6)
            && name is not ("xargs" or "parallel" or "psql" or "mysql" or "mariadb" or "sqlite3" or "redis-cli" or "sqlplus");
        return !interpreter || words.Count == 1
            || words.Skip(1).All(word => word.StartsWith('-'))
            || (OnlyWith.TryGetValue(name, out string[]? arguments) && words.Skip(1).Any(arguments.Contains));
    }

    /// <summary>Whether running a program as somebody amounts to being that user, even with fixed arguments: it is of any
    /// class, or its arguments are code or a command.</summary>
    public static bool AmountsToItsUser(string program)
    {
        string name = NameOf(program);
        return ByName.ContainsKey(name) || RunArguments.Contains(name) || IsLoader(name)
            || name.StartsWith("python", StringComparison.Ordinal);
    }

    /// <summary>The last part of a path.</summary>
    public static string NameOf(string program) => program[(program.LastIndexOf('/') + 1)..];

    /// <summary>Whether a program is the dynamic loader, which runs whatever file it is given.</summary>
    public static bool IsLoader(string program) =>
        NameOf(program) is var name && name.StartsWith("ld-", StringComparison.Ordinal) && name.Contains(".so", StringComparison.Ordinal);

    private static Dictionary<string, HashSet<EscapeClass>> IndexByName()
    {
        Dictionary<string, HashSet<EscapeClass>> index = new(StringComparer.Ordinal);
        foreach ((EscapeClass known, string[] names) in Known)
        {
            foreach (string name in names)
            {
                if (!index.TryGetValue(name, out HashSet<EscapeClass>? classes))
                {
                    index.Add(name, classes = []);
                }

                classes.Add(known);
            }
        }

        return index;
    }
}
