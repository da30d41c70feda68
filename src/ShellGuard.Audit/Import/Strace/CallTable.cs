using System.Text;
using ShellGuard.Audit.Model;
using ShellGuard.Core;

namespace ShellGuard.Audit.Import.Strace;

/// <summary>The calls that the audit reads, by name. A name that is not here is counted, and a denial of it kept.
/// </summary>
internal static class CallTable
{
    private static readonly Dictionary<byte[], CallEntry>.AlternateLookup<ReadOnlySpan<byte>> Entries =
        Build().GetAlternateLookup<ReadOnlySpan<byte>>();

    public static CallEntry Find(ReadOnlySpan<byte> name) => Entries.TryGetValue(name, out CallEntry entry) ? entry : default;

    /// <summary>Every name, for comparing with what is traced.</summary>
    public static IEnumerable<string> Names => Build().Keys.Select(Encoding.ASCII.GetString);

    private static Dictionary<byte[], CallEntry> Build()
    {
        Dictionary<byte[], CallEntry> entries = new(BytesComparer.Instance);
        void Add(CallShape shape, Operation operation, CallClass group, string names)
        {
            foreach (string name in names.Split(' '))
            {
                entries.Add(Encoding.ASCII.GetBytes(name), new CallEntry(shape, operation, group));
            }
        }

        const CallClass file = CallClass.File, process = CallClass.Process, network = CallClass.Network,
            identity = CallClass.Identity, other = CallClass.Other;

        Add(CallShape.Open, Operation.Read, file, "open");
        Add(CallShape.OpenAt, Operation.Read, file, "openat");
        Add(CallShape.OpenAt2, Operation.Read, file, "openat2");
        Add(CallShape.Create, Operation.Write, file, "creat");
        Add(CallShape.Path, Operation.Stat, file,
            "stat stat64 oldstat lstat lstat64 oldlstat access readlink statfs statfs64 getxattr lgetxattr listxattr llistxattr");
        Add(CallShape.At, Operation.Stat, file,
            "newfstatat fstatat64 statx faccessat faccessat2 readlinkat name_to_handle_at getxattrat listxattrat "
            + "file_getattr open_tree");
        Add(CallShape.Watch, Operation.Stat, file, "inotify_add_watch");
        Add(CallShape.Path, Operation.Create, file, "mkdir mknod");
        Add(CallShape.At, Operation.Create, file, "mkdirat mknodat");
        Add(CallShape.Path, Operation.Delete, file, "unlink rmdir");
        Add(CallShape.At, Operation.Delete, file, "unlinkat");
        Add(CallShape.Path, Operation.Write, file, "truncate truncate64");
        Add(CallShape.Path, Operation.ChangeAttributes, file,
            "chmod utime utimes setxattr lsetxattr removexattr lremovexattr");
        Add(CallShape.Owner, Operation.ChangeAttributes, file, "chown chown32 lchown lchown32");
        Add(CallShape.At, Operation.ChangeAttributes, file,
            "fchmodat fchmodat2 utimensat utimensat_time64 futimesat setxattrat removexattrat file_setattr");
        Add(CallShape.OwnerAt, Operation.ChangeAttributes, file, "fchownat");
        Add(CallShape.Rename, Operation.Rename, file, "rename");
        Add(CallShape.RenameAt, Operation.Rename, file, "renameat renameat2");
        Add(CallShape.Link, Operation.Create, file, "link");
        Add(CallShape.LinkAt, Operation.Create, file, "linkat");
        Add(CallShape.Symlink, Operation.Create, file, "symlink");
        Add(CallShape.SymlinkAt, Operation.Create, file, "symlinkat");
        Add(CallShape.ChangeDirectory, Operation.Stat, file, "chdir");
        Add(CallShape.ChangeDirectoryByDescriptor, Operation.Stat, file, "fchdir");
        Add(CallShape.ChangeRoot, Operation.SystemCall, file, "chroot");
        Add(CallShape.CurrentDirectory, Operation.Stat, file, "getcwd");

        Add(CallShape.Descriptor, Operation.List, other, "getdents getdents64");
        Add(CallShape.Descriptor, Operation.ChangeAttributes, other, "fchmod fsetxattr fremovexattr");
        Add(CallShape.OwnerOfDescriptor, Operation.ChangeAttributes, other, "fchown fchown32");
        Add(CallShape.Descriptor, Operation.Write, other, "ftruncate ftruncate64 fallocate");
        Add(CallShape.Map, Operation.MapExecutable, other, "mmap mmap2");
        Add(CallShape.Queue, Operation.Read, file, "mq_open");
        Add(CallShape.Queue, Operation.Delete, file, "mq_unlink");
        Add(CallShape.Close, Operation.Read, other, "close");
        Add(CallShape.CloseRange, Operation.Read, other, "close_range");
        Add(CallShape.Duplicate, Operation.Read, other, "dup");
        Add(CallShape.DuplicateTo, Operation.Read, other, "dup2 dup3");
        Add(CallShape.DescriptorControl, Operation.Read, other, "fcntl fcntl64");
        Add(CallShape.Pipe, Operation.Read, other, "pipe pipe2");
        Add(CallShape.Nameless, Operation.Read, other,
            "eventfd eventfd2 epoll_create epoll_create1 timerfd_create signalfd signalfd4 inotify_init inotify_init1 "
            + "pidfd_open memfd_secret");
        Add(CallShape.MemoryFile, Operation.Create, other, "memfd_create");

        Add(CallShape.Execute, Operation.Execute, CallClass.Execution, "execve");
        Add(CallShape.ExecuteAt, Operation.Execute, CallClass.Execution, "execveat");
        Add(CallShape.Clone, Operation.Execute, process, "clone clone2 clone3 fork vfork");
        Add(CallShape.Exit, Operation.Execute, process, "exit exit_group _exit");
        Add(CallShape.Other, Operation.MapExecutable, CallClass.Memory, "brk munmap mprotect");
        Add(CallShape.Other, Operation.Execute, process, "wait4 waitid waitpid arch_prctl");
        Add(CallShape.SignalTo, Operation.Signal, other,
            "kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_send_signal");
        Add(CallShape.TraceOther, Operation.Trace, other,
            "ptrace process_vm_readv process_vm_writev pidfd_getfd process_madvise kcmp");

        Add(CallShape.Socket, Operation.Connect, network, "socket");
        Add(CallShape.SocketPair, Operation.Connect, network, "socketpair");
        Add(CallShape.Accept, Operation.Listen, network, "accept accept4");
        Add(CallShape.Connect, Operation.Connect, network, "connect");
        Add(CallShape.Bind, Operation.Bind, network, "bind");
        Add(CallShape.Listen, Operation.Listen, network, "listen");
        Add(CallShape.SendTo, Operation.Send, network, "sendto");
        Add(CallShape.SendMessage, Operation.Send, network, "sendmsg sendmmsg");
        Add(CallShape.Other, Operation.Connect, network,
            "getsockname getpeername getsockopt setsockopt recvfrom recvmsg recvmmsg shutdown send recv");

        Add(CallShape.SetUser, Operation.ChangeIdentity, identity, "setuid setuid32 setfsuid setfsuid32");
        Add(CallShape.SetRealEffectiveUser, Operation.ChangeIdentity, identity,
            "setreuid setreuid32 setresuid setresuid32");
        Add(CallShape.SetGroup, Operation.ChangeIdentity, identity, "setgid setgid32 setfsgid setfsgid32");
        Add(CallShape.SetRealEffectiveGroup, Operation.ChangeIdentity, identity,
            "setregid setregid32 setresgid setresgid32");
        Add(CallShape.SetGroups, Operation.ChangeIdentity, identity, "setgroups setgroups32");
        Add(CallShape.GetUser, Operation.ChangeIdentity, identity, "geteuid geteuid32");
        Add(CallShape.Other, Operation.ChangeIdentity, identity,
            "getuid getuid32 getgid getgid32 getegid getegid32 getresuid getresuid32 getresgid getresgid32 getgroups "
            + "getgroups32 capget");
        Add(CallShape.SetCapabilities, Operation.ChangeIdentity, identity, "capset");
        Add(CallShape.ProcessControl, Operation.ChangeIdentity, identity, "prctl");
        Add(CallShape.Namespace, Operation.ChangeIdentity, process, "unshare setns");

        Add(CallShape.LoadCode, Operation.LoadCode, other,
            "init_module finit_module delete_module kexec_load kexec_file_load bpf");
        Add(CallShape.IoUring, Operation.SystemCall, other, "io_uring_setup io_uring_enter io_uring_register");
        Add(CallShape.Mount, Operation.SystemCall, file, "mount");
        Add(CallShape.PivotRoot, Operation.SystemCall, file, "pivot_root");
        Add(CallShape.PrivilegedPath, Operation.SystemCall, file, "umount umount2 swapon swapoff acct");
        Add(CallShape.Privileged, Operation.SystemCall, other,
            "sethostname setdomainname settimeofday clock_settime clock_settime64 stime reboot syslog iopl ioperm "
            + "perf_event_open userfaultfd add_key request_key keyctl quotactl quotactl_fd open_by_handle_at "
            + "fanotify_init fanotify_mark vhangup nfsservctl fsopen fsmount move_mount mount_setattr fspick "
            + "lookup_dcookie modify_ldt");
        Add(CallShape.Seccomp, Operation.ChangeIdentity, other, "seccomp");
        return entries;
    }
}
