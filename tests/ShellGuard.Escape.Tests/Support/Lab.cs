using System.Collections.Concurrent;

namespace ShellGuard.Escape.Tests.Support;

/// <summary>Where attacks happen: a directory that cells see read-only (so not /tmp), with the binary under test and
/// the compiled attacks.</summary>
internal static class Lab
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Compiled = new(StringComparer.Ordinal);

    internal static string Root { get; } = Make();

    /// <summary>The native binary, where every user can execute it.</summary>
    internal static string Binary { get; } = InstallBinary();

    /// <summary>The path of an attack, compiled on first use.</summary>
    internal static string Attack(string name) => Compiled
        .GetOrAdd(name, key => new Lazy<string>(() => Compile(key)))
        .Value;

    private static string Make()
    {
        string parent = Identity.All[0].Uid == 0 ? "/srv" : Environment.GetEnvironmentVariable("HOME") ?? "/";
        string root = Path.Combine(parent, $"shellguard-escape-{Environment.ProcessId}");
        Directory.CreateDirectory(Path.Combine(root, "bin"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Programs.Run(["rm", "-rf", "--", root], "/");
        return root;
    }

    private static string InstallBinary()
    {
        string source = Environment.GetEnvironmentVariable("SHELLGUARD_BINARY") is { Length: > 0 } given
            ? given
            : Build();
        string binary = Path.Combine(Root, "bin", "shellguard");
        Outcome copied = Programs.Run(["install", "-m", "0755", source, binary], "/");
        Assert.True(copied.Status == 0, copied.ToString());
        return binary;
    }

    /// <summary>Builds as the launcher script in the repository's root does: only when the sources are newer.</summary>
    private static string Build()
    {
        string root = AppContext.BaseDirectory;
        while (!Path.Exists(Path.Combine(root, "ShellGuard.slnx")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException(
                "not in a checkout; name the binary in SHELLGUARD_BINARY");
        }

        Outcome built = Programs.Run([Path.Combine(root, "shellguard"), "--version"], root, null, TimeSpan.FromMinutes(10));
        Assert.True(built.Status == 0, built.ToString());
        return Path.Combine(root, "artifacts/native/shellguard");
    }

    private static string Compile(string name)
    {
        string program = Path.Combine(Root, "bin", name);
        Outcome outcome = Programs.Run(
            [
                "gcc", "-std=gnu11", "-O1", "-Wall", "-Werror", "-pthread",
                "-o", program, Path.Combine(AppContext.BaseDirectory, "Attacks", $"{name}.c"),
            ],
            "/");
        Assert.True(outcome.Status == 0, outcome.ToString());
        return program;
    }
}
