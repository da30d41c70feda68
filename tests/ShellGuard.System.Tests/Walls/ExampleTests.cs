using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Walls;

/// <summary>The walk-throughs in examples/ do what they say, line by line.</summary>
public sealed class ExampleTests
{
    [Theory, BothIdentities]
    public void Customer_data(Identity identity)
    {
        using CustomerWorld world = new();
        using CodeHost host = new();
        using TestArea area = new(identity);
        IReadOnlyList<string> commands = ExampleFiles.Commands(ExampleFiles.Read("examples/customer-data/README.md"));
        ExampleFiles.AssertEnded(commands, InCustomerData(world, host, area, ExampleFiles.Script(commands)));
        Assert.Contains("/upload\n3\n", host.Received, StringComparison.Ordinal);
        AssertKept(host);
        Leftovers.AssertNone(area);
    }

    /// <summary>Useful, not only safe: a day's work, and no refusal that the policy did not mean.</summary>
    [Theory, BothIdentities]
    public void A_day_of_sixty_steps_is_never_refused(Identity identity)
    {
        using CustomerWorld world = new();
        using CodeHost host = new();
        using TestArea area = new(identity);
        IReadOnlyList<string> steps = ExampleFiles.Steps(ExampleFiles.Read("examples/customer-data/day.sh"));
        Assert.InRange(steps.Count, 60, 80);
        Outcome outcome = InCustomerData(world, host, area, ExampleFiles.Script(steps));
        ExampleFiles.AssertEnded(steps, outcome);
        Assert.DoesNotContain("denied", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("[why ", area.Shellguard("log"), StringComparison.Ordinal);
        Assert.Contains("Spell total", host.Pushed, StringComparison.Ordinal);
        Assert.Contains("/figures\n3\n", host.Received, StringComparison.Ordinal);
        AssertKept(host);

        // The page is this very day.
        string transcript = ExampleFiles.Transcript(steps, outcome).Replace(area.Work, "/home/ann/work", StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("SHELLGUARD_TRANSCRIPT") is { Length: > 0 } file)
        {
            File.WriteAllText(file, transcript);
        }

        Assert.Contains(transcript, ExampleFiles.Read("docs/customer-data-day.md"), StringComparison.Ordinal);
    }

    [Theory, BothIdentities]
    public void Chinese_wall(Identity identity)
    {
        using TestArea area = new(identity);
        Directory.CreateDirectory($"{area.Home}/clients/a");
        Directory.CreateDirectory($"{area.Home}/clients/b");
        File.WriteAllText($"{area.Home}/clients/a/offer.txt", "for a\nprice 100\n");
        File.WriteAllText($"{area.Home}/clients/b/offer.txt", "for b\nprice 200\n");
        IReadOnlyList<string> commands = ExampleFiles.Commands(ExampleFiles.Read("examples/chinese-wall/README.md"));
        area.Write("script.sh", ExampleFiles.Script(commands));
        string policy = area.Write("policy.toml", ExampleFiles.Read("examples/chinese-wall/policy.toml"));
        Outcome outcome = area.Inside(["--policy", policy], "/bin/bash", "script.sh");
        ExampleFiles.AssertEnded(commands, outcome);
        Assert.Contains("PRICE 110\n", outcome.Output, StringComparison.Ordinal);
        Assert.False(File.Exists($"{area.Home}/clients/b/copy.txt"));

        // What is refused is refused by name of the conflict, and nothing that is allowed is called denied.
        string[] denials = [.. area.Shellguard("log").Split('\n').Where(line => line.Contains("[why ", StringComparison.Ordinal))];
        Assert.All(denials, line => Assert.Matches(@" lobby (diff|cp|cat|shellguard)\[", line));
        Assert.Equal(4, denials.Length);
        for (int number = 1; number <= denials.Length; number++)
        {
            string why = area.Shellguard("why", $"{number}");
            Assert.Contains("conflict \"clients\": client:a and client:b, at most 1", why, StringComparison.Ordinal);
            Assert.Matches("clients/b|offer.txt", why);
        }

        Leftovers.AssertNone(area);
    }

    [Theory, BothIdentities]
    public void Agent_trifecta(Identity identity)
    {
        using CodeHost trusted = new();
        using CodeHost web = new();
        using TestArea area = new(identity);
        IReadOnlyList<string> commands = ExampleFiles.Commands(ExampleFiles.Read("examples/agent-trifecta/README.md"));
        area.Write("secret.txt", "the token is 4711\n");
        area.Write("policy.toml", ExampleFiles.Read(
            "examples/agent-trifecta/policy.toml", ("git.corp:443", $"127.0.0.1:{trusted.Port}"),
            ("model.corp:443", "127.0.0.1:9"), ("pages.corp:443", $"127.0.0.1:{web.Port}")));
        string bundle = $"{area.Home}/bundle.pem";
        File.WriteAllText(bundle, trusted.Certificate + web.Certificate);
        area.Own();
        Dictionary<string, string> environment = area.Environment;
        environment["CODE"] = trusted.Address;
        environment["PAGES"] = web.Address;
        environment["GIT_SSL_CAINFO"] = bundle;
        environment["CURL_CA_BUNDLE"] = bundle;
        string script = $"shellguard() {{ {NativeBinary.Path} \"$@\"; }}\n"
            + "git init -q -b main . && git add secret.txt && git -c user.name=Ann -c user.email=ann@corp.example commit -qm 'A secret'\n"
            + "git remote add origin $CODE/tool.git\n" + ExampleFiles.Script(commands);
        area.Write("../script.sh", script);
        area.Own();
        Outcome outcome = Programs.Run(
            Programs.Start([.. area.Account.Prefix, "/bin/bash", $"{area.Root}/script.sh"], area.Work, environment), null);
        ExampleFiles.AssertEnded(commands, outcome);
        Assert.Contains("4711", trusted.Pushed, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", web.Received, StringComparison.Ordinal);
        Assert.DoesNotContain("/upload", trusted.Received, StringComparison.Ordinal);
        Leftovers.AssertNone(area);
    }

    private static Outcome InCustomerData(CustomerWorld world, CodeHost host, TestArea area, string script)
    {
        string filter = area.Write("../count", ExampleFiles.Read("examples/customer-data/count"));
        File.SetUnixFileMode(filter, (UnixFileMode)0b111_101_101);
        string policy = Path.GetFullPath(area.Write("../policy.toml", ExampleFiles.Read(
            "examples/customer-data/policy.toml", ("db.corp:5432", $"127.0.0.1:{world.DatabasePort}"),
            ("code.corp:443", $"127.0.0.1:{host.Port}"), ("/usr/local/lib/filters/count", Path.GetFullPath(filter)),
            ("\"officer\"", "\"nobody\""))));
        File.WriteAllText($"{area.Home}/cert.pem", host.Certificate);
        File.WriteAllText($"{area.Home}/script.sh", script);
        area.Own();
        Dictionary<string, string> environment = area.Environment;
        foreach ((string name, string value) in world.Variables)
        {
            environment[name] = value;
        }

        environment["CODE"] = host.Address;
        environment["GIT_SSL_CAINFO"] = $"{area.Home}/cert.pem";
        environment["CURL_CA_BUNDLE"] = $"{area.Home}/cert.pem";
        return Programs.Run(
            Programs.Start(
                [
                    .. area.Account.Prefix, NativeBinary.Path, "run", "--policy", policy, "--", "/bin/bash",
                    $"{area.Home}/script.sh",
                ],
                area.Work, environment),
            null);
    }

    private static void AssertKept(CodeHost host)
    {
        Assert.DoesNotContain(CustomerWorld.Secret, host.Received, StringComparison.Ordinal);
        Assert.DoesNotContain(CustomerWorld.Secret, host.Pushed, StringComparison.Ordinal);
    }
}
