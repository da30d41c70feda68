using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace ShellGuard.System.Tests.Support;

/// <summary>The program under test: what the variable SHELLGUARD_BINARY names, else the native binary of this tree,
/// which is built when it is missing or older than the sources.</summary>
internal static class NativeBinary
{
    private static readonly Lazy<string> Copy = new(Prepare);

    /// <summary>A copy that every user may run, wherever the tree lies.</summary>
    public static string Path => Copy.Value;

    private static string Prepare()
    {
        string source = Environment.GetEnvironmentVariable("SHELLGUARD_BINARY") is { Length: > 0 } given ? given : Built();
        DirectoryInfo directory = Directory.CreateDirectory($"/var/tmp/sgt-bin-{Environment.ProcessId}");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => directory.Delete(recursive: true);
        string copy = $"{directory.FullName}/shellguard";
        File.Copy(source, copy, overwrite: true);
        File.SetUnixFileMode(copy, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(directory.FullName, (UnixFileMode)0b111_101_101);
        return copy;
    }

    private static string Built([CallerFilePath] string here = "")
    {
        DirectoryInfo root = new(global::System.IO.Path.GetDirectoryName(here)!);
        while (!File.Exists($"{root.FullName}/ShellGuard.slnx"))
        {
            root = root.Parent ?? throw new InvalidOperationException($"no ShellGuard.slnx above {here}");
        }

        // The launcher builds what is stale; asking for the version costs nothing beyond that.
        using Process build = Programs.Start(
            [$"{root.FullName}/shellguard", "--version"], root.FullName,
            new Dictionary<string, string> { ["HOME"] = Environment.GetEnvironmentVariable("HOME") ?? "/root" });
        Outcome built = Programs.Run(build, null, TimeSpan.FromMinutes(10));
        Assert.True(built.Status == 0, built.Errors);
        return $"{root.FullName}/artifacts/native/shellguard";
    }
}
