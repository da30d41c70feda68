using System.Globalization;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>What daemons do is in their audits, and what they need root for. docs/tutorials/daemons.md tells it.</summary>
public sealed class DaemonTests
{
    internal static string Nginx(int port, string user = "user www-data;") => $$"""
        {{user}}
        daemon off;
        worker_processes 1;
        pid nginx.pid;
        error_log logs/error.log;
        events { worker_connections 64; }
        http {
            access_log logs/access.log;
            client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
            server { listen {{port}}; root www; }
        }
        """;

    /// <summary>How nginx is started, asked once and stopped. Its directory is the first word, who starts it the rest.
    /// </summary>
    internal const string Serve = """
        serve() {
            directory=$1 port=$2; shift 2
            mkdir -p $directory/www $directory/logs; echo hello > $directory/www/index.html; chown -R --reference=$directory $directory
            "$@" nginx -p $PWD/$directory/ -e logs/error.log -c $PWD/$directory.conf &
            again curl -sf http://127.0.0.1:$port/
            kill -QUIT $(cat $directory/nginx.pid)
            wait
        }

        """;

    [Fact]
    public void Nginx_on_port_80_needs_three_things_of_root()
    {
        using DaemonWorld world = new();
        world.Area.Write("web.conf", Nginx(80));
        world.Run(Serve + """
            serve web 80 shellguard trace -q -o own --
            rm -r web
            serve web 80 strace -f -yy -q -s 65535 -o log
            shellguard import -o theirs log > import.log || true
            """);
        AuditLines audit = world.Audit("own");
        Assert.Equal("complete", audit.Coverage);
        string web = $"{world.Area.Work}/web";
        foreach (string access in (string[])
            [
                "bind 0.0.0.0:80/tcp success", "listen 0.0.0.0:80/tcp success", $"read {web}/www/index.html success",
                $"create {web}/logs/access.log success", $"write {web}/logs/access.log success", $"write {web}/logs/error.log success",
                $"create {web}/nginx.pid success", $"delete {web}/nginx.pid success", "change-identity uid 33 success",
                "change-identity gid 33 success", "change-identity groups success", $"change-attributes {web}/body user 33 success",
            ])
        {
            Assert.Contains(access, audit.Accesses);
        }

        Assert.DoesNotContain(audit.Accesses, access => access.StartsWith("connect", StringComparison.Ordinal) && access.Contains("/tcp", StringComparison.Ordinal));
        AuditLines.AssertSame(audit, world.Audit("theirs"));

        string policy = world.Shellguard("learn", "own");
        Assert.Contains("ports below 1024 are root's (80)", policy, StringComparison.Ordinal);
        Assert.Contains("setting: another port, or a socket that systemd hands over", policy, StringComparison.Ordinal);
        Assert.Equal(
            ["CAP_CHOWN", "CAP_NET_BIND_SERVICE", "CAP_SETGID", "CAP_SETUID"],
            Capabilities(policy).Where(name => name != "CAP_DAC_OVERRIDE"));
        string report = world.Shellguard("report", "own").Replace("\\", "", StringComparison.Ordinal);
        Assert.Contains("listened for other hosts", report, StringComparison.Ordinal);
        Assert.Contains("became another user or group", report, StringComparison.Ordinal);
    }

