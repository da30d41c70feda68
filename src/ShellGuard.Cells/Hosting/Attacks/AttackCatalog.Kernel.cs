using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Launch;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Cells.Hosting.Attacks;

internal static partial class AttackCatalog
{
    private const int X32 = 0x40000000;
    private const int I386GetPid = 20;

    private static IEnumerable<Attack> KernelAttacks()
    {
        yield return Call("unshare-user", "make a user namespace", SystemCall.unshare, Named(0x10000000, "CLONE_NEWUSER"));
        yield return Call("unshare-mount", "make a mount namespace", SystemCall.unshare, Named(0x20000, "CLONE_NEWNS"));
        yield return Call("enter a namespace", SystemCall.setns, 0, 0);
        yield return Call("mount a file system", SystemCall.mount, "none", "/mnt", "tmpfs", 0, Null);
        yield return Call(
            "remount", "make the root writable", SystemCall.mount, Null, "/", Null, Named(0x1020, "MS_REMOUNT|MS_BIND"), Null);
        yield return Call("uncover what is hidden", SystemCall.umount2, "/etc", Named(2, "MNT_DETACH"));
        yield return Call("change the root", SystemCall.pivot_root, ".", ".");
        yield return Call("change the root", SystemCall.chroot, "/");
        yield return Call("open a file system", SystemCall.fsopen, "tmpfs", 0);
        yield return Call("copy a mount", SystemCall.open_tree, -100, "/", 1);
        yield return Call("change a mount", SystemCall.mount_setattr, -100, "/", 0, Null, 32);
        yield return Call("open a file by its inode number", SystemCall.open_by_handle_at, -100, Null, 0);
        yield return Call("use io_uring, which no filter sees into", SystemCall.io_uring_setup, 1, Null);
        yield return Call("load a BPF program", SystemCall.bpf, 0, Null, 0);
        yield return Call("stall the kernel's copies", SystemCall.userfaultfd, 0);
        yield return Call("watch the processor", SystemCall.perf_event_open, Null, 0, -1, -1, 0);
        yield return Call("load a kernel module", SystemCall.init_module, Null, 0, "");
        yield return Call("load a kernel module from a file", SystemCall.finit_module, -1, "", 0);
        yield return Call("replace the kernel", SystemCall.kexec_load, 0, 0, Null, 0);

        // LINUX_REBOOT_CMD_CAD_OFF only says what Ctrl-Alt-Del does, reboot(2): harmless where it is let through.
        yield return Call(
            "reboot", SystemCall.reboot, Named(0xfee1dead, "LINUX_REBOOT_MAGIC1"), Named(672274793, "LINUX_REBOOT_MAGIC2"),
            0, 0);
        yield return Call("use a disk as memory", SystemCall.swapon, "/dev/null", 0);
        yield return Call("account for processes", SystemCall.acct, "/tmp/acct");
        yield return Call("set the clock", SystemCall.settimeofday, Null, Null);
        yield return Call("change the host's name of the kernel", SystemCall.setdomainname, "x", 1);
        yield return Call("add a key", SystemCall.add_key, "user", "canary", "x", 1, -4);
        yield return Call("change the processor's tables", SystemCall.modify_ldt, 1, Null, 0);
        yield return Call("use ports of the machine", SystemCall.iopl, 3);

        // SECCOMP_SET_MODE_FILTER with a listener of its own: a program could answer its own trapped calls.
        yield return Call("answer its own trapped calls", SystemCall.seccomp, 1, Named(8, "NEW_LISTENER"), Null);
    }

    private static IEnumerable<Attack> ForeignAttacks()
    {
        yield return new("x32", "make an x32 system call", Refused, _ => DirectCall.Run(SystemCall.getpid + X32))
        {
            MayBeKilled = true,
        };
        yield return new("i386", "make an i386 system call (int 0x80)", Refused, _ => ForeignEntry.Call(I386GetPid))
        {
            MayBeKilled = true,
        };
    }
}
