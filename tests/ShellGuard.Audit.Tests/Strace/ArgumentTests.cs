using System.Text;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Tests.Strace;

/// <summary>Arguments: strings, paths, descriptors, addresses.</summary>
public sealed class ArgumentTests
{
    [Theory]
    [InlineData("/plain", "/plain")]
    [InlineData("/q\\\"\\\\", "/q\"\\")]
    [InlineData("/c\\f\\n\\r\\t\\v", "/c\f\n\r\t\v")]
    [InlineData("/o\\0", "/o\0")]
    [InlineData("/o\\1a\\0011", "/o\u0001a\u00011")]
    [InlineData("/o\\303\\251", "/oé")]
    [InlineData("\\x2f\\xc3\\xa9", "/é")] // -xx
    [InlineData("/\\74tag\\76", "/<tag>")]
    public void A_string_is_decoded(string written, string expected)
    {
        ImportResult result = Recording.Of($"openat(AT_FDCWD, \"{written}\", O_RDONLY) = 3");
        Assert.Equal(expected, Assert.Single(result.Accesses).Access.Target);
    }

    [Fact]
    public void A_byte_that_is_no_text_is_kept()
    {
        ImportResult result = Recording.Of("openat(AT_FDCWD, \"/a\\377\", O_RDONLY) = 3");
        Assert.Equal([.. "/a"u8, 0xff], KernelText.Encode(Assert.Single(result.Accesses).Access.Target));
        ImportResult raw = Recording.Of([.. "openat(AT_FDCWD, \"/a"u8, 0xff, .. "\", O_RDONLY) = 3\n"u8]);
        Assert.Equal([.. "/a"u8, 0xff], KernelText.Encode(Assert.Single(raw.Accesses).Access.Target));
    }

