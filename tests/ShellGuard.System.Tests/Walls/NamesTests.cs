using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>Names are a way out wherever somebody asks them of others: here a name server of the host writes down what it is
/// asked, and nothing that a side thinks up gets there.</summary>
public sealed class NamesTests
{
    private const string Ask = """
        import random, socket, sys
        server, name = sys.argv[1:]
        labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            link.settimeout(1)
            link.sendto(random.randbytes(2) + b"\1\0\0\1\0\0\0\0\0\0" + labels + b"\0\x10\0\1", (server, 53))
            try:
                print(link.recv(4096)[3] & 15)
            except OSError:
                print("silence")
        """;

    [Theory, BothIdentities]
    public void What_a_side_asks_for_reaches_no_name_server(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("ask.py", Ask);
        area.Write("to.py", """
            import socket, sys
            try:
                socket.create_connection((sys.argv[1], int(sys.argv[2])), 1)
            except OSError as error:
                print(type(error).__name__)
            """);
        area.Write("walls.toml", """
            extends = "default"
            [tags]
            "secret" = "what stays here"
            "out" = "anybody outside"
            [[resource]]
            name = "database"
            net = ["db.names.test:5432"]
            source = ["secret"]
            [[resource]]
            name = "internet"
            net = ["*:443"]
            sink = ["out"]
            [[conflict]]
            name = "apart"
            at_most = 1
            of = ["secret", "out"]
            [cell.side]
            label = ["secret"]
            net = ["db.names.test:5432"]
            [cell.net]
            net = ["pages.names.test:443"]
            """);
        area.Write("script.sh", """
            side() { shellguard run --in side -- python3 "$@"; }
            side to.py canary-4711.names.test 443
            side to.py canary-4712.db.names.test 5432
            side to.py canary-4713.pages.names.test 443
            side ask.py 127.0.0.1 canary-4714.names.test
            side ask.py 198.18.0.1 canary-4715.names.test
            side to.py DB.nAmEs.tEsT 5432
            python3 to.py pages.names.test 443
            """);
        area.Write("resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
        area.Own();
        string asked = $"{area.Root}/asked";

        // A network and a view of the mounts of its own, where the host's name server is that one.
        const string host = """
            ip link set lo up && mount --bind "$1/resolv.conf" /etc/resolv.conf
            coproc python3 "$2" "$3"
            read -r -t 10 line <&"${COPROC[0]}"
            shift 3
            "$@"
            kill "$COPROC_PID"
            """;
        Outcome outcome = Programs.Run(
            Programs.Start(
                [
                    "unshare", "--net", "--mount", "/bin/bash", "-c", host, "bash", area.Work, Helper.PathOf("names.py"), asked,
                    .. area.GuardedWords(["--policy", "walls.toml"], "/bin/bash", "script.sh"),
                ],
                area.Work, area.Environment),
            null);
        string[] names = File.ReadAllLines(asked);
        Assert.True(names.Contains("db.names.test") && names.Contains("pages.names.test"), $"{string.Join(' ', names)}\n{outcome.Output}\n{outcome.Errors}");
        Assert.All(names, name => Assert.True(name is "db.names.test" or "pages.names.test", name));

        // And the person is told why.
        string why = area.Shellguard("why", "1");
        Assert.Contains("resolve canary-4711.names.test", why, StringComparison.Ordinal);
        Assert.Contains("conflict \"apart\": secret and out, at most 1", why, StringComparison.Ordinal);
        Assert.Contains("secret side -> internet", why, StringComparison.Ordinal);
        Assert.Contains("shellguard run --in net -- COMMAND", why, StringComparison.Ordinal);
    }
}
