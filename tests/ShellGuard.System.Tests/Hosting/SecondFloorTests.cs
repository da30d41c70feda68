using System.Diagnostics;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Hosting;

/// <summary>Landlock holds what the mounts hold: with the first floor gone the second is there.</summary>
public sealed class SecondFloorTests
{
    [Theory, BothIdentities]
    public void When_the_host_makes_the_base_writable_the_cell_still_may_not_write(Identity identity)
    {
        using TestArea area = new(identity);
        string place = $"/srv/sgt-{Environment.ProcessId}-{identity}";
        Directory.CreateDirectory(place);
        try
        {
            File.WriteAllText($"{place}/file", "");
            Programs.Run("chmod", "-R", "a+rwX", place).Succeed();
            area.Write("writes.sh", $$"""
                writes() { echo of the cell >> {{place}}/file; touch {{place}}/new; mkdir {{place}}/new; mv {{place}}/file {{place}}/moved; }
                writes; echo ready; read go; writes; exit 0
                """);
            using Process session = area.StartInside([], "/bin/bash", "writes.sh");
            Assert.Equal("ready", session.StandardOutput.ReadLine());
            string process = Leftovers.CellProcesses(area).First()["/proc/".Length..];
            InMountNamespace(process, "mount", "-o", "remount,bind,rw", "/");
            InMountNamespace(process, "/bin/sh", "-c", $"echo of the host >> {place}/file");
            Outcome outcome = Programs.Run(session, "go\n"u8.ToArray()).Succeed();

            // Each line ends with the error: first the mount's, then Landlock's.
            Assert.Equal(
                [.. Enumerable.Repeat("Read-only file system", 4), .. Enumerable.Repeat("Permission denied", 4)],
                outcome.Errors.TrimEnd('\n').Split('\n').Select(line => line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]));
            Assert.Equal("of the host\n", File.ReadAllText($"{place}/file"));
            Assert.Equal([$"{place}/file"], Directory.GetFileSystemEntries(place));
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    private static void InMountNamespace(string process, params string[] command) =>
        Programs.Run("nsenter", ["-t", process, "-m", "--", .. command]).Succeed();
}
