using System.Text;
using ShellGuard.Audit.Coverage;
using ShellGuard.Audit.Import;

namespace ShellGuard.Audit.Tests.Tables;

/// <summary>Tables of eBPF tools, in each layout that there was.</summary>
public sealed class TableTests
{
    public static TheoryData<string, string, string, string> Rows => new()
    {
        // opensnoop: bcc 0.26, libbpf-tools, bpftrace 0.17
        { "PID    COMM               FD ERR PATH", "1234   cat                 3   0 /etc/hosts", "cat", "Read /etc/hosts" },
        { "PID    COMM               FD ERR PATH", "1234   cat                -1   2 /etc/nothing", "cat", "Read /etc/nothing ENOENT" },
        { "PID    COMM               FD ERR PATH", "1234   cat                -1  13 /etc/shadow", "cat", "Read /etc/shadow EACCES" },
        { "PID    COMM               FD ERR PATH", "1234   tmux: server        3   0 /etc/a b 5 0 c", "tmux: server", "Read /etc/a b 5 0 c" },
        { "PID    COMM               FD ERR PATH", "1234   .NET DebugPipe     3   0 /x", ".NET DebugPipe", "Read /x" },
        { "PID    COMM               FD ERR PATH", "1234   a 3 0 /fake        5   0 /real", "a 3 0 /fake", "Read /real" },
        { "PID COMM FD ERR PATH", "1234 Web Content 3 0 /x", "Web Content", "Read /x" },
        { "PID    COMM               FD ERR PATH", "1234   cat                 3   0 notes", "cat", "Read ?notes" },
        { "TIME(s)       UID    PID    COMM               FD ERR FLAGS    PATH", "0.000000000   1000   1234   cat                 3   0 00000001 /x", "cat", "Write /x" },
        { "PID    COMM               FD ERR FLAGS    MODE PATH", "1234   cat                 3   0 00200000 n/a  /d", "cat", "List /d" },
        { "PID    COMM               FD ERR FLAGS    MODE PATH", "1234   cp                  3   0 00000301 0644 /x", "cp", "Write /x" },
        { "TIME     PID    COMM              FD ERR FLAGS    PATH", "10:11:12 1234   cat                3   0 02000002 /x", "cat", "Read /x" },
        { "PID    COMM              FD ERR PATH/CALLER", "1234   cat                3   0 /x", "cat", "Read /x" },
        { "PID    COMM               FD ERR PATH", "1234   cat                -1 ENOENT /x", "cat", "Read /x ENOENT" },

        // statsnoop
        { "PID     COMM               FD ERR PATH", "1234    ls                  0   0 /x", "ls", "Stat /x" },
        { "PID    COMM             RET ERR PATH", "1234   ls                -1   2 /x", "ls", "Stat /x ENOENT" },
        { "PID     COMM             RET ERR SYSCALL    PATH", "1234    ls                 0   0 newfstatat /x", "ls", "Stat /x" },
        { "PID    COMM             ERR PATH", "1234   ls                 0 /x", "ls", "Stat /x" },

        // tcpconnect, tcpaccept, tcplife, bindsnoop
        { "PID     COMM         IP SADDR            DADDR            DPORT", "1234    curl         4  10.0.0.2         93.184.216.34    80", "curl", "Connect 93.184.216.34:80/tcp" },
        { "PID     COMM         IP SADDR            LPORT  DADDR            DPORT", "1234    DNS Res~er # 6  ::1              41000  ::1              443", "DNS Res~er #", "Connect [::1]:443/tcp" },
        { "PID     COMM         IP SADDR            DADDR            DPORT QUERY", "1234    curl         4  10.0.0.2         93.184.216.34    80    No DNS Query", "curl", "Connect 93.184.216.34:80/tcp" },
        { "TIME(s) UID  PID     COMM         IP SADDR            DADDR            DPORT", "0.000   1000 1234    curl         4  10.0.0.2         1.2.3.4          80", "curl", "Connect 1.2.3.4:80/tcp" },
        { "PID    COMM         IP SADDR            SPORT DADDR            DPORT", "1234   curl         4  10.0.0.2         5     1.2.3.4          80", "curl", "Connect 1.2.3.4:80/tcp" },
        { "TIME     PID      COMM             SADDR                                   SPORT  DADDR                                   DPORT",
            "10:11:12 1234     curl             10.0.0.2                                41000  1.2.3.4                                 80", "curl", "Connect 1.2.3.4:80/tcp" },
        { "PID     COMM         IP RADDR            RPORT LADDR            LPORT", "1234    sshd         4  192.168.56.1     32324 192.168.56.102   22", "sshd", "Listen 192.168.56.102:22/tcp" },
        { "TIME     PID     COMM           RADDR          RPORT LADDR          LPORT BL", "10:11:12 1234    sshd           ::1            1     ::              22    0/128", "sshd", "Listen [::]:22/tcp" },
        { "PID   COMM       LADDR           LPORT RADDR           RPORT TX_KB RX_KB MS", "1234  curl       10.0.0.2        46644 1.2.3.4         80        0     0 3.56", "curl", "Connect 1.2.3.4:80/tcp" },
        { "PID   COMM       LADDR           LPORT RADDR           RPORT TX_KB RX_KB MS", "1234  nginx      10.0.0.2        80    1.2.3.4         46644     0     0 3.56", "nginx", "Listen 10.0.0.2:80/tcp" },
        { "     PID COMM         PROT ADDR            PORT   OPTS IF", "    1234 nginx        TCP  0.0.0.0         8080  .N...  0", "nginx", "Bind 0.0.0.0:8080/tcp" },
        { "PID     COMM             RET PROTO OPTS     IF   PORT  ADDR", "1234    nginx            -98 UDP   .N...    0    53    ::", "nginx", "Bind [::]:53/udp EADDRINUSE" },

        { "PID   COMM             IP LADDR                      LPORT RADDR                      RPORT  TX_KB  RX_KB MS", "1234  curl             6  ::1                        46644 ::1                        80         0      0 3.56", "curl", "Connect [::1]:80/tcp" },
        { "PID,COMM,IP,LADDR,LPORT,RADDR,RPORT,TX_KB,RX_KB,MS", "1234,curl,4,10.0.0.2,46644,1.2.3.4,80,0,1,3.56", "curl", "Connect 1.2.3.4:80/tcp" },
        { "PID,COMM,IP,LADDR,LPORT,RADDR,RPORT,TX_KB,RX_KB,MS", "1234,a,b 1,6,::1,80,::1,46644,0,1,3.56", "a,b 1", "Listen [::1]:80/tcp" },
        { "TIME,TIME(s),PID,COMM,IP,LADDR,LPORT,RADDR,RPORT,TX_KB,RX_KB,MS", "10:11:12,0.000000,1234,1,2,3,4,10.0.0.2,46644,1.2.3.4,80,0,1,3.56", "1,2,3", "Connect 1.2.3.4:80/tcp" },
        { "TIME(s)      UID  RC      PID COMM         PROT ADDR            PORT   OPTS IF", "0.000000       0   0     1234 nginx        TCP  0.0.0.0          8080 .N...  0", "nginx", "Bind 0.0.0.0:8080/tcp" },
        { " RC      PID COMM         PROT ADDR            PORT   OPTS IF", "-13     1234 nginx        TCP  0.0.0.0            80 .N...  0", "nginx", "Bind 0.0.0.0:80/tcp EACCES" },
        { "RC                               PID COMM         PROT ADDR                                    PORT   OPTS IF", "Address already in use          1234 nginx        TCP  ::                                        80 .N...  0", "nginx", "Bind [::]:80/tcp EADDRINUSE" },
        { "RC                               PID COMM         PROT ADDR                                    PORT   OPTS IF", "Unknown error -98               1234 nginx        TCP  ::                                        80 .N...  0", "nginx", "Bind [::]:80/tcp EADDRINUSE" },
        { "RC                               PID COMM         PROT ADDR                                    PORT   OPTS IF", "Success                         1234 nginx        TCP  ::                                        80 .N...  0", "nginx", "Bind [::]:80/tcp" },
        { "RC                               PID COMM         PROT ADDR                                    PORT   OPTS IF", "No such words                   1234 nginx        TCP  ::                                        80 .N...  0", "nginx", "Bind [::]:80/tcp Unknown" },

        // capable, setuids; with -x libbpf's PID is the process, and its TID the thread
        { "TIME     UID   PID     TID     COMM             CAP     NAME                 AUDIT   VERDICT INSETID", "22:11:23 114   1234    1240    x                12      CAP_NET_ADMIN        1       allow   0      ", "x", "SystemCall CAP_NET_ADMIN" },
        { "TIME     UID   PID     TID     COMM             CAP     NAME                 AUDIT   VERDICT INSETID", "22:11:23 114   1234    1240    x                12      CAP_NET_ADMIN        1       deny    0      ", "x", "SystemCall CAP_NET_ADMIN EPERM" },
        { "TIME      UID    PID    COMM             CAP  NAME                 AUDIT", "22:11:23  114    1234   snmpd            12   CAP_NET_ADMIN        1", "snmpd", "SystemCall CAP_NET_ADMIN Unknown" },
        { "TIME      UID    PID    TID    COMM             CAP  NAME                 AUDIT  INSETID", "22:11:23  114    1234   1234   snmpd            12   CAP_NET_ADMIN        1      N/A", "snmpd", "SystemCall CAP_NET_ADMIN Unknown" },
        { "TIME     UID    PID     COMM             CAP  NAME                 AUDIT   VERDICT", "22:11:23 114    1234    x                21   CAP_SYS_ADMIN        1       deny", "x", "SystemCall CAP_SYS_ADMIN EPERM" },
        { "TIME      UID    PID    COMM             CAP  NAME                 AUDIT", "22:11:23  114    1234   x                99   ?                    1", "x", "SystemCall CAP 99 Unknown" },
        { "TIME     PID    COMM             UID    SYSCALL   ARGS (RET)", "22:11:23 1234   sudo             1000   setresuid ruid=-1 euid=42 suid=-1 (0)", "sudo", "ChangeIdentity uid 42" },
        { "TIME     PID    COMM             UID    SYSCALL   ARGS (RET)", "22:11:23 1234   sudo             1000   setresuid ruid=5 euid=-1 suid=5 (0)", "sudo", "ChangeIdentity uid 5" },
        { "TIME     PID    COMM             UID    SYSCALL   ARGS (RET)", "22:11:23 1234   sudo             1000   setresuid ruid=5 euid=4294967295 suid=5 (0)", "sudo", "ChangeIdentity uid 5" },
        { "TIME     PID    COMM             UID    SYSCALL   ARGS (RET)", "22:11:23 1234   sshd             0      setfsuid  uid=7 (prevuid=0)", "sshd", "ChangeIdentity uid 7 Unknown" },
        { "TIME     PID    COMM             UID    SYSCALL   ARGS (RET)", "22:11:23 1234   sshd             0      setfsgid  gid=7 (prevgid=0)", "sshd", "ChangeIdentity gid 7 Unknown" },
        { "TIME     PID    COMM             UID    SYSCALL   ARGS (RET)", "22:11:23 1234   sshd             0      setgid    gid=7 (-1)", "sshd", "ChangeIdentity gid 7 EPERM" },
        { "TIME     PID    COMM             UID    SYSCALL   ARGS (RET)", "22:11:23 1234   sshd             0      setresgid rgid=-1 egid=5 sgid=1 (0)", "sshd", "ChangeIdentity gid 5" },
        { "TIME     PID    COMM             UID    SYSCALL   ARGS (RET)", "22:11:23 1234   x                1000   setuid    uid=0 (-1)", "x", "ChangeIdentity uid 0 EPERM" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_is_an_access(string header, string row, string command, string expected)
    {
        ImportResult result = Recording.Of("Tracing something... Hit Ctrl-C to end.", "libbpf: prog 'x': warning", header, row);
        Assert.Equal(0, result.Lines[LineKind.Unknown]);
        Assert.Equal(1, result.Lines[LineKind.Event]);
        Assert.Contains(expected, result.Accesses());
        Assert.All(result.Accesses, seen => Assert.Equal((1234, command), (seen.Access.Chain[0].Pid, seen.Access.Chain[0].CommandName)));
        Assert.Equal(TraceFormat.Ebpf, Assert.Single(result.Inputs).Format);
    }

    [Theory]
    [InlineData("PCOMM            PID     PPID    RET ARGS", "cat              1234    1000      0 /usr/bin/cat /etc/hosts", "/usr/bin/cat|/etc/hosts", "Execute /usr/bin/cat")]
    [InlineData("PCOMM            PID     PPID    RET ARGS", "cat              1234    1000     -2 /usr/local/bin/cat /etc/hosts", "", "Execute /usr/local/bin/cat ENOENT")]
    [InlineData("TIME     UID    PCOMM            PID     PPID    RET ARGS", "10:11:12 0     cat              1234    1000      0 /usr/bin/cat ", "/usr/bin/cat", "Execute /usr/bin/cat")]
    [InlineData("UID    PCOMM            PID    PPID   RET ARGS", "0     cat              1234   1000     0 /usr/bin/cat ", "/usr/bin/cat", "Execute /usr/bin/cat")]
    [InlineData("PCOMM            PID    PPID   RET ARGS", "tmux: server     1234   1000     0 \"/usr/bin/tmux\" \"a b\" ", "/usr/bin/tmux|a b", "Execute /usr/bin/tmux")]
    [InlineData("COMM             PID     PCOMM            PPID    CPU RET ARGS", "cat              1234    Web Content      1000    1     0 /usr/bin/cat x", "/usr/bin/cat|x", "Execute /usr/bin/cat")]
    [InlineData("TIME(ms)   PID   ARGS", "2460       1234  /usr/bin/ls --color", "/usr/bin/ls|--color", "Execute /usr/bin/ls Unknown")]
    [InlineData("TIME     PID     PPID    ARGS", "10:11:12 1234    1000    ls --color", "ls|--color", "Execute ?ls Unknown")]
    public void An_execution_is_read(string header, string row, string words, string expected)
    {
        ImportResult result = Recording.Of(header, row);
        Assert.Equal([expected], result.Accesses());
        Assert.Equal(words, result.Accesses[0].Access.Arguments.Words());
    }

    [Theory]
    [InlineData("PCOMM            PID     PPID    TID     AGE(s)  EXIT_CODE", "cat              1234    1000    1234    0.01    0")]
    [InlineData("PCOMM            PID     PPID    TID     AGE(s)  EXIT_CODE", "cat              1234    1000    1234    0.01    code 1")]
    [InlineData("PCOMM            PID     PPID    TID     AGE(s)  EXIT_CODE", "tmux: server     1234    1000    1234    0.01    signal 9 (KILL), core dumped ")]
    [InlineData("TIME-UTC     PCOMM            PID     PPID    TID     AGE(s)  EXIT_CODE", "10:11:12.131 cat              1234    1000    1234    0.01    0")]
    [InlineData("TIME(s)       PCOMM            PID     PPID    TID     AGE(s)  EXIT_CODE", "10:11:12      cat              1234    1000    1234    0.01    signal 15 (Terminated)")]
    [InlineData("LABEL PCOMM            PID     PPID    TID     AGE(s)  EXIT_CODE", "exit  cat 1 2 3 4      1234    1000    1234    0.01    0")]
    [InlineData("LABEL PCOMM            PID     PPID    TID     AGE(s)  EXIT_CODE", "mylabelcat              1234    1000    1234    0.01    code 1")]
    [InlineData("TIME-UTC     LABEL PCOMM            PID     PPID    TID     AGE(s)  EXIT_CODE", "10:11:12.131 exit  tmux: server     1234    1000    1234    0.01    0")]
    public void An_exit_is_an_event_without_an_access(string header, string row)
    {
        ImportResult result = Recording.Of(header, row);
        Assert.Equal(1, result.Lines[LineKind.Event]);
        Assert.Empty(result.Accesses);
    }

    /// <summary>Behind a label, too, it is known who ended: the number means another process from then on.</summary>
    [Theory]
    [InlineData("exit  a 9 9 9 9        1234    1000    1234    0.01    0")]
    [InlineData("mylabela              1234    1000    1234    0.01    0")]
    public void Who_ended_is_known_behind_a_label(string row)
    {
        ImportResult result = Recording.Of(
            "PCOMM            PID    PPID   RET ARGS", "a                1234   1000     0 /bin/a",
            "LABEL PCOMM            PID     PPID    TID     AGE(s)  EXIT_CODE", row,
            "PCOMM            PID    PPID   RET ARGS", "b                1234   1000     0 /bin/b");
        Assert.Equal([1, 2], result.Accesses.Select(seen => seen.Access.Chain[0].Generation));
    }

    [Fact]
    public void Call_stacks_below_a_row_are_details()
    {
        ImportResult result = Recording.Of(
            "TIME     UID   PID     COMM             CAP     NAME                 AUDIT   VERDICT",
            "22:11:23 114   1234    x                12      CAP_NET_ADMIN        1       allow",
            "    cap_capable", "    #0  0xffffffff main+0x10 (/usr/bin/x+0x10)", "    [Missed Kernel Stack]", "    -                x (1234)",
            "        ns_capable+0x1d [kernel]");
        Assert.Equal(0, result.Lines[LineKind.Unknown]);
        Assert.Equal(4, result.Lines[LineKind.Detail]);
        Assert.Equal(["SystemCall CAP_NET_ADMIN"], result.Accesses());
    }

    [Fact]
    public void A_list_of_words_that_bpftrace_joins_ends_its_line()
    {
        ImportResult result = Recording.Of(
            "{\"type\": \"printf\", \"data\": \"TIME(ms)   PID   ARGS\\n\"}",
            "{\"type\": \"printf\", \"data\": \"2460       1234  \"}", "{\"type\": \"join\", \"data\": \"/usr/bin/ls --color\"}",
            "{\"type\": \"printf\", \"data\": \"2461       1235  \"}", "{\"type\": \"join\", \"data\": \"/usr/bin/id\\n\"}");
        Assert.Equal(["Execute /usr/bin/id Unknown", "Execute /usr/bin/ls Unknown"], result.Accesses());
    }

    [Fact]
    public void Checks_of_capabilities_that_are_not_audited_are_noise()
    {
        ImportResult result = Recording.Of(
            "TIME      UID    PID    COMM             CAP  NAME                 AUDIT",
            "22:11:23  0      1234   x                21   CAP_SYS_ADMIN        0");
        Assert.Equal(1, result.Lines[LineKind.Event]);
        Assert.Empty(result.Accesses);
    }

    [Theory]
    [InlineData("Possibly lost 7 samples")]
    [InlineData("Lost 7 events on CPU #0!")]
    [InlineData("lost 7 events on CPU #0")]
    [InlineData("Lost 7 events")]
    public void Lost_events_are_counted(string notice)
    {
        ImportResult result = Recording.Of("PID    COMM               FD ERR PATH", "1234   cat                 3   0 /x", notice);
        CoverageReason reason = result.Coverage.Reasons[0];
        Assert.Equal((CoverageProblem.LostEvents, 7L), (reason.Problem, reason.Count));
        Assert.Equal(1, result.Lines[LineKind.Loss]);
    }

    [Fact]
    public void A_column_that_is_not_known_does_no_harm()
    {
        ImportResult result = Recording.Of("PID    COMM             CGROUP  FD ERR PATH", "1234   cat              77x      3   0 /x");
        Assert.Equal(["Read /x"], result.Accesses());
    }

    [Fact]
    public void What_the_tools_print_for_what_they_missed_is_said()
    {
        ImportResult result = Recording.Of(
            "PID    COMM               FD ERR PATH", "1234   <...>              -1   2 ", "[Missed User Stack]", "no row at all");
        Assert.Equal([LineKind.Event, LineKind.Unknown], ((LineKind[])[LineKind.Event, LineKind.Unknown]).Where(kind => result.Lines[kind] == 1));
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.CutText);
        Assert.Empty(result.Accesses);
        Assert.Equal(CoverageState.Partial, result.Coverage.State);
    }

    [Fact]
    public void A_cut_path_and_cut_arguments_are_said()
    {
        ImportResult path = Recording.Of("PID    COMM               FD ERR PATH", "1234   cat                 3   0 /" + new string('x', 254));
        Assert.Contains(path.Coverage.Reasons, reason => reason.Problem == CoverageProblem.CutText);
        ImportResult arguments = Recording.Of("PCOMM PID PPID RET ARGS", "cat 1234 1 0 /bin/cat a b ...");
        Assert.Contains(arguments.Coverage.Reasons, reason => reason.Problem == CoverageProblem.CutText);
        Assert.Equal("/bin/cat|a|b", arguments.Accesses[0].Access.Arguments.Words());
    }

    [Fact]
    public void Tables_of_several_tools_may_stand_in_one_file()
    {
        ImportResult result = Recording.Of(
            "PCOMM            PID    PPID   RET ARGS",
            "bash             1000   1        0 /bin/bash -l",
            "cat              1234   1000     0 /usr/bin/cat /etc/hosts",
            "PID    COMM              FD ERR PATH",
            "1234   cat                3   0 /etc/hosts",
            "1234   bash               3   0 /etc/profile",
            "1000   bash               3   0 /etc/bash.bashrc");
        Assert.Equal(
            ["/bin/bash: Read /etc/bash.bashrc", "/usr/bin/cat: Read /etc/hosts", ": Read /etc/profile", ": Execute /bin/bash", "/bin/bash: Execute /usr/bin/cat"],
            result.WithPrograms());
        Assert.Equal("/usr/bin/cat[1234] < /bin/bash[1000]", result.Accesses[1].Chain());
        Assert.Contains("opensnoop, execsnoop: only their own kind of event", result.Coverage.Reasons.Single(
            reason => reason.Problem == CoverageProblem.OneAspect).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_several_tools_are_joined_in_any_order()
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("sg-tables-");
        try
        {
            string opens = Path.Combine(directory.FullName, "a-opens"), executions = Path.Combine(directory.FullName, "b-execs");
            File.WriteAllText(opens, "PID    COMM              FD ERR PATH\n1234   cat                3   0 /etc/hosts\n");
            File.WriteAllText(executions, "PCOMM            PID    PPID   RET ARGS\ncat              1234   1000     0 /usr/bin/cat /etc/hosts \n");
            ImportResult result = Importer.Run(new ImportOptions([opens, executions]), CancellationToken.None);
            Assert.Equal("/usr/bin/cat: Read /etc/hosts", result.WithPrograms().First());
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void Bpftrace_json_is_put_together_to_lines()
    {
        ImportResult result = Recording.Of(
            "{\"type\": \"attached_probes\", \"data\": {\"probes\": 6}}",
            "{\"type\": \"printf\", \"data\": \"Tracing open syscalls... Hit Ctrl-C to end.\\n\"}",
            "{\"type\": \"printf\", \"data\": \"PID    COMM               FD ERR PATH\\n\"}",
            "{\"type\": \"time\", \"data\": \"\"}",
            "{\"type\": \"printf\", \"data\": \"1234   cat               \"}",
            "{\"type\": \"printf\", \"data\": \"  3   0 /etc/h\\u00f6sts\\n\"}",
            "{\"type\": \"lost_events\", \"data\": {\"events\": 5}}",
            "{\"type\": \"lost_events\", \"count\": 2}",
            "{\"type\": \"map\", \"data\": {\"@filename\": {}}}",
            "{\"type\": \"runtime_error\", \"msg\": \"x\"}",
            "{\"no\": 1}",
            "{broken");
        Assert.Equal(["Read /etc/hösts"], result.Accesses());
        Assert.Equal((CoverageProblem.LostEvents, 8), (result.Coverage.Reasons[0].Problem, result.Coverage.Reasons[0].Count));
        Assert.Equal(2, result.Lines[LineKind.Unknown]);
        Assert.Equal(TraceFormat.BpftraceJson, result.Inputs[0].Format);
    }

    [Theory]
    [InlineData("helper_error", LineKind.Loss)]
    [InlineData("errorf", LineKind.Loss)]
    [InlineData("warnf", LineKind.Notice)]
    [InlineData("dance", LineKind.Unknown)]
    public void What_bpftrace_says_of_itself_is_not_taken_for_nothing(string type, LineKind expected)
    {
        ImportResult result = Recording.Of(Encoding.UTF8.GetBytes($"{{\"type\": \"{type}\", \"msg\": \"x\"}}\n"), TraceFormat.BpftraceJson);
        Assert.Equal(1, result.Lines[expected]);
        Assert.Equal(expected == LineKind.Loss, result.Coverage.Reasons.Any(reason => reason.Problem == CoverageProblem.LostEvents));
    }

    [Fact]
    public void A_line_that_is_put_together_and_too_long_is_no_row()
    {
        string start = "{\"type\": \"printf\", \"data\": \"1234   cat                 3   0 /etc/hosts", rest = new('a', 700_000);
        ImportResult result = Recording.Of(
            "{\"type\": \"printf\", \"data\": \"PID    COMM               FD ERR PATH\\n\"}", start + rest + "\"}",
            $"{{\"type\": \"printf\", \"data\": \"{rest}\\n\"}}", "{\"type\": \"printf\", \"data\": \"1234   cat                 3   0 /a\\n\"}");
        Assert.Equal(["Read /a"], result.Accesses());
        Assert.Equal(1, result.Lines[LineKind.Unknown]);
        Assert.Contains(result.Coverage.Reasons, reason => reason.Problem == CoverageProblem.CutText);
    }

    [Fact]
    public void A_header_that_repeats_itself_is_none()
    {
        string header = "PID " + string.Concat(Enumerable.Repeat("COMM ", 12)) + "FD ERR PATH", row = "1 " + string.Concat(Enumerable.Repeat("a ", 60));
        ImportResult result = Recording.Of(Encoding.UTF8.GetBytes($"{header}\n{row}\n"), TraceFormat.Ebpf);
        Assert.Equal(2, result.Lines[LineKind.Unknown]);
    }

    [Fact]
    public void A_number_without_an_opposite_is_no_error() =>
        Assert.Equal(["ChangeIdentity uid 1 Unknown"], Recording.Of(
            "TIME     PID    COMM             UID    SYSCALL   ARGS (RET)", "22:11:23 1234   sudo             1000   setuid    uid=1 (0x8000000000000000)").Accesses());

    [Fact]
    public void Hostile_tables_do_no_harm()
    {
        Random random = new(4711);
        string[] seeds =
        [
            "PID    COMM               FD ERR PATH", "1234   cat                 3   0 /etc/hosts", "PCOMM            PID    PPID   RET ARGS",
            "cat              1234   1000     0 \"/usr/bin/cat\" \"/etc/hosts\" ", "TIME PID COMM UID SYSCALL ARGS (RET)",
            "22:11:23 1234 sudo 1000 setresuid ruid=-1 euid=42 suid=-1 (0)", "Possibly lost 7 samples",
            "{\"type\": \"printf\", \"data\": \"1234 cat 3 0 /x\\n\"}", "PID COMM LADDR LPORT RADDR RPORT TX_KB RX_KB MS", "1234 c 1 2 3 4 5 6 7",
        ];
        for (int round = 0; round < 2000; round++)
        {
            StringBuilder log = new();
            for (int i = 0; i < 20; i++)
            {
                StringBuilder line = new(seeds[random.Next(seeds.Length)]);
                for (int j = random.Next(3); j > 0 && line.Length > 1; j--)
                {
                    int at = random.Next(line.Length);
                    _ = random.Next(3) switch
                    {
                        0 => line.Remove(at, random.Next(line.Length - at)),
                        1 => line.Insert(at, " \"(-9\\{"[random.Next(7)]),
                        _ => line.Append(line.ToString(at, Math.Min(9, line.Length - at))),
                    };
                }

                log.Append(line).Append('\n');
            }

            Assert.Equal(20, Recording.Of(Encoding.UTF8.GetBytes(log.ToString()), TraceFormat.Ebpf).Lines.Total);
            Recording.Of(Encoding.UTF8.GetBytes(log.ToString()), TraceFormat.BpftraceJson);
        }
    }
}
