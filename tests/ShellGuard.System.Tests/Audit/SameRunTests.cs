using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>Two recorders watch one run, and say the same of it: the eBPF back end around strace, and around the ptrace back
/// end. So strace and both back ends agree on who did what, and next to nothing has to be forgiven because it is chance.</summary>
[Collection(LoadedProgramsCollection.Name)]
public sealed class SameRunTests
{
    private const string Watch = """
        clean
        work shellguard trace -q --backend ebpf -o around-strace -- strace -f -yy -q -s 65535 -o log
        shellguard import -o strace log > summary || test $? = 1
        clean
        work shellguard trace -q --backend ebpf -o around-ptrace -- shellguard trace -q --backend ptrace -o ptrace --
        """;

    [Theory]
    [InlineData("bash script", """
        clean() { rm -rf made kept counted threaded served; }
        work() { "$@" bash accesses; }
        """)]
    [InlineData("git", """
        clean() { rm -rf r; }
        work() { "$@" bash -c 'git init -q r; cd r; echo text > file; git add file; git -c user.name=Ann -c user.email=ann@corp.example commit -qm m; git gc -q'; }
        """)]
    [InlineData("static programs", """
        clean() { :; }
        work() { "$@" bash -c '$GO_CLIENT 127.0.0.1 9; $MUSL_CLIENT 127.0.0.1 9; true' 2> errors; }
        """)]
    [InlineData("32-bit program", """
        clean() { rm -rf by-32-bit*; }
        work() { "$@" bash -c '$COMPATIBLE; test -d by-32-bit-child && rm -r by-32-bit'; }
        """)]
    [InlineData("node", """
        clean() { rm -f made; }
        work() { "$@" node -e 'const fs = require("fs"); fs.writeFileSync("made", fs.readFileSync("/etc/hostname")); require("child_process").execFileSync("true")'; }
        """)]
    [InlineData("dotnet", """
        clean() { rm -rf made; }
        work() { DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 "$@" dotnet new globaljson --output made > output; }
        """)]
    [InlineData("COBOL batch", """
        layer /var/log; mount -t tmpfs none /srv; mkdir -p /srv/batch/in /srv/batch/out; cp orders.dat /srv/batch/in
        cobc -x -o invoice invoice.cob
        clean() { rm -f /srv/batch/out/*; }
        work() { "$@" $PWD/invoice > output; grep -q '5 orders' output; }
        """)]
    [InlineData("OpenSCAP", """
        cp scanner/* .; cp /usr/share/xml/scap/ssg/content/ssg-debian11-ds.xml ds.xml
        clean() { :; }
        work() { "$@" $PWD/oscap-checks ds.xml anssi_np_nt28_high > output; }
        """)]
    [InlineData("Lynis", """
        cp scanner/* .
        clean() { :; }
        work() { "$@" $PWD/lynis-checks authentication > output; }
        """)]
    [InlineData("nginx", DaemonTests.Serve + """
        clean() { rm -rf web; }
        work() { serve web 80 "$@"; }
        """)]
    [InlineData("PostgreSQL, making a cluster", Postgres + """
        clean() { rm -rf cluster/data; }
        work() { "$@" $as $bin/initdb -D cluster/data -A trust -U tester --no-sync > init.log; }
        """)]
    [InlineData("PostgreSQL, serving", Postgres + """
        $as $bin/initdb -D cluster/data -A trust -U tester --no-sync > init.log
        clean() { :; }
        work() {
            "$@" $as $bin/postgres -D cluster/data -k $PWD/sockets -p 5432 -c fsync=off > serve.log 2>&1 &
            again psql -h 127.0.0.1 -U tester -d postgres -Atc 'select 6 * 7'
            $as $bin/pg_ctl -D cluster/data -m fast -w stop > stop.log
            wait
        }
        """)]
    [InlineData("sshd", """
        layer /etc; mount -t tmpfs none /run; mkdir /run/sshd
        usermod --password '*' $ORDINARY
        ssh-keygen -q -t ed25519 -N '' -f host; ssh-keygen -q -t ed25519 -N '' -f key
        printf '%s\n' 'Port 2222' 'ListenAddress 127.0.0.1' "HostKey $PWD/host" "AuthorizedKeysFile $PWD/key.pub" \
            'PidFile none' 'StrictModes no' 'UsePAM no' > config
        login() { ssh -F none -i key -p 2222 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR $ORDINARY@127.0.0.1 "$@"; }
        clean() { :; }
        work() { "$@" /usr/sbin/sshd -D -e -f $PWD/config 2> errors & again login id; pkill -TERM -o -x sshd; wait; }
        """)]
    [InlineData("cron", """
        layer /etc; mount -t tmpfs none /run; mount -t tmpfs none /var/spool/cron; mkdir /var/spool/cron/crontabs
        rm -rf /etc/cron.d/*; echo > /etc/crontab; chmod 777 .
        echo "@reboot $ORDINARY tr a-z A-Z < /etc/hostname > $PWD/made" > /etc/cron.d/job
        clean() { rm -f made /run/crond.*; }
        # A shell asks who it is, and so strace's log tells; later cron returns to that user.
        work() { "$@" dash -c 'exec cron -f' & again test -s made; kill $(cat /run/crond.pid); wait; }
        """)]
    public void All_that_one_recorder_sees_of_a_run_the_other_one_sees(string what, string script)
    {
        using DaemonWorld world = new();
        world.Area.Write("accesses", AccessScript.Text);
        world.Area.Write("web.conf", DaemonTests.Nginx(80));
        ExampleFiles.CopyTo("examples/vendor-batch", world.Area.Work);
        ExampleFiles.CopyTo("examples/scanner", $"{world.Area.Work}/scanner");
        world.Run($"export GO_CLIENT={Helper.GoClient} MUSL_CLIENT={Helper.MuslClient} COMPATIBLE={Helper.Compatible} "
            + $"ORDINARY={Account.Of(Identity.Ordinary).Name}\n{script}\n{Watch}");
        foreach (string inner in (string[])["strace", "ptrace"])
        {
            Dictionary<string, AuditLines.Doer> seen = SeenByBoth(world.Audit(inner));
            Assert.True(seen.Count > 10, $"{what}: {inner}: {seen.Count}");
            AuditLines.AssertSame(SeenByBoth(world.Audit($"around-{inner}")), seen);
        }
    }