    /// <summary>The one capability is proven by running with nothing but it, and the other port by nothing at all.
    /// </summary>
    [Fact]
    public void Nginx_as_an_ordinary_user_needs_one_capability_or_another_port()
    {
        using DaemonWorld world = new();
        Account ordinary = Account.Of(Identity.Ordinary);
        string become = $"setpriv --reuid={ordinary.Uid} --regid={ordinary.Gid} --init-groups";
        world.Area.Write("high.conf", Nginx(8080, ""));
        world.Area.Write("low.conf", Nginx(80, ""));
        world.Run(Serve + $"""
            chmod 777 .
            mkdir high low
            chown {ordinary.Name} high low
            serve high 8080 {become} shellguard trace -q -o $PWD/high.audit --
            serve low 80 shellguard trace -q -o low.audit -- {become} --inh-caps=-all,+net_bind_service --ambient-caps=-all,+net_bind_service
            rm -r low/nginx.pid low/logs/* || true
            {become} shellguard trace -q -o $PWD/refused.audit -- nginx -p $PWD/low/ -e logs/error.log -c $PWD/low.conf 2> refused || true
            """);
        AuditLines high = world.Audit("high.audit");
        Assert.Contains("bind 0.0.0.0:8080/tcp success", high.Accesses);
        Assert.DoesNotContain(high.Accesses, access => access.StartsWith("change-identity uid", StringComparison.Ordinal));
        Assert.DoesNotContain("Only root could do these", world.Shellguard("learn", "high.audit"), StringComparison.Ordinal);
        Assert.Contains("bind 0.0.0.0:80/tcp success", world.Audit("low.audit").Accesses);
        Assert.Contains("bind 0.0.0.0:80/tcp denied EACCES", world.Audit("refused.audit").Accesses);
        Outcome diff = world.Area.Outside(NativeBinary.Path, "audit", "diff", "high.audit", "low.audit").EndWith(1);
        Assert.Contains("+ bind 0.0.0.0:80/tcp", diff.Output, StringComparison.Ordinal);
        Assert.Contains("- bind 0.0.0.0:8080/tcp", diff.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void PostgreSQL_makes_its_cluster_and_serves_it_and_the_difference_is_the_network()
    {
        using DaemonWorld world = new();
        world.Run("""
            bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
            mkdir cluster sockets
            chown postgres . cluster sockets
            as="setpriv --reuid=postgres --regid=postgres --clear-groups"
            $as shellguard trace -q -o init -- $bin/initdb -D cluster/data -A trust -U tester --no-sync > init.log
            serve() {
                $as "$@" $bin/postgres -D cluster/data -k $PWD/sockets -p 5432 -c fsync=off > serve.log 2>&1 &
                again psql -h 127.0.0.1 -U tester -d postgres -Atc 'select 6 * 7'
                $as $bin/pg_ctl -D cluster/data -m fast -w stop > stop.log
                wait
            }
            serve shellguard trace -q -o serve --
            serve shellguard trace -q -o again --
            """);
        AuditLines init = world.Audit("init");
        AuditLines serve = world.Audit("serve");
        string data = $"{world.Area.Work}/cluster/data";
        Assert.Equal(("complete", "complete"), (init.Coverage, serve.Coverage));
        foreach (string access in (string[])[$"create {data} success", $"write {data}/postgresql.conf success", $"create {data}/PG_VERSION success"])
        {
            Assert.Contains(access, init.Accesses);
        }

        Assert.DoesNotContain(init.Accesses, access => access.Contains("/tcp", StringComparison.Ordinal));
        foreach (string access in (string[])
            [
                "bind 127.0.0.1:5432/tcp success", "listen 127.0.0.1:5432/tcp success", $"read {data}/pg_hba.conf success",
                $"bind {world.Area.Work}/sockets/.s.PGSQL.5432 success", $"write {data}/postmaster.pid success",
            ])
        {
            Assert.Contains(access, serve.Accesses);
        }

        Assert.DoesNotContain(serve.Accesses, access => access.StartsWith("change-identity", StringComparison.Ordinal));
        Outcome diff = world.Area.Outside(NativeBinary.Path, "audit", "diff", "init", "serve").EndWith(1);
        Assert.Contains("+ bind 127.0.0.1:5432/tcp  by postgres\n", diff.Output, StringComparison.Ordinal);
        Assert.Contains($"+ read {data}/pg_hba.conf  by postgres\n", diff.Output, StringComparison.Ordinal);
        Assert.Contains($"- create {data}\n", diff.Output, StringComparison.Ordinal);

        // Numbers of processes in names are no new access in the next run.
        Assert.DoesNotMatch(@"pg_internal\.init\.\d", world.Shellguard("audit", "diff", "again", "serve"));
        Assert.Contains("pg_internal.init.*", world.Shellguard("learn", "serve"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_login_through_sshd_becomes_the_user_behind_a_separated_process()
    {
        using DaemonWorld world = new();
        Account ordinary = Account.Of(Identity.Ordinary);

        // useradd(8) leaves a locked account, which sshd lets nobody into; a star is no password and no lock.
        world.Run($"""
            layer /etc
            usermod --password '*' {ordinary.Name}
            ssh-keygen -q -t ed25519 -N '' -f host; ssh-keygen -q -t ed25519 -N '' -f key
            mkdir -p /run/sshd
            printf '%s\n' 'Port 2222' 'ListenAddress 127.0.0.1' "HostKey $PWD/host" "AuthorizedKeysFile $PWD/key.pub" \
                'PidFile none' 'StrictModes no' 'UsePAM no' > config
            shellguard trace -q -o own -- /usr/sbin/sshd -D -e -f $PWD/config 2> errors &
            login() {'{'} ssh -F none -i key -p 2222 -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR {ordinary.Name}@127.0.0.1 "$@"; {'}'}
            again login true
            login 'id -un > ~/who'
            cat ~{ordinary.Name}/who; rm ~{ordinary.Name}/who
            pkill -TERM -o -x sshd
            wait
            """);
        AuditLines audit = world.Audit("own");
        Assert.Equal(["other-root"], audit.Problems);
        foreach (string access in (string[])
            [
                "bind 127.0.0.1:2222/tcp success", $"read {world.Area.Work}/host success", $"read {world.Area.Work}/key.pub success",
                "read /etc/shadow success", "chroot /run/sshd", $"change-identity uid {ordinary.Uid.ToString(CultureInfo.InvariantCulture)} success",
                "execute /bin/bash success", "execute /usr/bin/id success",
            ])
        {
            Assert.Contains(audit.Accesses, seen => seen.Contains(access, StringComparison.Ordinal));
        }

        string policy = world.Shellguard("learn", "own");
        Assert.Equal(["CAP_DAC_READ_SEARCH", "CAP_SETGID", "CAP_SETUID", "CAP_SYS_CHROOT"], Capabilities(policy).Where(name => name is not ("CAP_DAC_OVERRIDE" or "CAP_CHOWN")));
        string explained = world.Shellguard("audit", "explain", "own", "/usr/bin/id");
        Assert.Contains("bash", explained, StringComparison.Ordinal);
        Assert.Contains("sshd", explained, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cron_job_is_told_from_its_daemon()
    {
        using DaemonWorld world = new();
        Account ordinary = Account.Of(Identity.Ordinary);
        world.Run($"""
            layer /etc
            mount -t tmpfs none /run
            mount -t tmpfs none /var/spool/cron; mkdir /var/spool/cron/crontabs
            rm -rf /etc/cron.d/*; echo > /etc/crontab
            chmod 777 .
            echo '@reboot {ordinary.Name} tr a-z A-Z < /etc/hostname > {world.Area.Work}/made' > /etc/cron.d/job
            shellguard trace -q -o own -- cron -f &
            again test -s made
            kill $(cat /run/crond.pid)
            wait || true
            """);
        AuditLines audit = world.Audit("own");
        Assert.Equal("complete", audit.Coverage);
        string uid = ordinary.Uid.ToString(CultureInfo.InvariantCulture);
        foreach (string access in (string[])
            [
                "read /etc/cron.d/job success", "read /etc/shadow success", $"change-identity uid {uid} success", "execute /bin/sh success",
                "execute /usr/bin/tr success", "read /etc/hostname success", $"create {world.Area.Work}/made success",
            ])
        {
            Assert.Contains(access, audit.Accesses);
        }

        // Who wrote it, and as whom.
        string explained = world.Shellguard("audit", "explain", "own", $"{world.Area.Work}/made");
        Assert.Contains("/bin/sh", explained, StringComparison.Ordinal);
        Assert.Contains("cron -f", explained, StringComparison.Ordinal);
        Assert.Contains($"({uid})", explained, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Capabilities(string policy) => policy.Split('\n')
        .Where(line => line.StartsWith("#     capability: ", StringComparison.Ordinal)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[2])
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
}
