using System.Runtime.CompilerServices;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Leash;

/// <summary>The same hostile lines, environments and files against the leash and its peers, each set up to allow one
/// report and an editor. The table in docs/leash.md is what comes out.</summary>
[Collection(HostEtcCollection.Name)]
public sealed class PeerTests : IDisposable
{
    private const string Stopped = "stopped";
    private const string Through = "**through**";

    private static readonly string[] Peers = ["leash", "rbash", "git-shell", "sudo"];

    private readonly LeashArea _leash = new(Identity.Ordinary);
    private readonly string _canary;
    private readonly string _commands;
    private readonly string _sudoers;

    public PeerTests()
    {
        _canary = $"{_leash.Area.Work}/canary";
        _commands = $"{_leash.Area.Home}/git-shell-commands";
        _sudoers = $"/etc/sudoers.d/{Path.GetFileName(_leash.Root)}";

        _leash.Secure();

        // A report that finds a helper by name, as scripts do, and would do harm if it took an argument.
        string report = _leash.Write(
            "report", $"#!/bin/bash\ndate >/dev/null\n[ -z \"$1\" ] || /usr/bin/touch {_canary}\n", 0b111_101_101);
        Directory.CreateDirectory(_commands);
        File.CreateSymbolicLink($"{_commands}/report", report);
        File.WriteAllText($"{_commands}/edit", "#!/bin/sh\nexec /usr/bin/vim -es\n");
        File.SetUnixFileMode($"{_commands}/edit", (UnixFileMode)0b111_101_101);
        string mine = _leash.Area.Write("mine", "#!/bin/sh\n");
        File.SetUnixFileMode(mine, (UnixFileMode)0b111_101_101);
        File.CreateSymbolicLink($"{_commands}/mine", mine);
        _leash.Configure(
            LeashArea.Entry("report", report) + LeashArea.Entry("edit", "/usr/bin/vim -es", "noexec = true")
            + LeashArea.Entry("mine", mine, $"integrity = ['{LeashArea.Hash(mine)}']")
            + $"[interpreters]\n'/bin/sh' = '{LeashArea.Hash("/bin/sh")}'\n");
        string user = _leash.Account.Name;
        File.WriteAllText(
            _sudoers,
            $"{user} ALL=({user}) NOPASSWD: {report} \"\"\n{user} ALL=({user}) NOPASSWD: NOEXEC: /usr/bin/vim -es\n"
            + $"{user} ALL=({user}) NOPASSWD: sha256:{LeashArea.Hash(mine)} {mine} \"\"\n");
        File.SetUnixFileMode(_sudoers, (UnixFileMode)0b100_100_000);
    }

    public void Dispose()
    {
        File.Delete(_sudoers);
        _leash.Dispose();
    }

    [Fact]
    public void The_table_in_the_documents_is_what_happens()
    {
        string library = $"{_leash.Root}/evil.so";
        string source = _leash.Write(
            "evil.c",
            $"#include <fcntl.h>\n__attribute__((constructor)) static void f(void) {{ open(\"{_canary}\", O_CREAT | O_WRONLY, 0644); }}\n",
            0b110_100_100);
        Programs.Run("gcc", "-shared", "-fPIC", "-o", library, source).Succeed();
        string evil = _leash.Write("evil.sh", $"/usr/bin/touch {_canary}\n", 0b111_101_101);
        Directory.CreateDirectory($"{_leash.Area.Work}/bin");
        _leash.Area.Write("bin/date", $"#!/bin/sh\n/usr/bin/touch {_canary}\n");
        File.SetUnixFileMode($"{_leash.Area.Work}/bin/date", (UnixFileMode)0b111_101_101);
        (string What, string Line, string Input, (string, string)[] Variables)[] attacks =
        [
            ("`report; touch X`", $"report; /usr/bin/touch {_canary}", "", []),
            ("`report && touch X`", $"report && /usr/bin/touch {_canary}", "", []),
            ("`report $(touch X)`", $"report $(/usr/bin/touch {_canary})", "", []),
            ("a line feed in the line", $"report\n/usr/bin/touch {_canary}", "", []),
            ("`report \\| sh`, fed with a command", "report | exec sh", $"/usr/bin/touch {_canary}\n", []),
            ("the path of another program", $"/usr/bin/touch {_canary}", "", []),
            ("`command -p touch X`", $"command -p touch {_canary}", "", []),
            ("an argument that the report was not meant to get", "report x", "", []),
            ("`LD_PRELOAD`", "report", "", [("LD_PRELOAD", library)]),
            ("`BASH_ENV`", "report", "", [("BASH_ENV", evil)]),
            ("`PATH` with a `date` of one's own", "report", "", [("PATH", $"{_leash.Area.Work}/bin:{Programs.SearchPath}")]),
            ("an editor's `:!touch X`", "edit", $":!/usr/bin/touch {_canary}\n:qa!\n", []),
            ("the allowed file exchanged by its owner", "mine", "", []),
        ];
        List<string> rows = [];
        foreach ((string what, string line, string input, (string, string)[] variables) in attacks)
        {
            rows.Add($"| {what} | {string.Join(" | ", Peers.Select(peer => Try(peer, line, input, variables)))} |");
        }

        string page = File.ReadAllText(Documents());
        Assert.True(
            rows.All(row => page.Contains(row, StringComparison.Ordinal)), $"docs/leash.md should have\n{string.Join('\n', rows)}");
    }

    [Fact]
    public void All_of_them_run_what_is_allowed() => Assert.All(
        Peers, peer => Assert.True(Run(peer, "report", "", []).Status == 0, $"{peer}: {Run(peer, "report", "", []).Errors}"));

    private string Try(string peer, string line, string input, (string, string)[] variables)
    {
        _leash.Area.Write("mine", line == "mine" ? $"#!/bin/sh\n/usr/bin/touch {_canary}\n" : "#!/bin/sh\n");
        File.Delete(_canary);
        Run(peer, line, input, variables);
        return File.Exists(_canary) ? Through : Stopped;
    }

    private Outcome Run(string peer, string line, string input, (string Name, string Value)[] variables)
    {
        Dictionary<string, string> environment = _leash.Area.Environment;
        foreach ((string name, string value) in variables)
        {
            environment[name] = value;
        }

        if (peer == "rbash" && !environment.ContainsKey("PATH"))
        {
            environment["PATH"] = _commands;
        }

        // sudo is no login shell: it gets the words.
        IReadOnlyList<string> words = peer switch
        {
            "leash" => [_leash.Program, "--config", _leash.Configuration, "-c", line],
            "rbash" => ["/bin/rbash", "-c", line],
            "git-shell" => ["/usr/bin/git-shell", "-c", line],
            _ => ["/usr/bin/sudo", "-n", "-u", _leash.Account.Name, .. SudoWords(line)],
        };
        _leash.Area.Own();
        return Programs.Run(
            Programs.Start([.. _leash.Account.Prefix, "/usr/bin/env", "-i", .. environment.Select(v => $"{v.Key}={v.Value}"), .. words], "/"),
            global::System.Text.Encoding.UTF8.GetBytes(input));
    }

    private IEnumerable<string> SudoWords(string line) => line switch
    {
        "edit" => ["/usr/bin/vim", "-es"],
        "mine" => [$"{_leash.Area.Work}/mine"],
        _ => line.Split(' ').Select((word, i) => i == 0 && word.StartsWith("report", StringComparison.Ordinal) ? $"{_leash.Root}/{word}" : word),
    };

    private static string Documents([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/leash.md"));
}
