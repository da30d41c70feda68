using System.Diagnostics;
using System.Text;

namespace ShellGuard.System.Tests.Support;

/// <summary>A leash of one test: the program under its own name and a configuration, both root's alone with every
/// directory above them, and a home and storage of the identity under test.</summary>
internal sealed class LeashArea : IDisposable
{
    private readonly TestArea _area;

    public LeashArea(Identity identity, string configuration = "whitelist = []")
    {
        _area = new TestArea(identity);
        Root = Directory.CreateDirectory($"/opt/{Path.GetFileName(_area.Root)}", (UnixFileMode)0b111_101_101).FullName;

        // By another program: a process that another test starts meanwhile would inherit our descriptor, and a file that
        // is open for writing is not executed.
        Programs.Run("cp", NativeBinary.Path, $"{Root}/shellguard").Succeed();
        File.SetUnixFileMode($"{Root}/shellguard", (UnixFileMode)0b111_101_101);
        File.CreateSymbolicLink(Program, "shellguard");
        Configure(configuration);
    }

    public TestArea Area => _area;

    /// <summary>Root's directory.</summary>
    public string Root { get; }

    public string Program => $"{Root}/leash";

    public string Configuration => $"{Root}/leash.toml";

    public Account Account => _area.Account;

    /// <summary>An entry of a configuration.</summary>
    public static string Entry(string name, string command, string rest = "") =>
        $"[[whitelist]]\nname = '{name}'\ncommand_line = '{command}'\n{rest}\n";

    /// <summary>The SHA-256 of a file, as a configuration has it.</summary>
    public static string Hash(string path) => Convert.ToHexString(
        global::System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))).ToLowerInvariant();

    /// <summary>Makes it setgid, as for a login shell: its loader then takes no libraries of the caller's.</summary>
    public void Secure()
    {
        Programs.Run("chgrp", "nogroup", $"{Root}/shellguard").Succeed();
        File.SetUnixFileMode($"{Root}/shellguard", (UnixFileMode)0b010_111_101_101);
    }

    public void Configure(string text) => Write("leash.toml", text, 0b110_100_100);

    /// <summary>Writes a file of root's.</summary>
    public string Write(string name, string text, int mode)
    {
        File.WriteAllText($"{Root}/{name}", text);
        File.SetUnixFileMode($"{Root}/{name}", (UnixFileMode)mode);
        return $"{Root}/{name}";
    }

    /// <summary>Runs one line.</summary>
    public Outcome Line(string line, params (string Name, string Value)[] variables) =>
        Programs.Run(Start(["--config", Configuration, "-c", line], variables), null);

    /// <summary>Feeds lines through standard input.</summary>
    public Outcome Feed(byte[] input, params (string Name, string Value)[] variables) =>
        Programs.Run(Start(["--config", Configuration], variables), input);

    public Outcome Feed(string input, params (string Name, string Value)[] variables) =>
        Feed(Encoding.UTF8.GetBytes(input), variables);

    /// <summary>Starts the leash with any words.</summary>
    public Process Start(IReadOnlyList<string> words, params (string Name, string Value)[] variables)
    {
        _area.Own();
        Dictionary<string, string> environment = _area.Environment;
        foreach ((string name, string value) in variables)
        {
            environment[name] = value;
        }

        return Programs.Start([.. Account.Prefix, Program, .. words], _area.Work, environment);
    }

    /// <summary>All records of all journals.</summary>
    public string Journals => string.Concat(_area.Sessions.Select(Remains.JournalText));

    public void Dispose()
    {
        Directory.Delete(Root, recursive: true);
        _area.Dispose();
    }
}
