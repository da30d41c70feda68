using System.Text;
using ShellGuard.Leash.Configuration;
using ShellGuard.Policy.Diagnostics;
using Xunit;

namespace ShellGuard.Leash.Tests.Support;

/// <summary>Configurations for tests.</summary>
internal static class Base
{
    /// <summary>One that holds each kind of entry that l8ash's own tests use.</summary>
    public const string Text =
        """
        shell_integrity = "ok"
        [[whitelist]]
        name = "ls1"
        command_line = "/bin/ls -1 /etc/hostname"
        env = []
        integrity = []
        [[whitelist]]
        name = "envg"
        command_line = "/usr/bin/env | /bin/grep KORE"
        env = ["KORE=ok","ARE=nok"]
        integrity = []
        [[whitelist]]
        name = "two words"
        command_line = "/bin/echo spaced"
        env = []
        integrity = []
        [[whitelist]]
        name = "a|b"
        command_line = "/bin/echo pipe-in-name"
        env = []
        integrity = []
        [[whitelist]]
        name = "ec"
        command_line = "/bin/echo a b\\ c 'q  r' \"s t\" $HOME * ; > /tmp/x & < `id` # z"
        env = []
        integrity = []
        """;

    public static LeashConfiguration Configuration => Good(Text);

    public static ConfigurationResult Read(string text) =>
        ConfigurationReader.Read("/etc/l.toml", Encoding.UTF8.GetBytes(text));

    public static LeashConfiguration Good(string text)
    {
        ConfigurationResult result = Read(text);
        Assert.True(result.Configuration is not null, result.Describe());
        return result.Configuration;
    }

    /// <summary>An entry in front of which settings may stand.</summary>
    public static string Entry(string command, string rest = "", string name = "x") =>
        $"[[whitelist]]\nname = '{name}'\ncommand_line = '{command}'\n{rest}\n";

    /// <summary>The first mistake as <c>LINE: MESSAGE</c>; fails where there is none.</summary>
    public static string Mistake(string text)
    {
        ConfigurationResult result = Read(text);
        Assert.Null(result.Configuration);
        Diagnostic first = result.Diagnostics.First(finding => finding.Severity == Severity.Error);
        return $"{first.Line}: {first.Message}";
    }
}
