using System.Globalization;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.RealPrograms;

public sealed class LanguageTests
{
    [Theory, BothIdentities]
    public void A_python_environment_with_a_server_and_curl_in_one_cell(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("page", "hello\n");
        string port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        Outcome outcome = area.SameResult([], $$"""
            set -e
            python3 -m venv --without-pip environment
            environment/bin/python -c 'import sys; print(sys.prefix != sys.base_prefix, sys.prefix)'
            environment/bin/python -m http.server {{port}} --bind 127.0.0.1 >server.log 2>&1 &
            for try in $(seq 1 200); do curl -s http://localhost:{{port}}/page && break; sleep 0.1; done
            curl -s -o /dev/null -w '%{http_code}\n' http://127.0.0.1:{{port}}/nowhere
            kill %1
            """);
        Assert.Equal($"True {area.Work}/environment\nhello\n404\n", outcome.Succeed().Output);
    }

    [Theory, BothIdentities]
    public void A_node_server_and_its_client(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("both.mjs", """
            import http from 'node:http';
            const agent = new http.Agent({ keepAlive: true });
            const server = http.createServer((request, response) => {
                let size = 0;
                request.on('data', piece => { size += piece.length; });
                request.on('end', () => response.end(`${request.method} ${request.url} ${size}\n`));
            });
            await new Promise(listening => server.listen(0, '127.0.0.1', listening));
            const port = server.address().port;
            const ask = i => new Promise((done, failed) => {
                const request = http.request(
                    { host: 'localhost', family: 4, port, path: `/${i}`, method: 'POST', agent },
                    response => { let text = ''; response.on('data', t => { text += t; }); response.on('end', () => done(text)); });
                request.on('error', failed);
                request.end(Buffer.alloc(i * 10000));
            });
            const texts = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(i)));
            process.stdout.write(texts.join(''));
            agent.destroy();
            server.close();
            """);
        Assert.EndsWith("POST /39 390000\n", area.SameResult([], "node both.mjs").Succeed().Output, StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void Npm_ci_from_local_tarballs(Identity identity)
    {
        using TestArea area = new(identity);
        for (int i = 0; i < 3; i++)
        {
            string name = $"part{i.ToString(CultureInfo.InvariantCulture)}";
            area.Write($"{name}/package/package.json", $$"""{ "name": "{{name}}", "version": "1.0.0", "main": "index.js" }""");
            area.Write($"{name}/package/index.js", $"module.exports = '{name}';\n");
        }

        area.Write("project/package.json", """
            {
              "name": "project", "version": "1.0.0", "private": true,
              "dependencies": { "part0": "file:../part0.tgz", "part1": "file:../part1.tgz", "part2": "file:../part2.tgz" },
              "scripts": { "start": "node -p \"['part0', 'part1', 'part2'].map(n => require(n)).join()\"" }
            }
            """);
        area.OutsideShell("""
            set -e
            for i in 0 1 2; do tar -czf part$i.tgz -C part$i package; done
            cd project
            npm install --package-lock-only --offline --no-audit --no-fund >/dev/null
            """).Succeed();
        Outcome outcome = area.SameResult([], """
            cd project && npm ci --offline --no-audit --no-fund >npm.log 2>&1 || { cat npm.log; exit 1; }
            find node_modules -type f | LC_ALL=C sort
            npm start --silent
            """).Succeed();
        Assert.EndsWith("part0,part1,part2\n", outcome.Output, StringComparison.Ordinal);
        Assert.True(Directory.Exists($"{area.Work}/project/node_modules"), "the run outside is the oracle");
    }

    [Theory, BothIdentities]
    public void A_static_Go_program_connects_by_name(Identity identity) =>
        Connects(identity, Helper.GoClient, string.Concat(Enumerable.Repeat("hello\n", 50)));

    [Theory, BothIdentities]
    public void A_static_musl_program_connects_by_name(Identity identity) =>
        Connects(identity, Helper.MuslClient, "hello\n");

    [Theory, BothIdentities]
    public void Java_channels_and_its_web_client_connect_by_name(Identity identity)
    {
        using TestArea area = new(identity);
        string port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        area.Write("page", "hello\n");
        File.Copy(Helper.PathOf("Client.java"), $"{area.Work}/Client.java");
        area.Serve("/usr/bin/python3", "-m", "http.server", port, "--bind", "127.0.0.1");
        Ports.WaitFor(int.Parse(port, CultureInfo.InvariantCulture));
        string[] client = ["java", "Client.java", "git.shellguard.test", port];
        Outcome inside = area.Inside(
            ["--net", $"git.shellguard.test:{port}", "--net", $"127.0.0.1:{port}"], client).Succeed();
        Assert.Equal("selector 20\nasynchronous hello\nblocking hello\nclient 20\n", inside.Output);
        Assert.Equal(area.Outside(client).Succeed().Output, inside.Output);
    }

    [Theory, BothIdentities]
    public void Curl_python_and_node_connect_by_name(Identity identity)
    {
        using TestArea area = new(identity);
        string port = Ports.Free().ToString(CultureInfo.InvariantCulture);
        area.Write("page", "hello\n");
        area.Serve("/usr/bin/python3", "-m", "http.server", port, "--bind", "127.0.0.1");
        Ports.WaitFor(int.Parse(port, CultureInfo.InvariantCulture));
        string page = $"http://git.shellguard.test:{port}/page";
        string clients = $"""
            curl -s {page} {page}
            python3 -c 'import urllib.request; print(urllib.request.urlopen("{page}").read())'
            node -e 'fetch("{page}").then(answer => answer.text()).then(text => process.stdout.write(text))'
            """;
        Assert.Equal(
            "hello\nhello\nb'hello\\n'\nhello\n",
            area.SameResult(["--net", $"git.shellguard.test:{port}", "--net", $"127.0.0.1:{port}"], clients).Succeed().Output);
        area.InsideShell([], $"curl -s {page}").EndWith(6);
    }

    private static void Connects(Identity identity, string program, string expected)
    {
        using TestArea area = new(identity);
        using Greeter server = new("hello\n");
        string port = server.Port.ToString(CultureInfo.InvariantCulture);
        File.Copy(program, $"{area.Work}/client");
        Outcome inside = area.Inside(
            ["--net", $"git.shellguard.test:{port}", "--net", $"127.0.0.1:{port}"],
            "./client", "git.shellguard.test", port).Succeed();
        Assert.Equal(expected, inside.Output);
        Assert.Equal(expected, area.Outside($"{area.Work}/client", "git.shellguard.test", port).Succeed().Output);
        int greeted = server.Greeted;
        Assert.NotEqual(0, area.Inside("./client", "git.shellguard.test", port).Status);
        Assert.Equal(greeted, server.Greeted);
    }
}
