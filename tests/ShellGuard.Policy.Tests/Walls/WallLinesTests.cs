using ShellGuard.Policy.Evaluation;
using Xunit;

namespace ShellGuard.Policy.Tests.Walls;

public sealed class WallLinesTests
{
    [Fact]
    public void WhatIsShownHasEveryValueWithItsPlace()
    {
        string shown = Show(Policies.CustomerData + """
            [cell.free]
            clearance = ["db:customers"]
            net-deny = ["*.corp:443"]
            hide = ["**/.env"]
            [[gate]]
            name = "alice"
            kind = "approval"
            from = ["db:customers"]
            to = ["net:internet"]
            approvers = ["alice", "bob"]
            """);
        Assert.Equal(
            """
            tags."db:customers" = rows about customers  # 2
            tags."net:internet" = anybody outside  # 3
            resource."customer database".net = db.corp:5432  # 5
            resource."customer database".source = db:customers  # 5
            resource."customer database".opaque = true  # 5
            resource."internet".net = *:443  # 11
            resource."internet".sink = net:internet  # 11
            resource."internet".opaque = false  # 11
            conflict."customer data".at_most = 1  # 16
            conflict."customer data".of = db:customers  # 16
            conflict."customer data".of = net:internet  # 16
            conflict."customer data".mode = flow  # 16
            conflict."customer data".exclusive = false  # 16
            cell.db.label = db:customers  # 21
            cell.db.commands = psql  # 21
            cell.db.commands = pg_dump  # 21
            cell.db.net = db.corp:5432  # 24
            cell.net.label = (none)  # 26
            cell.net.commands = git  # 26
            cell.net.commands = curl  # 26
            cell.net.net = github.com:443  # 28
            cell.free.clearance = db:customers  # 41
            cell.free.late = refuse  # 41
            cell.free.net-deny = *.corp:443  # 43
            cell.free.hide = /home/alice/project/**/.env  # 44
            gate.count.kind = filter  # 30
            gate.count.from = db:customers  # 30
            gate.count.to = net:internet  # 30
            gate.count.program = /usr/local/lib/filters/count  # 30
            gate.count.sha256 = e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  # 30
            gate.count.form = integer 0..1000000  # 30
            gate.count.max-bytes = 64  # 30
            gate.count.bits = 512  # 30
            gate.count.per = 1h  # 30
            gate.alice.kind = approval  # 45
            gate.alice.from = db:customers  # 45
            gate.alice.to = net:internet  # 45
            gate.alice.approvers = alice  # 45
            gate.alice.approvers = bob  # 45
            gate.alice.second-person = false  # 45
            gate.alice.expires = 10m  # 45
            gate.alice.max-bytes = 65536  # 45
            """,
            shown);
    }

    private static string Show(string text) => string.Join('\n', PolicyText.Show(Contexts.Load(text).Policy!)
        .Where(line => !line.Key.StartsWith("session.", StringComparison.Ordinal))
        .Select(line => $"{line.Key} = {line.Value}  # {line.Source.Line}"));
}
