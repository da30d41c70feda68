using System.Globalization;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.RealPrograms;

public sealed class PostgresTests
{
    /// <summary>PostgreSQL refuses to run as root, who becomes another user for it: inside the cell too.</summary>
    private const string Cluster = """
        set -e
        bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
        as=
        mkdir -p database
        if [ "$(id -u)" = 0 ]; then
            as="setpriv --reuid=postgres --regid=postgres --clear-groups"
            chown postgres database
        fi
        $as "$bin/initdb" -D database/data -A trust -U tester --no-sync >init.log 2>&1 || { cat init.log; exit 1; }
        $as "$bin/pg_ctl" -D database/data -o "-k $1 -p $2 -c fsync=off" -w -l database/log start >/dev/null ||
            { cat database/log; exit 1; }
        """;

    [Theory, BothIdentities]
    public void Initdb_start_and_psql_in_one_cell(Identity identity)
    {
        using TestArea area = new(identity);
        string port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        area.Write("cluster.sh", Cluster);
        Outcome outcome = area.SameResult([], $$"""
            chmod 755 .. . 2>/dev/null
            mkdir -m 777 sockets
            . ./cluster.sh $PWD/sockets {{port}}
            psql -h $PWD/sockets -p {{port}} -U tester -d postgres -Atq <<'EOF'
            create table numbers (n int primary key, text text);
            insert into numbers select n, md5(n::text) from generate_series(1, 20000) n;
            select count(*), md5(string_agg(text, '' order by n)) from numbers;
            EOF
            psql -h 127.0.0.1 -p {{port}} -U tester -d postgres -Atc 'select sum(n) from numbers'
            $as "$bin/pg_ctl" -D database/data -m fast -w stop
            """).Succeed();
        Assert.Contains("200010000\n", outcome.Output, StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void Psql_reaches_a_server_outside_by_a_grant(Identity identity)
    {
        using TestArea host = new(Identity.Ordinary);
        string port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        host.Write("cluster.sh", Cluster);
        host.OutsideShell($". ./cluster.sh {host.Work} {port} </dev/null >/dev/null 2>&1").Succeed();
        try
        {
            using TestArea area = new(identity);
            string query = $"psql -h git.shellguard.test -p {port} -U tester -d postgres -Atc 'select 6 * 7, version()'";
            string[] flags = ["--net", $"git.shellguard.test:{port}", "--net", $"127.0.0.1:{port}"];
            Assert.StartsWith("42|", area.SameResult(flags, query).Succeed().Output, StringComparison.Ordinal);
            area.InsideShell([], query).EndWith(2);
        }
        finally
        {
            host.OutsideShell("$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)/pg_ctl -D database/data -m immediate stop");
        }
    }
}
