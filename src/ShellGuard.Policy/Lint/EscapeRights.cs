using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Policy.Lint;

/// <summary>The table of what amounts to an escape.</summary>
public static class EscapeRights
{
    private const string Cron = "cron runs what stands there, as the user that it names";
    private const string Init = "the host's init runs what stands there as root";
    private const string Systemd = "systemd runs the units that stand there, as root or as the person";
    private const string Shell = "every shell that starts outside runs it";
    private const string Loader = "the loader of every program outside reads it and loads the code that it names";
    private const string Authority = "it decides who is root";
    private const string RootPath = "root's PATH reaches it: the next command of an administrator is the attacker's";
    private const string Libraries = "programs outside load code from it";
    private const string Hook = "the host runs what stands there as root at the next event";
    private const string RunsCommands = "its settings name commands that a service of root runs";
    private const string Desktop = "the desktop session runs what stands there at the next login";
    private const string Login = "a key or command in it opens a login outside the cell";
    private const string Engine = "whoever talks to it starts containers with the host's root directory";
    private const string Bus = "services behind it start programs outside the cell";
    private const string Agent = "whoever talks to it uses the person's keys";

    /// <summary>Every entry.</summary>
    public static IReadOnlyList<EscapeRight> All { get; } =
    [
        .. Writes(Cron,
            "/etc/crontab", "/etc/anacrontab", "/etc/cron.d", "/etc/cron.hourly", "/etc/cron.daily",
            "/etc/cron.weekly", "/etc/cron.monthly", "/var/spool/cron", "/var/spool/at", "/var/spool/anacron"),
        .. Writes(Init,
            "/etc/init.d", "/etc/inittab", "/etc/rc.local", "/etc/rc.d", "/etc/rc0.d", "/etc/rc1.d", "/etc/rc2.d",
            "/etc/rc3.d", "/etc/rc4.d", "/etc/rc5.d", "/etc/rc6.d", "/etc/rcS.d", "/etc/default", "/etc/inetd.conf",
            "/etc/xinetd.d", "/boot", "/etc/fstab", "/etc/crypttab"),
        .. Writes(Systemd,
            "/etc/systemd", "/usr/lib/systemd", "/lib/systemd", "/usr/local/lib/systemd", "/run/systemd",
            "/var/lib/systemd", "/etc/tmpfiles.d", "/usr/lib/tmpfiles.d", "~/.config/systemd",
            "~/.local/share/systemd", "~/.config/environment.d"),
        .. Writes(Shell,
            "/etc/profile", "/etc/profile.d", "/etc/bash.bashrc", "/etc/bashrc", "/etc/environment", "/etc/zsh",
            "/etc/fish", "/etc/skel", "~/.bashrc", "~/.bash_profile", "~/.bash_login", "~/.bash_logout",
            "~/.bash_aliases", "~/.profile", "~/.zshrc", "~/.zshenv", "~/.zprofile", "~/.zlogin", "~/.zlogout",
            "~/.config/fish", "~/.kshrc", "~/.cshrc", "~/.tcshrc", "~/.login", "~/.inputrc", "~/.xsessionrc",
            "~/.xprofile", "~/.xinitrc", "~/.pam_environment"),
        .. Writes(Loader,
            "/etc/ld.so.preload", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/ld.so.cache"),
        .. Writes(Authority,
            "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/subuid", "/etc/subgid", "/etc/sudoers",
            "/etc/sudoers.d", "/etc/doas.conf", "/etc/pam.d", "/etc/security", "/etc/polkit-1", "/etc/nsswitch.conf",
            "/usr/share/polkit-1"),
        .. Writes(RootPath,
            "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/opt", "/snap",
            "/etc/alternatives"),
        .. Writes(Libraries,
            "/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/local/lib",
            "/usr/share", "/usr/local/share", "~/.local/lib"),
        .. Writes(Hook,
            "/etc/udev", "/etc/modprobe.d", "/etc/modules-load.d", "/etc/binfmt.d", "/etc/sysctl.conf",
            "/etc/sysctl.d", "/etc/logrotate.d", "/etc/apt", "/etc/dpkg", "/etc/kernel", "/etc/update-motd.d",
            "/etc/NetworkManager", "/etc/network", "/etc/dhcp", "/etc/ppp", "/etc/acpi", "/usr/src",
            "/lib/modules", "/var/lib/dpkg", "/var/cache/ldconfig"),
        .. Writes(RunsCommands,
            "/etc/ssh", "/etc/dbus-1", "/usr/share/dbus-1", "/etc/docker", "/etc/containerd", "/etc/rsyslog.conf",
            "/etc/rsyslog.d", "/etc/exports", "/etc/hosts.allow", "/etc/hosts.deny", "/etc/gitconfig"),
        .. Writes(Desktop,
            "/etc/xdg", "/etc/X11", "~/.config/autostart", "~/.config/plasma-workspace", "~/.local/share/dbus-1",
            "~/.local/share/applications", "~/.config/sway", "~/.config/hypr", "~/.config/i3"),
        .. Writes(Login,
            "~/.ssh/authorized_keys", "~/.ssh/authorized_keys2", "~/.ssh/config", "~/.ssh/rc", "~/.rhosts",
            "~/.shosts", "~/.k5login"),
        .. Writes("programs outside are found there by the person's PATH", "~/.local/bin", "~/bin", "~/.cargo/bin",
            "~/go/bin", "~/.npm-global", "~/.dotnet/tools"),
        .. Writes("git runs the commands that it names, in every repository outside", "~/.gitconfig", "~/.config/git"),
        .. Writes("programs that the person starts outside run the code or commands in it",
            "~/.vimrc", "~/.vim", "~/.config/nvim", "~/.emacs", "~/.emacs.d", "~/.config/emacs", "~/.tmux.conf",
            "~/.config/tmux", "~/.screenrc", "~/.gdbinit", "~/.lldbinit", "~/.config/direnv", "~/.npmrc",
            "~/.cargo/config.toml", "~/.config/pip", "~/.vscode", "~/.config/Code", "~/.ipython", "~/.Xresources",
            "~/.lessfilter", "~/.psqlrc", "~/.sqliterc", "~/.mailcap", "~/.gnupg"),
        .. Writes("the processes and settings of the host can be changed through it", "/proc"),
        .. Writes("devices and kernel settings of the host can be changed through it", "/sys"),
        .. Writes("disks and memory of the host can be written through its nodes", "/dev"),
        .. Writes("containers run what stands there with the engine's rights", "/var/lib/docker",
            "/var/lib/containerd", "/var/lib/containers", "/var/lib/kubelet", "/etc/kubernetes"),
        .. Writes("ShellGuard's own policy, journal or layers: the next session obeys the attacker",
            "/etc/shellguard", "/var/lib/shellguard", "~/.config/shellguard", "~/.local/share/shellguard",
            "~/.local/state/shellguard"),
        .. Sockets(Engine,
            "/run/docker.sock", "/var/run/docker.sock", "/run/containerd/containerd.sock",
            "/run/podman/podman.sock", "/run/crio/crio.sock", "/var/run/crio/crio.sock",
            "/run/k3s/containerd/containerd.sock",
            "/var/snap/lxd/common/lxd/unix.socket", "/var/lib/lxd/unix.socket", "/run/libvirt/libvirt-sock",
            "/run/snapd.socket", "/run/buildkit/buildkitd.sock", "~/.docker/run/docker.sock"),
        .. Sockets(Bus,
            "/run/dbus/system_bus_socket", "/var/run/dbus/system_bus_socket", "/run/systemd/private",
            "/run/systemd/notify", "/run/systemd/io.systemd.sysext", "/run/user", "/run/cups/cups.sock",
            "/tmp/.X11-unix", "/tmp/tmux-0", "/run/screen", "/run/acpid.socket"),
        .. Sockets(Agent, "~/.gnupg/S.gpg-agent", "~/.gnupg/S.gpg-agent.ssh", "~/.ssh/agent"),
    ];

    /// <summary>Whether writing directly to a path, or to something in it, leads out. Homes are /root and what lies in /home.
    /// </summary>
    public static bool LeadsOut(string path)
    {
        string name = InHome(path);
        return Find(name) is { Kind: EscapeKind.DirectWrite }
            || All.Any(right => right.Kind == EscapeKind.DirectWrite && PathText.IsAtOrBeneath(right.Path, name));
    }

    /// <summary>The right at or above a path; null where there is none.</summary>
    public static EscapeRight? Find(string path)
    {
        string name = InHome(path);
        return All.FirstOrDefault(right => PathText.IsAtOrBeneath(name, right.Path));
    }

    /// <summary>A home and what is in it as <c>~</c>; so is the directory of all homes.</summary>
    private static string InHome(string path)
    {
        if (PathText.IsAtOrBeneath(path, "/root"))
        {
            return $"~{path[5..]}";
        }

        int end = PathText.IsAtOrBeneath(path, "/home") ? path.IndexOf('/', Math.Min(path.Length, 6)) : 0;
        return end == 0 ? path : end < 0 ? "~" : $"~{path[end..]}";
    }

    private static IEnumerable<EscapeRight> Writes(string how, params string[] paths) =>
        paths.Select(p => new EscapeRight(p, EscapeKind.DirectWrite, how));

    private static IEnumerable<EscapeRight> Sockets(string how, params string[] paths) =>
        paths.Select(p => new EscapeRight(p, EscapeKind.Socket, how));
}
