using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>What a tracer leaves that is killed is never taken for the whole.</summary>
[Collection(LoadedProgramsCollection.Name)]
public sealed class KilledTraceTests
{
    private const int Wait = 600;

    public static TheoryData<Identity, string> Tracers =>
        new() { { Identity.Ordinary, "ptrace" }, { Identity.Root, "ptrace" }, { Identity.Root, "ebpf" } };

    [Theory, MemberData(nameof(Tracers))]
    public void Half_a_recording_is_partial(Identity identity, string backend)
    {
        using TestArea area = new(identity);
        TraceAndKill(area, backend, "import os\nfor i in range(60000):\n  try: os.stat('/no/such/%d-%d' % (i, i * 7919))\n  except OSError: pass\n");
        Outcome import = area.Outside(NativeBinary.Path, "import", "-o", $"{area.Home}/again", $"{area.Home}/own.strace.gz").EndWith(1);
        Assert.Contains("input cut off or damaged in the middle", import.Output, StringComparison.Ordinal);
        Assert.Equal("partial", AuditLines.Of(area, "again").Coverage);
        Assert.Contains("Coverage\\: partial", area.Outside(NativeBinary.Path, "report", $"{area.Home}/again").Succeed().Output, StringComparison.Ordinal);
    }

    /// <summary>The command did so little that its recording was never written either.</summary>
    [Theory, MemberData(nameof(Tracers))]
    public void An_audit_that_was_never_written_is_none(Identity identity, string backend)
    {
        using TestArea area = new(identity);
        TraceAndKill(area, backend, "");
        foreach (string[] verb in (string[][])[["report"], ["learn"], ["export", "bwrap"], ["audit", "merge", "-o", $"{area.Home}/merged"]])
        {
            Outcome reader = area.Outside([NativeBinary.Path, .. verb, $"{area.Home}/own"]).EndWith(125);
            Assert.Contains("own:1: empty, as a tracer leaves it that is killed; import reads what it recorded", reader.Errors, StringComparison.Ordinal);
            Assert.Empty(reader.Output);
        }

        Assert.Contains("own: not to be relied on", area.Outside(NativeBinary.Path, "audit", "verify", $"{area.Home}/own").EndWith(1).Output, StringComparison.Ordinal);
        int status = area.Outside(NativeBinary.Path, "import", $"{area.Home}/own.strace.gz").Status;
        Assert.True(status is 1 or 2 or 125, $"{status}");
    }

    /// <summary>A tracer is ended anywhere: between two lines the packed text ends well, and still is half of one.</summary>
    [Fact]
    public void Wherever_a_recording_ends_it_is_not_complete()
    {
        using TestArea area = new(Identity.Ordinary);
        area.Outside(NativeBinary.Path, "trace", "-q", "-o", $"{area.Home}/own", "--", "sh", "-c", "cat /etc/hostname; true").Succeed();
        byte[] packed = File.ReadAllBytes($"{area.Home}/own.strace.gz");
        foreach (int length in (int[])[1, 9, 10, 11, packed.Length / 3, packed.Length / 2, packed.Length - 9, packed.Length - 8, packed.Length - 1])
        {
            AssertNotComplete(area, packed[..length], $"{length} of {packed.Length} bytes");
        }

        using GZipStream text = new(new MemoryStream(packed), CompressionMode.Decompress);
        string[] lines = new StreamReader(text, Encoding.Latin1).ReadToEnd().TrimEnd('\n').Split('\n');
        for (int kept = 1; kept < lines.Length; kept += Math.Max(1, lines.Length / 20))
        {
            AssertNotComplete(area, Encoding.Latin1.GetBytes(string.Join('\n', lines[..kept]) + "\n"), $"{kept} of {lines.Length} lines");
        }
    }

    private static void AssertNotComplete(TestArea area, byte[] recording, string what)
    {
        File.WriteAllBytes($"{area.Work}/cut", recording);
        Outcome import = area.Outside(NativeBinary.Path, "import", "cut");
        Assert.True(import.Status is 1 or 2 or 125, $"{what}: {import.Status} {import.Output}");
        Assert.DoesNotContain("coverage: complete", import.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("should not happen", import.Errors, StringComparison.Ordinal);
    }

    /// <summary>Kills the tracer while its command waits behind its work; what the command leaves is ended.</summary>
    private static void TraceAndKill(TestArea area, string backend, string work)
    {
        area.Write("work.py", $"{work}import os, time\nprint(os.getpid(), os.getppid(), flush=True)\ntime.sleep({Wait})\n");
        using Process started = area.StartOutside(
            NativeBinary.Path, "trace", "-q", "--backend", backend, "-o", $"{area.Home}/own", "--", "/usr/bin/python3", "-I", "work.py");
        string[] numbers = started.StandardOutput.ReadLine()!.Split(' ');
        Programs.Run("kill", "-KILL", numbers[1]).Succeed();
        Programs.Run("kill", "-KILL", numbers[0]);
        started.WaitForExit();
    }
}
