using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>What the real tools print here is found by its first lines and understood.</summary>
public sealed class ToolTests
{
    /// <summary>A program that reads one file by its full path, and is asked by another one over the network.</summary>
    private const string Work = """
        import os, socket
        open(os.getcwd() + "/marker").close()
        server = socket.socket(); server.bind(("127.0.0.1", 0)); server.listen()
        client = socket.socket(); client.connect(server.getsockname()); server.accept()[0].close(); client.close()
        """;

    /// <summary>Tables of libbpf-tools, of the whole machine while it worked, joined by the number of the process. Whatever
    /// else ran may have had a line feed in its arguments, which breaks a row of execsnoop.</summary>
    [Fact]
    public void Tables_of_several_tools_say_together_who_did_what()
    {
        using TestArea area = new(Identity.Root);
        area.Write("marker", "");
        area.Write("work.py", Work);
        area.OutsideShell("""
            tools="execsnoop opensnoop exitsnoop tcplife"
            for tool in $tools; do stdbuf -oL $tool > $tool.txt 2> $tool.err & pids="$pids $!"; done
            again() { for try in $(seq 600); do "$@" && return; sleep 0.1; done; { wc -c *.txt; cat *.err; jobs; } >&2; exit 99; }
            work() { /usr/bin/python3 -B work.py; grep -q . execsnoop.txt && grep -q . opensnoop.txt && grep -q . exitsnoop.txt && grep -q . tcplife.txt; }
            sleep 3
            again work
            for try in 1 2 3; do /usr/bin/python3 -B work.py; done
            sleep 1
            kill -INT $pids
            wait
            """).Succeed();
        foreach (string tool in (string[])["opensnoop", "exitsnoop", "tcplife"])
        {
            area.Outside(NativeBinary.Path, "import", "-o", $"{area.Home}/{tool}", $"{tool}.txt").EndWith(1);
            Assert.Equal(0, AuditLines.Of(area, tool).UnknownLines);
        }

        area.Outside(NativeBinary.Path, "import", "-o", $"{area.Home}/all", "execsnoop.txt", "opensnoop.txt", "exitsnoop.txt", "tcplife.txt").EndWith(1);
        AuditLines all = AuditLines.Of(area, "all");
        Assert.Contains($"read {area.Work}/marker success", all.Accesses);
        Assert.Contains("execute /usr/bin/python3 success", all.Accesses);
        Assert.Contains(all.Accesses, access => access.StartsWith("connect 127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains("one-aspect", all.Problems);
        string explained = area.Outside(NativeBinary.Path, "audit", "explain", $"{area.Home}/all", $"{area.Work}/marker").Succeed().Output;
        Assert.Contains("python3 -B work.py", explained, StringComparison.Ordinal);
    }

    /// <summary>perf has the addresses of paths here, and says which programs ran.</summary>
    [Fact]
    public void What_perf_writes_is_understood_and_what_it_lacks_is_said()
    {
        using TestArea area = new(Identity.Root);
        area.Write("marker", "");
        area.OutsideShell("""
            perf trace -o trace.perf cat marker
            perf record -q -o data.perf -e 'syscalls:sys_enter_*,syscalls:sys_exit_*,sched:sched_process_*' cat marker
            perf script -i data.perf > script.perf
            """).Succeed();
        foreach (string name in (string[])["trace", "script"])
        {
            Outcome imported = area.Outside(NativeBinary.Path, "import", "-o", $"{area.Home}/{name}", $"{name}.perf").EndWith(1);
            Assert.Contains($"perf-{name}, ", imported.Output, StringComparison.Ordinal);
            AuditLines audit = AuditLines.Of(area, name);
            Assert.Equal(0, audit.UnknownLines);
            Assert.Contains("undecoded-arguments", audit.Problems);
        }

        Assert.Contains("execute /usr/bin/cat success", AuditLines.Of(area, "script").Accesses);
    }
}
