using System.Globalization;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.RealPrograms;

/// <summary>git over HTTPS, by host name, with a certificate authority of the test's own.</summary>
public sealed class GitTests
{
    /// <summary>tests/setup gives it to the host's loopback.</summary>
    private const string Host = "git.shellguard.test";

    private const string Session = """
        set -e
        export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_AUTHOR_DATE=2026-01-01T00:00:00Z
        export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org GIT_COMMITTER_DATE=2026-01-01T00:00:00Z
        git="git -c http.sslCAInfo=$PWD/ca.pem -c init.defaultBranch=main"
        rm -rf clone
        $git clone -q https://git.shellguard.test:PORT/project.git clone 2>/dev/null
        cd clone
        seq 1 300000 > "$1"
        $git add .
        $git commit -qm "add $1"
        $git push -q origin HEAD:main 2>/dev/null
        cd ..
        rm -rf again
        $git clone -q https://git.shellguard.test:PORT/project.git again
        git -C again log --format=%s --reverse
        sha256sum < "again/$1"
        """;

    [Theory, BothIdentities]
    public void Clone_and_push_over_https_by_name(Identity identity)
    {
        using TestArea area = new(identity);
        int port = Serve(area);
        area.Write("session.sh", Session.Replace("PORT", Text(port), StringComparison.Ordinal));
        string[] flags = ["--net", $"{Host}:{Text(port)}", "--net", $"127.0.0.1:{Text(port)}"];

        Outcome inside = area.Inside(flags, "/bin/bash", "session.sh", "inside").Succeed();
        Assert.False(Path.Exists($"{area.Work}/clone") || Path.Exists($"{area.Work}/again"), "the clones are in the layer");
        Outcome outside = area.Outside("/bin/bash", "session.sh", "outside").Succeed();
        Assert.True(Path.Exists($"{area.Work}/clone") && Path.Exists($"{area.Work}/again"));

        // The run outside sees the commit that the run inside pushed.
        Assert.Equal("add inside\n" + inside.Output.Split('\n')[1] + "\n", inside.Output);
        Assert.Equal("add inside\nadd outside\n" + inside.Output.Split('\n')[1] + "\n", outside.Output);
    }

    [Theory, BothIdentities]
    public void Without_the_grant_there_is_no_such_host(Identity identity)
    {
        using TestArea area = new(identity);
        int port = Serve(area);
        Outcome refused = area.InsideShell(
            [], $"git -c http.sslCAInfo=$PWD/ca.pem ls-remote https://{Host}:{Text(port)}/project.git");
        refused.EndWith(128);
        Assert.Contains("resolve", refused.Errors, StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void A_name_that_leads_to_the_loopback_needs_the_loopback_granted_too(Identity identity)
    {
        using TestArea area = new(identity);
        int port = Serve(area);
        area.InsideShell(
            ["--net", $"{Host}:{Text(port)}"],
            $"git -c http.sslCAInfo=$PWD/ca.pem ls-remote https://{Host}:{Text(port)}/project.git").EndWith(128);
    }

    private static int Serve(TestArea area)
    {
        const string Certificates = """
            set -e
            new="openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
            $new -x509 -days 2 -keyout ../ca.key -out ca.pem -subj '/CN=test authority' 2>/dev/null
            $new -keyout ../server.key -out ../server.csr -subj /CN=git.shellguard.test 2>/dev/null
            echo 'subjectAltName=DNS:git.shellguard.test' > ../names
            openssl x509 -req -in ../server.csr -CA ca.pem -CAkey ../ca.key -CAcreateserial -days 2 \
                -extfile ../names -out ../server.pem 2>/dev/null
            mkdir ../repositories
            git init -q --bare -b main ../repositories/project.git
            git -C ../repositories/project.git config http.receivepack true
            """;
        area.OutsideShell(Certificates).Succeed();
        int port = Ports.Free();
        area.Serve(
            "/usr/bin/python3", Helper.PathOf("git-server.py"), Text(port), $"{area.Root}/server.pem",
            $"{area.Root}/server.key", $"{area.Root}/repositories");
        Ports.WaitFor(port);
        return port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