    [Theory]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDWR) = 3", "Read /a", "Write /a")]
    [InlineData("openat(AT_FDCWD, \"/a\", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600) = 3", "Write /a", "Create /a")]
    [InlineData("openat(AT_FDCWD, \"/a\", O_WRONLY|O_APPEND) = 3", "Write /a")]
    [InlineData("openat(AT_FDCWD, \"/a\", O_RDONLY|O_TRUNC) = 3", "Read /a", "Write /a")]
    [InlineData("openat(AT_FDCWD, \"/d\", O_RDONLY|O_NONBLOCK|O_DIRECTORY) = 3", "List /d")]
    [InlineData("openat(AT_FDCWD, \"/d\", O_PATH|O_DIRECTORY) = 3", "Stat /d")]
    [InlineData("openat(AT_FDCWD, \"/tmp\", O_RDWR|O_EXCL|O_TMPFILE, 0600) = 5</tmp/#11657383>(deleted)", "Create /tmp/#")]
    [InlineData("openat(AT_FDCWD, \"/tmp\", 0x410002, 0600) = 5", "Create /tmp/#")]
    [InlineData("openat2(AT_FDCWD, \"/a\", {flags=O_RDONLY|O_CREAT, mode=0644, resolve=RESOLVE_BENEATH}, 24) = 3", "Read /a", "Create /a")]
    [InlineData("open(\"/a\", O_RDONLY) = 3", "Read /a")]
    [InlineData("creat(\"/a\", 0644) = 3", "Write /a", "Create /a")]
    [InlineData("mq_open(\"jobs\", O_RDWR|O_CREAT, 0600, NULL) = 3", "Read /dev/mqueue/jobs", "Write /dev/mqueue/jobs", "Create /dev/mqueue/jobs")]
    [InlineData("mq_open(\"jobs\", O_WRONLY) = 3</jobs>", "Write /dev/mqueue/jobs")]
    [InlineData("mq_open(\"jobs\", O_RDONLY) = -1 ENOENT (No such file or directory)", "Read /dev/mqueue/jobs ENOENT")]
    [InlineData("mq_unlink(\"jobs\") = 0", "Delete /dev/mqueue/jobs")]
    [InlineData("stat(\"/a\", {st_mode=S_IFREG|0644, st_size=5, ...}) = 0", "Stat /a")]
    [InlineData("newfstatat(AT_FDCWD, \"/a\", {st_mode=S_IFREG|0644}, AT_SYMLINK_NOFOLLOW) = 0", "Stat /a")]
    [InlineData("newfstatat(3</etc>, \"hosts\", {st_mode=S_IFREG|0644}, 0) = 0", "Stat /etc/hosts")]
    [InlineData("statx(AT_FDCWD, \"/a\", AT_STATX_SYNC_AS_STAT, STATX_ALL, {stx_mask=STATX_ALL}) = 0", "Stat /a")]
    [InlineData("access(\"/a\", R_OK) = -1 ENOENT (No such file or directory)", "Stat /a ENOENT")]
    [InlineData("faccessat2(AT_FDCWD, \"/a\", R_OK, AT_EACCESS) = 0", "Stat /a")]
    [InlineData("readlink(\"/proc/self/exe\", \"/usr/bin/x\", 4096) = 10", "Stat /proc/self/exe")]
    [InlineData("readlinkat(AT_FDCWD, \"/a\", \"b\", 4096) = 1", "Stat /a")]
    [InlineData("readlink(\"/a\", 0x7ffe12345678, 4096) = -1 EINVAL (Invalid argument)", "Stat /a")]
    [InlineData("readlinkat(AT_FDCWD, \"/a\", 0x7ffe12345678, 4096) = -1 EACCES (Permission denied)", "Stat /a EACCES")]
    [InlineData("getxattr(\"/a\", \"system.posix_acl_access\", NULL, 0) = -1 ENODATA (No data available)", "Stat /a")]
    [InlineData("lgetxattr(\"/a\", \"security.selinux\", NULL, 0) = -1 EOPNOTSUPP (Operation not supported)", "Stat /a")]
    [InlineData("statfs(\"/a\", 0x7ffe12345678) = -1 EINVAL (Invalid argument)", "Stat /a EINVAL")]
    [InlineData("mkdir(\"/d\", 0755) = 0", "Create /d")]
    [InlineData("mkdirat(AT_FDCWD, \"/d\", 0755) = -1 EEXIST (File exists)", "Create /d EEXIST")]
    [InlineData("mknod(\"/d\", S_IFIFO|0600) = 0", "Create /d")]
    [InlineData("unlink(\"/a\") = 0", "Delete /a")]
    [InlineData("unlinkat(AT_FDCWD, \"/d\", AT_REMOVEDIR) = 0", "Delete /d")]
    [InlineData("rmdir(\"/d\") = -1 ENOTEMPTY (Directory not empty)", "Delete /d ENOTEMPTY")]
    [InlineData("rename(\"/a\", \"/b\") = 0", "Rename /a -> /b")]
    [InlineData("renameat2(AT_FDCWD, \"/a\", AT_FDCWD, \"/b\", RENAME_NOREPLACE) = 0", "Rename /a -> /b")]
    [InlineData("link(\"/a\", \"/b\") = 0", "Create /b -> /a")]
    [InlineData("linkat(AT_FDCWD, \"/a\", AT_FDCWD, \"/b\", 0) = 0", "Create /b -> /a")]
    [InlineData("symlink(\"../x\", \"/b\") = 0", "Create /b")]
    [InlineData("symlinkat(\"../x\", AT_FDCWD, \"/b\") = 0", "Create /b")]
    [InlineData("chmod(\"/a\", 0600) = 0", "ChangeAttributes /a")]
    [InlineData("fchownat(AT_FDCWD, \"/a\", 0, 0, AT_SYMLINK_NOFOLLOW) = -1 EPERM (Operation not permitted)", "ChangeAttributes /a -> user 0 group 0 EPERM")]
    [InlineData("chown(\"/a\", 33, -1) = 0", "ChangeAttributes /a -> user 33")]
    [InlineData("lchown(\"/a\", 4294967295, 7) = 0", "ChangeAttributes /a -> group 7")]
    [InlineData("fchown(3</a>, 33, 33) = 0", "ChangeAttributes /a -> user 33 group 33")]
    [InlineData("fchown(3</a>, -1, -1) = 0", "ChangeAttributes /a")]
    [InlineData("utimensat(AT_FDCWD, \"/a\", [{tv_sec=1, tv_nsec=0}, UTIME_OMIT], 0) = 0", "ChangeAttributes /a")]
    [InlineData("utimensat(4</a>, NULL, NULL, 0) = 0", "ChangeAttributes /a")]
    [InlineData("setxattr(\"/a\", \"user.x\", \"1\", 1, 0) = 0", "ChangeAttributes /a")]
    [InlineData("fchownat(3</etc/passwd>, \"\", 1000, 1000, AT_EMPTY_PATH) = 0", "ChangeAttributes /etc/passwd -> user 1000 group 1000")]
    [InlineData("fchmodat2(3</a>, \"\", 04755, AT_EMPTY_PATH) = 0", "ChangeAttributes /a")]
    [InlineData("setxattrat(3</a>, \"\", AT_EMPTY_PATH, \"user.x\", {value=\"1\", size=1, flags=0}, 16) = 0", "ChangeAttributes /a")]
    [InlineData("fchownat(AT_FDCWD</d>, \"\", 0, 0, AT_EMPTY_PATH) = 0", "ChangeAttributes /d -> user 0 group 0")]
    [InlineData("newfstatat(3</a>, \"\", {st_mode=S_IFREG|0644}, AT_EMPTY_PATH) = 0")]
    [InlineData("linkat(3</a>, \"\", AT_FDCWD, \"/b\", AT_EMPTY_PATH) = 0", "Create /b -> /a")]
    [InlineData("inotify_add_watch(3<anon_inode:inotify>, \"/a\", IN_CREATE) = 1", "Stat /a")]
    [InlineData("inotify_add_watch(3</q>, \"a\", IN_CREATE) = 1", "Stat ?a")]
    [InlineData("fchmod(3<pipe:[7]>, 0600) = 0")]
    [InlineData("fchmod(3</a>(deleted), 0600) = 0")]
    [InlineData("ftruncate(3</memfd:x>(deleted), 4096) = 0")]
    [InlineData("fchmod(9, 0600) = -1 EBADF (Bad file descriptor)")]
    [InlineData("mmap(NULL, 1, PROT_READ|PROT_EXEC, MAP_SHARED, 3</memfd:x>(deleted), 0) = 0x7f", "MapExecutable memfd x")]
    [InlineData("mmap(NULL, 1, PROT_READ|PROT_EXEC, MAP_PRIVATE, 3</a.so>(deleted), 0) = 0x7f", "MapExecutable ?/a.so (deleted)")]
    [InlineData("mmap(NULL, 1, PROT_READ|PROT_EXEC, MAP_PRIVATE|MAP_ANONYMOUS, 0</dev/pts/0>, 0) = 0x7f")]
    [InlineData("mmap(NULL, 1, 0x5, 0x2, 0xffffffff, 0) = 0x7f")]
    [InlineData("truncate(\"/a\", 0) = 0", "Write /a")]
    [InlineData("getdents64(3</d>, 0x55 /* 5 entries */, 32768) = 144", "List /d")]
    [InlineData("mmap(NULL, 1, PROT_READ|PROT_EXEC, MAP_PRIVATE|MAP_DENYWRITE, 3</lib/x.so>, 0x1000) = 0x7f", "MapExecutable /lib/x.so")]
    [InlineData("mmap(NULL, 1, 0x5, 0x802, 3</lib/x.so>, 0x1000) = 0x7f", "MapExecutable /lib/x.so")]
    [InlineData("fchmod(3</a>, 0600) = 0", "ChangeAttributes /a")]
    [InlineData("openat(AT_FDCWD, \"/dev/null\", O_RDONLY) = 3</dev/null<char 1:3>>", "Read /dev/null")]
    [InlineData("openat(AT_FDCWD, \"//a/./b//c\", O_RDONLY) = 3", "Read /a/b/c")]
    [InlineData("openat(AT_FDCWD, \"/a/../b\", O_RDONLY) = 3", "Read /b")]
    [InlineData("openat(AT_FDCWD</x/y>, \"../z\", O_RDONLY) = 3", "Read /x/z")]
    [InlineData("openat(AT_FDCWD<\\x2f\\x78>, \"\\x7a\", O_RDONLY) = 3<\\x2f\\x78\\x2f\\x7a>", "Read /x/z")] // -xx -y
    [InlineData("openat(AT_FDCWD, \"z\", O_RDONLY) = 3", "Read ?z")]
    [InlineData("openat(7, \"../z\", O_RDONLY) = 3", "Read ?../z")]
    [InlineData("openat(AT_FDCWD, \"z\", O_RDONLY) = 3</home/ann/z>", "Read /home/ann/z")]
    [InlineData("statfs(\"/a\", 0x7ffe12345678) = 0", "Stat /a")]
    [InlineData("mount(\"proc\", \"/proc\", \"proc\", 0, NULL) = -1 EPERM (Operation not permitted)", "SystemCall mount /proc EPERM")]
    [InlineData("memfd_create(\"x\", MFD_CLOEXEC) = 3", "Create memfd x")]
    [InlineData("socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)) = 3", "SystemCall socket AF_PACKET")]
    [InlineData("setpriority(PRIO_PROCESS, 0, -10) = -1 EACCES (Permission denied)", "SystemCall setpriority EACCES")]
    [InlineData("setresuid(-1, 42, -1) = 0", "ChangeIdentity uid 42")]
    [InlineData("setgid(7) = 0", "ChangeIdentity gid 7")]
    [InlineData("prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN) = 0", "ChangeIdentity PR_CAPBSET_DROP CAP_SYS_ADMIN")]
    [InlineData("prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0) = 0", "ChangeIdentity PR_CAP_AMBIENT_RAISE CAP_KILL")]
    [InlineData("prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_CHOWN, 0, 0) = 0")]
    [InlineData("prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) = 0", "ChangeIdentity PR_SET_NO_NEW_PRIVS")]
    [InlineData("prctl(0x26 /* PR_SET_NO_NEW_PRIVS */, 1, 0, 0, 0) = 0", "ChangeIdentity PR_SET_NO_NEW_PRIVS")]
    [InlineData("prctl(0x26, 0x1, 0, 0, 0) = 0", "ChangeIdentity PR_SET_NO_NEW_PRIVS")]
    [InlineData("prctl(0x18 /* PR_CAPBSET_DROP */, 21) = 0", "ChangeIdentity PR_CAPBSET_DROP CAP_SYS_ADMIN")]
    [InlineData("prctl(0x18 /* PR_CAPBSET_DROP */, 0x15 /* CAP_SYS_ADMIN */) = 0", "ChangeIdentity PR_CAPBSET_DROP CAP_SYS_ADMIN")]
    [InlineData("prctl(0x18 /* PR_CAPBSET_DROP */, 0x60 /* CAP_??? */) = -1 EINVAL (Invalid argument)", "ChangeIdentity PR_CAPBSET_DROP CAP_??? EINVAL")]
    [InlineData("prctl(0x2f, 0x2, 0x5, 0, 0) = 0", "ChangeIdentity PR_CAP_AMBIENT_RAISE CAP_KILL")]
    [InlineData("prctl(0x2f, 0x1, 0x5, 0, 0) = 0")]
    [InlineData("prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) = 0", "ChangeIdentity PR_CAP_AMBIENT_CLEAR_ALL")]
    [InlineData("prctl(0xf /* PR_SET_NAME */, \"x\") = 0")]
    [InlineData("seccomp(0x1 /* SECCOMP_SET_MODE_FILTER */, 0, {len=1}) = 0", "ChangeIdentity seccomp SECCOMP_SET_MODE_FILTER")]
    [InlineData("seccomp(0x2, 0, 0x7ffe12345678) = 0")]
    [InlineData("ptrace(0x10 /* PTRACE_ATTACH */, 1234, NULL, 0) = 0", "Trace another process")]
    [InlineData("ptrace(0x10, 0x4d2, 0, 0) = 0", "Trace another process")]
    [InlineData("ptrace(0, 0, 0, 0) = 0", "Trace ptrace PTRACE_TRACEME")]
    [InlineData("ptrace(0x4207 /* PTRACE_INTERRUPT */, 1234, NULL, 0) = 0")]
    [InlineData("bpf(0x5 /* BPF_PROG_LOAD */, {prog_type=0x2}, 128) = 3", "LoadCode bpf BPF_PROG_LOAD")]
    [InlineData("bpf(0x5, 0x7ffe12345678, 128) = 3", "LoadCode bpf BPF_PROG_LOAD")]
    [InlineData("unshare(0x20000 /* CLONE_NEWNS */) = 0", "ChangeIdentity unshare CLONE_NEWNS")]
    [InlineData("unshare(0x60020000) = 0", "ChangeIdentity unshare CLONE_NEWNS|CLONE_NEWPID|CLONE_NEWNET")]
    [InlineData("unshare(0) = 0", "ChangeIdentity unshare 0")]
    [InlineData("socket(0x11, 0x3, 0x300) = 3", "SystemCall socket AF_PACKET")]
    [InlineData("unshare(CLONE_NEWNS) = -1 EPERM (Operation not permitted)", "ChangeIdentity unshare CLONE_NEWNS EPERM")]
    [InlineData("bpf(BPF_PROG_LOAD, {prog_type=BPF_PROG_TYPE_KPROBE}, 128) = 3", "LoadCode bpf BPF_PROG_LOAD")]
    [InlineData("finit_module(3</lib/modules/x.ko>, \"\", 0) = 0", "LoadCode /lib/modules/x.ko")]
    [InlineData("kill(-1, SIGTERM) = 0", "Signal every process")]
    [InlineData("kill(4711, SIGTERM) = -1 EPERM (Operation not permitted)", "Signal another process EPERM")]
    [InlineData("kill(4711<bash>, SIGTERM) = 0", "Signal another process")] // -Y
    [InlineData("kill(4711<a[b>, SIGTERM) = 0", "Signal another process")]
    [InlineData("kill(4711<x:[>, SIGTERM) = 0", "Signal another process")]
    [InlineData("kill(4711<a\\\"(b>, SIGTERM) = 0", "Signal another process")]
    [InlineData("kill(-4711<{> /* -5 in strace's PID NS */, SIGTERM) = 0", "Signal process group")]
    [InlineData("kill(10<x>, SIGTERM) = 0")]
    [InlineData("pidfd_send_signal(3, SIGTERM, NULL, 0) = 0", "Signal another process")]
    [InlineData("pidfd_send_signal(3<pid:4711>, SIGTERM, NULL, 0) = 0", "Signal another process")] // -yy
    [InlineData("pidfd_send_signal(3<pid:4711<a[\\\">>, SIGTERM, NULL, 0) = 0", "Signal another process")] // -yy -Y
    [InlineData("pidfd_send_signal(3<pid:10<x>>, SIGTERM, NULL, 0) = 0")]
    [InlineData("pidfd_getfd(3<pid:4711>, 5, 0) = 6</etc/shadow>", "Trace another process")]
    [InlineData("pidfd_open(4711<bash>, 0) = 3<pid:4711<bash>>")]
    [InlineData("vfork() = 4711<sh>")]
    [InlineData("wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL) = 4711<sh>")]
    [InlineData("epoll_ctl(4<anon_inode:[eventpoll]>, EPOLL_CTL_ADD, 3<anon_inode:[eventfd]>, {events=EPOLLIN, data={u32=3, u64=3}}) = 0")]
    [InlineData("openat(3<anon_inode:[eventfd]>, \"/a\", O_RDONLY) = -1 ENOENT (No such file or directory)", "Read /a ENOENT")]
    [InlineData("fstat(3<anon_inode:[eventfd]>, {st_mode=0600, st_size=0, ...}) = 0")]
    [InlineData("write(6<{eventfd-count=0, eventfd-id=212, eventfd-semaphore=0}>, \"\\1\\0\", 8) = 8")] // since 6.10
    [InlineData("read(7<signalfd:[HUP INT]>, \"\", 128) = 0")] // since 6.3
    [InlineData("fchmod(8</dev/pts/ptmx<char 5:2 @/dev/pts/0>>, 0600) = 0", "ChangeAttributes /dev/pts/ptmx")] // since 6.3
    [InlineData("ptrace(PTRACE_SEIZE, 4711, NULL, 0) = 0", "Trace another process")]
    [InlineData("process_vm_readv(4711, [], 1, [], 1, 0) = 5", "Trace another process")]
    public void An_argument_is_read(string line, params string[] expected) =>
        Assert.Equal(expected, Recording.Of("10 " + line).Accesses());

    [Theory]
    [InlineData("{sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr(\"1.2.3.4\")}", "Connect 1.2.3.4:53/tcp")]
    [InlineData("{sa_family=0x2, sin_port=htons(53), sin_addr=inet_addr(\"1.2.3.4\")}", "Connect 1.2.3.4:53/tcp")]
    [InlineData("{sa_family=0x2, sin_port=\"\\x00\\x35\", sin_addr=\"\\x7f\\x00\\x00\\x01\"}", "Connect 127.0.0.1:53/tcp")] // -X raw
    [InlineData("{sa_family=0xa, sin6_port=\"\\x01\\xbb\", sin6_flowinfo=\"\\x00\\x00\\x00\\x00\", sin6_addr=\"\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x01\", sin6_scope_id=0}",
        "Connect [::1]:443/tcp")]
    [InlineData("{sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, \"::1\", &sin6_addr), sin6_scope_id=0}",
        "Connect [::1]:443/tcp")]
    [InlineData("{sa_family=AF_UNIX, sun_path=\"/run/x\"}", "Connect /run/x")]
    [InlineData("{sa_family=AF_UNIX, sun_path=@\"abs test\"}", "Connect @abs test")]
    [InlineData("{sa_family=AF_UNIX, sun_path=@\"sa_family=AF_INET, sin_port=htons(1)\"}", "Connect @sa_family=AF_INET, sin_port=htons(1)")]
    [InlineData("{sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}", "Connect netlink")]
    [InlineData("{sa_family=AF_PACKET, sll_protocol=htons(ETH_P_ALL)}", "Connect packet")]
    [InlineData("{sa_family=AF_VSOCK, svm_cid=0x3, svm_port=0x400, svm_flags=0}", "Connect vsock:0x3:0x400")]
    [InlineData("{sa_family=AF_ALG, salg_type=\"hash\", salg_feat=0, salg_mask=0, salg_name=\"sha256\"}", "Connect alg:sha256")]
    public void An_address_is_read(string address, string expected)
    {
        ImportResult result = Recording.Of(
            "10 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_TCP) = 3", $"10 connect(3, {address}, 16) = 0");
        Assert.Equal([expected], result.Accesses());
    }

    [Theory]
    [InlineData("connect(3<TCP:[73126]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"1.2.3.4\")}, 16) = -1 EINPROGRESS (Operation now in progress)",
        "Connect 1.2.3.4:80/tcp EINPROGRESS")]
    [InlineData("connect(3<UDPv6:[73126]>, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"1.2.3.4\")}, 16) = 0", "Connect 1.2.3.4:80/udp")]
    [InlineData("connect(3<UNIX-STREAM:[73126->73125,\"/run/a->b>\"]>, {sa_family=AF_UNIX, sun_path=\"/run/x\"}, 16) = -1 ECONNREFUSED (Connection refused)",
        "Connect /run/x ECONNREFUSED")]
    [InlineData("connect(3, {sa_family=AF_UNSPEC, sa_data=\"\\0\\0\"}, 16) = 0")]
    [InlineData("listen(3<TCPv6:[[::]:80]>, 511) = 0", "Listen [::]:80/tcp")]
    [InlineData("listen(3<TCP:[0.0.0.0:80]>, 511) = 0", "Listen 0.0.0.0:80/tcp")]
    [InlineData("sendto(3<UDP:[1.2.3.4:5->6.7.8.9:10]>, \"x\", 1, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr(\"9.9.9.9\")}, 16) = 1",
        "Send 9.9.9.9:53/udp")]
    [InlineData("sendto(3, \"x\", 1, MSG_NOSIGNAL, NULL, 0) = 1")]
    [InlineData("sendmsg(3<UDP:[1]>, {msg_name={sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr(\"9.9.9.9\")}, msg_namelen=16, msg_iov=[{iov_base=\"x\", iov_len=1}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 1",
        "Send 9.9.9.9:53/udp")]
    [InlineData("sendmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"msg_name={sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr(\\\"6.6.6.6\\\")}\", iov_len=1}]}, 0) = 1")]
    [InlineData("sendmmsg(3<UDP:[1]>, [{msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr(\"1.1.1.1\")}, msg_namelen=16, msg_iov=[{iov_base=\"x\", iov_len=1}]}, msg_len=1}, {msg_hdr={msg_name={sa_family=AF_INET, sin_port=htons(2), sin_addr=inet_addr(\"2.2.2.2\")}, msg_namelen=16}, msg_len=1}], 2, MSG_NOSIGNAL) = 2",
        "Send 1.1.1.1:1/udp", "Send 2.2.2.2:2/udp")]
    [InlineData("bind(3<NETLINK:[ROUTE:24633]>, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 0", "Bind netlink")]
    public void A_socket_is_read(string line, params string[] expected) =>
        Assert.Equal(expected, Recording.Of("10 " + line).Accesses());

    [Fact]
    public void Arguments_of_a_command_are_kept()
    {
        ImportResult result = Recording.Of(
            "10 execve(\"/bin/a\", [\"a\", \"b c\", \"d\\\"], [\\\"\", \"\"], 0x7ffe /* 43 vars */) = 0",
            "10 execve(\"/bin/b\", [\"b\"], [\"PATH=/bin\", \"X=y\"]) = 0");
        Assert.Equal(["a|b c|d\"], [\"|", "b"], result.Accesses.Select(seen => seen.Access.Arguments.Words()));
    }

    [Theory]
    [InlineData("[\"a\", \"01234567890123456789012345678901\"...]")]
    [InlineData("[\"a\", ...]")]
    public void Arguments_that_the_recorder_cut_are_said(string words)
    {
        ImportResult result = Recording.Of($"10 execve(\"/bin/a\", {words}, 0x7ffe /* 43 vars */) = 0");
        Assert.Equal("Execute /bin/a", Assert.Single(result.Accesses()));
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.CutText);
    }

    [Fact]
    public void Descriptors_and_directories_are_followed_where_the_log_does_not_show_them()
    {
        ImportResult result = Recording.Of(
            "10 execve(\"/bin/x\", [\"x\"], 0x7ffe /* 1 var */) = 0",
            "10 chdir(\"/srv\") = 0",
            "10 openat(AT_FDCWD, \"data\", O_RDONLY|O_DIRECTORY) = 3",
            "10 openat(3, \"a\", O_RDONLY) = 4",
            "10 dup(3) = 5",
            "10 dup2(3, 9) = 9",
            "10 fcntl(3, F_DUPFD_CLOEXEC, 10) = 10",
            "10 close(3) = 0",
            "10 openat(3, \"closed\", O_RDONLY) = -1 EBADF (Bad file descriptor)",
            "10 openat(5, \"b\", O_RDONLY) = 3",
            "10 fchdir(9) = 0",
            "10 openat(AT_FDCWD, \"c\", O_RDONLY) = 6",
            "10 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x7f) = 11",
            "11 openat(10, \"d\", O_RDONLY) = 3",
            "11 chdir(\"..\") = 0",
            "11 execve(\"/bin/y\", [\"y\"], 0x7ffe /* 1 var */) = 0",
            "11 openat(10, \"gone\", O_RDONLY) = -1 EBADF (Bad file descriptor)",
            "11 openat(9, \"e\", O_RDONLY) = 3",
            "11 openat(AT_FDCWD, \"f\", O_RDONLY) = 3",
            "10 openat(AT_FDCWD, \"g\", O_RDONLY) = 3",
            "10 close_range(5, 4294967295, 0) = 0",
            "10 openat(9, \"h\", O_RDONLY) = -1 EBADF (Bad file descriptor)",
            "10 getdents64(10, 0x55 /* 0 entries */, 32768) = -1 EBADF (Bad file descriptor)");
        Assert.Equal(
            [
                "Read /srv/data/a", "Read /srv/data/b", "Read /srv/data/c", "Read /srv/data/d", "Read /srv/data/e",
                "Read /srv/data/g", "Read /srv/f", "Read ?closed EBADF", "Read ?gone EBADF", "Read ?h EBADF",
                "List /srv/data", "Stat /srv", "Execute /bin/x", "Execute /bin/y",
            ],
            result.Accesses());
    }

    [Fact]
    public void A_directory_is_listed_by_the_name_that_it_was_opened_by()
    {
        ImportResult result = Recording.Of(
            "10 openat(AT_FDCWD</srv>, \"/proc/self/fd\", O_RDONLY|O_DIRECTORY) = 3</proc/10/fd>",
            "10 getdents64(3</proc/10/fd>, 0x55 /* 5 entries */, 32768) = 144",
            "10 rename(\"/a\", \"/b\") = 0",
            "10 getdents64(3</elsewhere>, 0x55 /* 5 entries */, 32768) = 144");
        Assert.Equal(["Rename /a -> /b", "List /elsewhere", "List /proc/self/fd => /proc/10/fd"], result.Accesses());
    }

    [Fact]
    public void What_was_done_before_the_log_told_the_user_was_done_by_that_user()
    {
        ImportResult result = Recording.Of(
            "10 openat(AT_FDCWD, \"/etc/group\", O_RDONLY) = 3",
            "10 geteuid() = 0",
            "10 setresuid(-1, 33, -1) = 0",
            "10 openat(AT_FDCWD, \"/etc/group\", O_RDONLY) = 3",
            "10 setresuid(-1, 0, -1) = 0",
            "10 openat(AT_FDCWD, \"/etc/group\", O_RDONLY) = 3");
        Assert.Equal(
            [(0u, 2L, 1L), (33u, 1L, 4L)],
            result.Accesses.Where(seen => seen.Access.Target == "/etc/group").Select(seen => (seen.Access.Chain[0].User!.Value, seen.Count, seen.Origin.Line)).Order());
    }

    [Fact]
    public void A_process_that_a_descriptor_stands_for_has_its_program()
    {
        ImportResult result = Recording.Of(
            "10<x> execve(\"/bin/x\", [\"x\"], 0x7ffe /* 1 var */) = 0",
            "10<x> clone(child_stack=NULL, flags=SIGCHLD) = 11<x>",
            "11<x> execve(\"/bin/y\", [\"y\"], 0x7ffe /* 1 var */) = 0",
            "10<x> pidfd_open(11<y>, 0) = 3<pid:11<y>>",
            "10<x> pidfd_send_signal(3<pid:11<y>>, SIGTERM, NULL, 0) = 0");
        Assert.Equal(["/bin/x: Signal /bin/y"], result.WithPrograms().Where(text => text.Contains("Signal", StringComparison.Ordinal)));
        Assert.Equal(0, result.Lines[LineKind.Unknown]);
    }

    [Fact]
    public void Threads_and_clones_that_share_see_each_others_directory()
    {
        ImportResult result = Recording.Of(
            "10 chdir(\"/a\") = 0",
            "10 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD, exit_signal=0} => {parent_tid=[11]}, 88) = 11",
            "11 chdir(\"/b\") = 0",
            "11 openat(AT_FDCWD, \"/dir\", O_RDONLY|O_DIRECTORY) = 3",
            "10 openat(AT_FDCWD, \"x\", O_RDONLY) = 4",
            "10 openat(3, \"y\", O_RDONLY) = 5");
        Assert.Equal(["Read /b/x", "Read /dir/y", "List /dir", "Stat /a", "Stat /b"], result.Accesses());
        Assert.All(result.Accesses, seen => Assert.Equal(10, seen.Access.Chain[0].Pid));
    }

    [Fact]
    public void A_bound_socket_is_what_listens()
    {
        ImportResult result = Recording.Of(
            "10 socket(AF_INET6, SOCK_STREAM, 0) = 3",
            "10 bind(3, {sa_family=AF_INET6, sin6_port=htons(8080), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, \"::\", &sin6_addr), sin6_scope_id=0}, 28) = 0",
            "10 listen(3, 5) = 0",
            "10 socket(AF_UNIX, SOCK_STREAM, 0) = 4",
            "10 chdir(\"/run\") = 0",
            "10 bind(4, {sa_family=AF_UNIX, sun_path=\"s\"}, 110) = 0",
            "10 listen(4, 5) = 0");
        Assert.Equal(
            ["Stat /run", "Bind /run/s", "Bind [::]:8080/tcp", "Listen /run/s", "Listen [::]:8080/tcp"], result.Accesses());
    }

    [Fact]
    public void Another_root_is_in_front_of_paths()
    {
        ImportResult result = Recording.Of(
            "10 chroot(\"/jail\") = 0", "10 chdir(\"/\") = 0", "10 openat(AT_FDCWD, \"/etc/x\", O_RDONLY) = 3",
            "10 openat(AT_FDCWD, \"y\", O_RDONLY) = 3");
        Assert.Equal(["Read /jail/etc/x", "Read /jail/y", "Stat /jail", "SystemCall chroot /jail"], result.Accesses());
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.OtherRoot);
    }

    [Fact]
    public void A_path_that_stands_as_an_address_is_said()
    {
        ImportResult result = Recording.Of("10 openat(AT_FDCWD, 0x7ffe12345678, O_RDONLY) = -1 EFAULT (Bad address)");
        Assert.Empty(result.Accesses);
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.UndecodedArguments);
    }

    [Fact]
    public void Hostile_lines_do_no_harm()
    {
        string[] hostile =
        [
            "openat(AT_FDCWD, \"" + new string('a', 1_000_000) + "\", O_RDONLY) = 3",
            new string('{', 1_000_000), "x(" + new string('{', 100_000), "x(" + new string('<', 100_000) + ") = 1",
            "x(\"", "x(\"\\", "x(3<", "x(3</", "x(3</a<", "x() = ", "x() =", "() = 1", "= 1", "openat() = 3", "openat(,) = 3",
            "openat(AT_FDCWD, \"\\x\", O_RDONLY) = 3", "openat(99999999999999999999, \"/a\", O_RDONLY) = 99999999999999999999",
            "execve(\"/a\", [\"\\0b\", \"c\\0d\"], 0) = 0", "clone(flags=) = 2147483648", "clone(flags=CLONE_THREAD) = -5", "connect(3, {sa_family=}) = 0",
            "connect(3, {sa_family=AF_INET, sin_port=htons(), sin_addr=inet_addr(\"\")}, 0) = 0", "sendmmsg(3, [], 0, 0) = 0",
            "<... resumed>", "<... x resumed>) = 0", "+++ superseded by execve in pid  +++", "+++ superseded by execve in pid 99 +++",
            "[pid ] x() = 1", "[pid 99999999999] x() = 1", "strace: Process  attached", "\e[", "\e", "prctl() = 0", "kill() = 0",
            "close_range(0, 0, 0) = 0", "pipe([) = 0", "pipe([]) = 0", "mmap() = 0", "fcntl() = 0", "% time", "-", ".", " ", "  > ",
            "1 execve(\"/a\", [\"a\"], 0 <pid changed to 5 ...>",
        ];
        ImportResult result = Recording.Of(Encoding.UTF8.GetBytes(string.Join('\n', hostile)), TraceFormat.Strace);
        Assert.Equal(hostile.Length, result.Lines.Total);
        Assert.True(result.Lines[LineKind.Unknown] > 10);
    }
}
