using System.Globalization;

namespace ShellGuard.System.Tests.Support;

/// <summary>A PostgreSQL with customers and a host that stands for the internet, both outside of any session, and the
/// policy that keeps them apart.</summary>
internal sealed class CustomerWorld : IDisposable
{
    /// <summary>Stands in the database and must never get out.</summary>
    public const string Secret = "Ada-Lovelace-4711";

    private const string Database = """
        set -e
        bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
        "$bin/initdb" -D data -A trust -U tester --no-sync >init.log 2>&1
        "$bin/pg_ctl" -D data -o "-k $PWD -p $1 -c fsync=off" -w -l log start >/dev/null
        psql -h 127.0.0.1 -p "$1" -U tester -d postgres -q <<SQL
        create table customers (id int primary key, name text);
        insert into customers values (1, '$2'), (2, 'Grace-Hopper-4712'), (3, 'Mary-Shelley-4713');
        SQL
        """;

    private readonly TestArea _host = new(Identity.Ordinary);

    public CustomerWorld()
    {
        DatabasePort = Text(Ports.Free());
        InternetPort = Text(Ports.Free());
        _host.Write("database.sh", Database);
        _host.OutsideShell($"bash database.sh {DatabasePort} {Secret} </dev/null >/dev/null 2>&1").Succeed();
        _host.Serve("/usr/bin/python3", Helper.PathOf("internet.py"), InternetPort, $"{_host.Work}/received");
        Ports.WaitFor(int.Parse(InternetPort, CultureInfo.InvariantCulture));
    }

    public string DatabasePort { get; }

    public string InternetPort { get; }

    /// <summary>Everything that got out.</summary>
    public string Received => File.Exists($"{_host.Work}/received") ? File.ReadAllText($"{_host.Work}/received") : "";

    /// <summary>How a shell asks the database, and where the internet is.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["PGHOST"] = "127.0.0.1",
        ["PGPORT"] = DatabasePort,
        ["PGUSER"] = "tester",
        ["PGDATABASE"] = "postgres",
        ["OUT"] = $"http://127.0.0.1:{InternetPort}/",
    };

    /// <summary>Both, but never a path from one to the other.</summary>
    public string Policy(string mode = "flow", bool exclusive = false) => $$"""
        extends = "default"

        [tags]
        "db:customers" = "rows about customers"
        "net:internet" = "anybody outside"

        [[resource]]
        name = "customer database"
        net = ["127.0.0.1:{{DatabasePort}}"]
        source = ["db:customers"]

        [[resource]]
        name = "internet"
        net = ["127.0.0.1:{{InternetPort}}"]
        sink = ["net:internet"]

        [[conflict]]
        name = "customer data"
        at_most = 1
        of = ["db:customers", "net:internet"]
        mode = "{{mode}}"
        exclusive = {{(exclusive ? "true" : "false")}}

        [cell.db]
        label = ["db:customers"]
        commands = ["psql", "pg_dump"]
        net = ["127.0.0.1:{{DatabasePort}}"]

        [cell.net]
        label = []
        commands = ["curl", "git"]
        net = ["127.0.0.1:{{InternetPort}}"]

        [environment]
        pass = ["PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "OUT"]
        """;

    /// <summary>A lobby under that policy.</summary>
    /// <param name="output">A file in the working directory that its output is redirected to; null for a pipe.</param>
    /// <param name="errors">Likewise for standard error.</param>
    /// <param name="more">Further tables of the policy.</param>
    /// <param name="variables">Further variables of the caller.</param>
    public Outcome Lobby(
        TestArea area, string script, string? output = null, string? errors = null, string more = "",
        IReadOnlyDictionary<string, string>? variables = null)
    {
        area.Write("script.sh", script);
        string policy = area.Write("walls.toml", Policy() + more);
        string redirections = (output is null ? "" : $" > {output}") + (errors is null ? "" : $" 2> {errors}");
        return Programs.Run(
            Programs.Start(
                [
                    .. area.Account.Prefix, "/bin/sh", "-c", $"exec \"$@\"{redirections}", "sh",
                    NativeBinary.Path, "run", "--policy", policy, "--", "/bin/bash", "script.sh",
                ],
                area.Work, new Dictionary<string, string>([.. variables ?? new Dictionary<string, string>(), .. EnvironmentOf(area)])),
            null);
    }

    /// <summary>The same script without walls.</summary>
    public Outcome Outside(TestArea area, string script)
    {
        area.Write("script.sh", script);
        return Programs.Run(
            Programs.Start([.. area.Account.Prefix, "/bin/bash", "script.sh"], area.Work, EnvironmentOf(area)), null);
    }

    public void Dispose()
    {
        _host.OutsideShell("$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)/pg_ctl -D data -m immediate stop");
        _host.Dispose();
    }

    private Dictionary<string, string> EnvironmentOf(TestArea area)
    {
        area.Own();
        return new Dictionary<string, string>(area.Environment.Concat(Variables));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
