using System.Diagnostics;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Hosting;

/// <summary>A command gets the variables of an allow-list, and what is asked for by name.</summary>
public sealed class EnvironmentTests
{
    private static readonly Dictionary<string, string> Caller = new()
    {
        ["LD_PRELOAD"] = "/nowhere/preloaded.so",
        ["LD_LIBRARY_PATH"] = "/nowhere",
        ["BASH_ENV"] = "started",
        ["ENV"] = "started",
        ["PROMPT_COMMAND"] = "echo prompted",
        ["PYTHONPATH"] = "/nowhere",
        ["SSH_AUTH_SOCK"] = "/nowhere/agent",
        ["AWS_SECRET_ACCESS_KEY"] = "AKIA-not-to-be-seen",
        ["GITHUB_TOKEN"] = "ghp-not-to-be-seen",
        ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere/bus",
        ["BASH_FUNC_ls%%"] = "() { echo function; }",
    };

    [Theory, BothIdentities]
    public void Nothing_of_the_caller_but_the_allow_list_comes_in(Identity identity)
    {
        using TestArea area = new(identity);
        string[] seen = Run(area, [], "/usr/bin/env").Split('\0');
        Assert.Contains($"HOME={area.Home}", seen);
        Assert.Contains($"USER={area.Account.Name}", seen);
        Assert.DoesNotContain(seen, variable => Caller.ContainsKey(variable.Split('=')[0]));
        Assert.DoesNotContain(seen, variable => Caller.Values.Any(value => variable.Contains(value, StringComparison.Ordinal)));
        Assert.DoesNotContain(seen, variable => variable.StartsWith("SHELLGUARD_STATE=", StringComparison.Ordinal));
    }

    [Theory, BothIdentities]
    public void What_is_named_comes_in_alone(Identity identity)
    {
        using TestArea area = new(identity);
        string[] seen = Run(area, ["--env", "GITHUB_TOKEN", "--env", "OWN=said"], "/usr/bin/env").Split('\0');
        Assert.Contains("GITHUB_TOKEN=ghp-not-to-be-seen", seen);
        Assert.Contains("OWN=said", seen);
        Assert.DoesNotContain(seen, variable => variable.StartsWith("AWS_", StringComparison.Ordinal));
    }

    /// <summary>Outside the file runs first.</summary>
    [Theory, BothIdentities]
    public void A_start_file_of_the_caller_is_not_run(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("started", "echo from the start file\n");
        using Process outside = Programs.Start(["/bin/bash", "-c", "echo command"], area.Work, Environment(area));
        Assert.Equal("from the start file\ncommand\n", Programs.Run(outside, null).Succeed().Output);
        using Process inside = Programs.Start(area.GuardedWords([], "/bin/bash", "-c", "echo command"), area.Work, Environment(area));
        Assert.Equal("command\n", Programs.Run(inside, null).Succeed().Output);
    }

    private static string Run(TestArea area, IReadOnlyList<string> flags, string program)
    {
        using Process session = Programs.Start(area.GuardedWords(flags, program, "-0"), area.Work, Environment(area));
        return Programs.Run(session, null).Succeed().Output;
    }

    private static Dictionary<string, string> Environment(TestArea area)
    {
        Dictionary<string, string> all = area.Environment;
        foreach ((string name, string value) in Caller)
        {
            all[name] = value;
        }

        return all;
    }
}
