using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>Behind a wall the network's tables tell of the cell's own network, and of no other.</summary>
public sealed class NetworkTableTests
{
    private const string Policy = """
        extends = "default"

        [tags]
        "secret" = "what must not get out"
        "out" = "anybody"

        [[conflict]]
        name = "never both"
        never_all = ["secret", "out"]
        """;

    [Theory, BothIdentities]
    public void Tables_that_count_for_all_networks_cannot_be_read_nor_opened_again(Identity identity)
    {
        using TestArea area = new(identity);
        string policy = area.Write("walls.toml", Policy);
        Outcome outcome = area.InsideShell(["--policy", policy], """
            cd /proc/self/net
            for i in sockstat sockstat6 protocols softnet_stat stat/rt_cache stat/arp_cache; do
                cat $i > /dev/null 2>&1 && echo read: $i
                chmod 444 $i 2> /dev/null && echo changed: $i
                chown $(id -u) $i 2> /dev/null && echo taken: $i
            done
            chmod 755 stat 2> /dev/null && echo changed
            cd / && cat /proc/self/task/$$/net/sockstat /proc/$PPID/net/sockstat > /dev/null 2>&1 && echo read
            for i in tcp udp6 dev route if_inet6 snmp; do grep -q . /proc/self/net/$i && echo $i; done
            grep -c 198.18 /proc/self/net/fib_trie > /dev/null && echo own
            """);
        Assert.Equal("tcp\nudp6\ndev\nroute\nif_inet6\nsnmp\nown\n", outcome.Output);
    }

    [Theory, BothIdentities]
    public void Route_sockets_tell_addresses_and_no_neighbours_of_others(Identity identity)
    {
        using TestArea area = new(identity);
        string policy = area.Write("walls.toml", Policy);
        Outcome outcome = area.Inside(["--policy", policy], "python3", Helper.PathOf("netlink.py"), "change").Succeed();
        Assert.Equal(
            """
            interfaces: lo
            addresses: 127.0.0.1 198.18.0.1
            neighbour tables: none
            without the filter: EPERM
            without the lock: EPERM
            loopback down: EPERM
            another protocol: EPROTONOSUPPORT
            another type: ESOCKTNOSUPPORT
            closed on exec: True, False
            waits: False, True

            """,
            outcome.Output);
        Assert.Contains("neighbour tables: arp_cache", area.OutsideShell($"python3 {Helper.PathOf("netlink.py")}").Output, StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void Who_writes_to_proc_is_told_why_not(Identity identity)
    {
        using TestArea area = new(identity);
        string policy = area.Write("walls.toml", Policy);
        Outcome outcome = area.InsideShell(
            ["--policy", policy], "echo 5 > /proc/self/oom_score_adj; echo $?; echo out > /proc/self/fd/1; echo seen > /dev/stderr");
        Assert.Equal("1\nout\n", outcome.Output);
        Assert.Contains("seen", outcome.Errors, StringComparison.Ordinal);
        string why = area.Shellguard("why");
        Assert.Contains("denied   write /proc/self/oom_score_adj", why, StringComparison.Ordinal);
        Assert.Contains("behind a wall nothing is written to /proc", why, StringComparison.Ordinal);
    }
}
