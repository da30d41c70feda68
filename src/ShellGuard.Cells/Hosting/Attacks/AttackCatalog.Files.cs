using ShellGuard.Cells.Sessions;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Cells.Hosting.Attacks;

internal static partial class AttackCatalog
{
    private static IEnumerable<Attack> FileAttacks()
    {
        const OpenFlags create = OpenFlags.WRONLY | OpenFlags.CREAT;
        yield return new("secret", "read a hidden file", NotThere, targets => Open(targets.Secret, OpenFlags.RDONLY));
        yield return new("secret-link", "read a hidden file through a link made inside", NotThere, targets =>
        {
            string link = $"{targets.Directory}/work/link";
            LinuxResult made = Files.MakeSymbolicLink(SessionPath.Root, link, targets.Secret);
            return made.Failed ? made : Open(link, OpenFlags.RDONLY);
        });
        yield return new("secret-root", "read a hidden file by /proc/self/root", NotThere,
            targets => Open($"/proc/self/root{targets.Secret}", OpenFlags.RDONLY));
        yield return new("shadow", "read /etc/shadow", NotThere, _ => ReadAnything("/etc/shadow"));
        yield return new("ssh-keys", "open ~/.ssh", NotThere, targets => Open($"{targets.Home}/.ssh", OpenFlags.RDONLY));
        yield return new("storage", "list the session's own storage", NotThere,
            targets => Open($"{targets.Storage}/sessions", OpenFlags.RDONLY));
        yield return new("etc-create", $"create {Canaries.EtcFile}", ReadOnly, _ => Open(Canaries.EtcFile, create));
        yield return new("usr-create", $"create {Canaries.UsrFile}", ReadOnly, _ => Open(Canaries.UsrFile, create));
        yield return new("program-write", "open /usr/bin/env for writing", ReadOnly,
            _ => Open("/usr/bin/env", OpenFlags.WRONLY));
        yield return new("read-only-write", "open a file of a read-only path for writing", ReadOnly,
            targets => Open(targets.ReadOnlyFile, OpenFlags.WRONLY));
        yield return new("read-only-reopen", "open it for reading and again for writing by /proc/self/fd", ReadOnly,
            targets => With(
                Files.Open(targets.ReadOnlyFile, OpenFlags.RDONLY, out Descriptor file), file,
                open => Open($"/proc/self/fd/{open.Number}", OpenFlags.WRONLY)));
        yield return new("read-only-link", "hard-link a read-only file into a writable directory", Refused,
            targets => Files.Link(
                SessionPath.Root, targets.ReadOnlyFile, SessionPath.Root, $"{targets.Directory}/work/hard"));
        yield return new("layer-write", "overwrite a copy-on-write file", "the host's file is as it was",
            targets => With(
                Files.Open(targets.LayerFile, OpenFlags.WRONLY | OpenFlags.TRUNC, out Descriptor file), file,
                open => FileContent.Append(open, "changed inside"u8)))
        {
            MaySucceed = true,
        };
        yield return new("kernel-setting", "write /proc/sys/kernel/core_pattern", ReadOnly,
            _ => Open("/proc/sys/kernel/core_pattern", OpenFlags.WRONLY));
        yield return new("kernel-memory", "read /proc/kcore", NotThere, _ => ReadAnything("/proc/kcore"));
        yield return new("kernel-log", "read /proc/kmsg", NotThere, _ => ReadAnything("/proc/kmsg"));
        yield return new("memory-device", "open /dev/mem", NotThere, _ => Open("/dev/mem", OpenFlags.RDONLY));
        yield return new("disk-device", "make a block device", Refused,
            _ => DirectCall.Run(SystemCall.mknod, "/tmp/disk", Named(0x6000 | 0x180, "S_IFBLK|0600"), 0x800));
        yield return new("character-device", "make a character device", Refused,
            _ => DirectCall.Run(SystemCall.mknod, "/tmp/mem", Named(0x2000 | 0x180, "S_IFCHR|0600"), 0x101));
        yield return new("control-groups", "open /sys/fs/cgroup", NotThere,
            _ => Open("/sys/fs/cgroup", OpenFlags.RDONLY));
    }
}
