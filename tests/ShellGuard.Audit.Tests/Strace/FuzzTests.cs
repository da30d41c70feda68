using System.Text;
using ShellGuard.Audit.Import;

namespace ShellGuard.Audit.Tests.Strace;

/// <summary>Logs are hostile. Whatever stands in them, every line is counted once and nothing is thrown.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Seeds =
    [
        "10 execve(\"/bin/sh\", [\"sh\", \"-c\", \"a b\"], 0x7ffe /* 12 vars */) = 0",
        "[pid    11] 10:11:12.123456 openat(AT_FDCWD</w>, \"x/../y\", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 3</w/y> <0.0001>",
        "10 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD <unfinished ...>",
        "11 clone3({flags=CLONE_VM|CLONE_THREAD} => {parent_tid=[12]}, 88) = 12",
        "10 <... clone resumed>, child_tidptr=0x7f) = 11",
        "12 connect(3<TCP:[1.2.3.4:5->6.7.8.9:10]>, {sa_family=AF_INET6, sin6_port=htons(1), inet_pton(AF_INET6, \"::1\", &sin6_addr)}, 28) = -1 EINPROGRESS (x)",
        "11 sendmmsg(3, [{msg_hdr={msg_name={sa_family=AF_UNIX, sun_path=@\"x\"}}, msg_len=1}], 1, 0) = 1",
        "10 +++ superseded by execve in pid 11 +++",
        "10 <... execve resumed>) = 0",
        "11 +++ exited with 0 +++",
        "10 --- SIGCHLD {si_signo=SIGCHLD} ---",
        "vfork(strace: Process 13 attached",
        " <unfinished ...>",
        "write(1, \"hello\\n\", 6hello",
        ") = 6",
        "% time     seconds  usecs/call     calls    errors syscall",
        "  0.00    0.000000           0         2         1 openat",
        "10 close_range(3, 4294967295, CLOSE_RANGE_CLOEXEC) = 0",
        "10 dup2(3</a>, 4) = 4",
        "12 ptrace(PTRACE_SEIZE, 10) = 0",
    ];

    [Fact]
    public void Whatever_stands_in_a_log_is_counted()
    {
        Random random = new(4711);
        for (int round = 0; round < 3000; round++)
        {
            List<byte> log = [];
            int lines = random.Next(1, 40);
            for (int i = 0; i < lines; i++)
            {
                log.AddRange(Mutate(random, Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)])));
                log.Add((byte)'\n');
            }

            byte[] bytes = [.. log];
            ImportResult result = Recording.Of(bytes, TraceFormat.Strace);
            Assert.True(result.Lines.Total == lines, $"round {round}: {result.Lines.Total} of {lines} lines\n{Encoding.Latin1.GetString(bytes)}");
        }
    }

    private static byte[] Mutate(Random random, byte[] line)
    {
        List<byte> bytes = [.. line];
        for (int i = random.Next(4); i > 0 && bytes.Count > 0; i--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)"\"\\()[]{}<>,=/ 019aE*-+\e\0"[random.Next(24)];
                    break;
                case 1:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at));
                    break;
                case 2:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    bytes.AddRange(bytes.GetRange(at, Math.Min(8, bytes.Count - at)));
                    break;
            }
        }

        bytes.RemoveAll(value => value == '\n');
        return [.. bytes];
    }
}
