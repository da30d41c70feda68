using System.Diagnostics;
using System.Text;
using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Audit;

/// <summary>Who reads a recording can do nothing else any more, and reads as well as before.</summary>
public sealed class ConfinedReadingTests
{
    private const string Line = "10 openat(AT_FDCWD, \"/etc/hostname\", O_RDONLY) = 3\n";

    /// <summary>Every verb that reads what others wrote and runs nothing, reading it from standard input.</summary>
    private static readonly string[][] Readers =
    [
        ["import", "-"], ["report", "-"], ["learn", "-"], ["export", "systemd", "-"], ["export", "leash", "-"],
        ["verify", "--permissive", "--audit", "-", "dead"], ["audit", "verify", "-"], ["audit", "explain", "-", "/etc"],
        ["audit", "diff", "-", "/dev/null"], ["audit", "merge", "-o", "merged", "-"],
    ];

    [Theory, BothIdentities]
    public void All_threads_of_the_process_that_reads_are_confined(Identity identity)
    {
        using TestArea area = new(identity);
        foreach (string[] verb in Readers)
        {
            // It has read what there is, and waits for more.
            using Process reading = area.StartOutside([NativeBinary.Path, .. verb]);
            byte[] beginning = Encoding.ASCII.GetBytes(verb[0] == "import" ? Line : "{");
            reading.StandardInput.BaseStream.Write(beginning);
            reading.StandardInput.BaseStream.Flush();

            // Whoever changes the user for it becomes it.
            int process = reading.Id;
            string status = "";
            Stopwatch watch = Stopwatch.StartNew();
            while (!status.Contains("\nSeccomp:\t2", StringComparison.Ordinal) && watch.Elapsed < Programs.Patience)
            {
                Thread.Sleep(10);
                status = File.ReadAllText($"/proc/{process}/status");
            }

            Assert.Contains("\nNoNewPrivs:\t1\n", status, StringComparison.Ordinal);
            Assert.All(
                Directory.GetDirectories($"/proc/{process}/task"),
                thread => Assert.Contains("\nSeccomp:\t2\n", File.ReadAllText($"{thread}/status"), StringComparison.Ordinal));
            reading.StandardInput.Close();
            Assert.True(reading.WaitForExit(Programs.Patience));
        }
    }

    [Theory, BothIdentities]
    public void Everything_that_is_read_confined_comes_out(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("log", Line);
        area.OutsideShell("gzip -k log; xz -k log; mkdir ff; cp log ff/t.10; cp log ff/t.11").Succeed();
        foreach (string input in (string[])["log", "log.gz", "log.xz", "ff"])
        {
            area.Outside(NativeBinary.Path, "import", "-o", $"{area.Home}/{input}.audit", input);
            Assert.Contains("read /etc/hostname success", AuditLines.Of(area, $"{input}.audit").Accesses);
            foreach (string form in (string[])["html", "md", "json"])
            {
                area.Outside(NativeBinary.Path, "report", "-o", $"{area.Home}/{input}.{form}", $"{area.Home}/{input}.audit").Succeed();
                Assert.Contains("/etc/hostname", File.ReadAllText($"{area.Root}/home/{input}.{form}"), StringComparison.Ordinal);
            }
        }
    }

    [Theory, BothIdentities]
    public void Everything_that_is_made_of_an_audit_comes_out(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("log", "10 execve(\"/usr/bin/cat\", [\"cat\", \"/etc/hostname\"], 0x7ffd /* 3 vars */) = 0\n" + Line + "10 +++ exited with 0 +++\n");
        area.Outside(NativeBinary.Path, "import", "-o", "x.audit", "log").EndWith(1);
        area.OutsideShell("cp log again").Succeed();
        area.Outside(NativeBinary.Path, "import", "-o", "y.audit", "again").EndWith(1);
        area.Outside(NativeBinary.Path, "audit", "merge", "-o", "all.audit", "x.audit", "y.audit").Succeed();
        Assert.Contains("same as then", area.Outside(NativeBinary.Path, "audit", "verify", "all.audit").Succeed().Output, StringComparison.Ordinal);
        Outcome why = area.Outside(NativeBinary.Path, "audit", "explain", "all.audit", "/etc/hostname").Succeed();
        Assert.Contains("10 openat(AT_FDCWD", why.Output, StringComparison.Ordinal);
        Assert.Contains(", 0 gone,", area.Outside(NativeBinary.Path, "audit", "diff", "x.audit", "all.audit").Succeed().Output, StringComparison.Ordinal);
        area.Outside(NativeBinary.Path, "learn", "-o", "x.toml", "all.audit").Succeed();
        area.Outside(NativeBinary.Path, "verify", "--permissive", "--audit", "all.audit", "./x.toml").Succeed();
        string targets = area.Outside(NativeBinary.Path, "export", "no-such-target", "all.audit").EndWith(125).Errors;
        string[] names = targets[(targets.IndexOf("there are ", StringComparison.Ordinal) + "there are ".Length)..].Trim().Split(", ");
        Assert.True(names.Length > 10, targets);
        foreach (string name in names)
        {
            Assert.NotEmpty(area.Outside(NativeBinary.Path, "export", name, "all.audit").Succeed().Output);
        }
    }

    [Theory, BothIdentities]
    public void What_a_failed_attempt_leaves_empty_the_next_one_fills(Identity identity)
    {
        using TestArea area = new(identity);
        area.Write("nothing", "no recording\n");
        area.Write("log", Line);
        Outcome failed = area.Outside(NativeBinary.Path, "import", "-o", $"{area.Home}/audit", "nothing").EndWith(125);
        Assert.Contains("audit stays empty", failed.Errors, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo($"{area.Root}/home/audit").Length);
        area.Outside(NativeBinary.Path, "import", "-o", $"{area.Home}/audit", "log").EndWith(1);
        Outcome again = area.Outside(NativeBinary.Path, "import", "-o", $"{area.Home}/audit", "log").EndWith(125);
        Assert.Contains("evidence is not written over", again.Errors, StringComparison.Ordinal);
    }
}