    private static Dictionary<string, AuditLines.Doer> SeenByBoth(AuditLines audit) =>
        audit.AccessesOfPrograms.Where(access => IsSeenByBoth(access.Key)).ToDictionary();

    /// <summary>strace sees writes to what is open, which sshd tries and may not. And whether a process ended before or behind
    /// a signal for it that nobody waits for, the two are told in another order.</summary>
    private static bool IsSeenByBoth(string access) =>
        !access.EndsWith(": system-call write denied EACCES", StringComparison.Ordinal) && !access.EndsWith(": signal another process success", StringComparison.Ordinal);

    private const string Postgres = """
        bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
        mkdir cluster sockets; chown postgres . cluster sockets
        as="setpriv --reuid=postgres --regid=postgres --clear-groups"

        """;

    /// <summary>The third view of a run is that of its session's supervisor. It is told of programs by their files, of
    /// connections, which it makes itself, and of what it denies, where the kernel has an answer of its own.</summary>
    [Fact]
    public void What_the_supervisor_saw_of_a_run_the_tracer_around_it_saw()
    {
        using TestArea area = new(Identity.Root);
        area.Write("data", "data\n");
        area.Write("script", "date +%Y >/dev/null; cat data; echo x 2>/dev/null >/etc/sgt-denied; (sh -c 'exec true')\n"
            + "/usr/bin/python3 -c 'import socket; socket.socket().connect((\"127.0.0.1\", 9))' 2>/dev/null; exit 0\n");
        area.Own();
        area.Outside(
            [NativeBinary.Path, "trace", "-q", "--backend", "ebpf", "-o", $"{area.Home}/around", "--",
                .. TestArea.GuardedWordsHere(["--ro", "/", "--net", "127.0.0.1:9"], "/bin/sh", "script")]).Succeed();
        area.Outside(NativeBinary.Path, "import", "--session", Path.GetFileName(Assert.Single(area.Sessions)), "-o", $"{area.Home}/session").EndWith(1);
        HashSet<string> around = Told(AuditLines.Of(area, "around"));
        HashSet<string> session = Told(AuditLines.Of(area, "session"));
        Assert.Equal(
            [
                "connect 127.0.0.1:9/tcp", "denied /etc/sgt-denied", "execute /usr/bin/cat", "execute /usr/bin/dash", "execute /usr/bin/date",
                "execute /usr/bin/true",
            ],
            session.Where(access => !access.Contains("python", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Subset(around, session);
    }

    private static HashSet<string> Told(AuditLines audit) => audit.Accesses
        .Select(access => access.Split(' '))
        .Select(words => words switch
        {
            ["execute", string program, "success"] => $"execute {new FileInfo(program).ResolveLinkTarget(true)?.FullName ?? program}",
            ["connect", string peer, ..] when peer.EndsWith("/tcp", StringComparison.Ordinal) => $"connect {peer}",
            ["write" or "create", string path, "denied", ..] => $"denied {path}",
            _ => "",
        })
        .Where(access => access.Length > 0 && !access.Contains("/shellguard", StringComparison.Ordinal))
        .ToHashSet(StringComparer.Ordinal);
}
