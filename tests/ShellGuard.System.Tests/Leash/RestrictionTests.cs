using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Leash;

/// <summary>What an entry takes from its programs, without a cell. Each attempt has a canary, and the same pipeline without
/// the restriction shows that the attempt would work.</summary>
public sealed class RestrictionTests
{
    /// <summary>Programs that give a shell to whoever types, or whose input does.</summary>
    public static TheoryData<string, string, string> ShellGivers => new()
    {
        { "sh", "/bin/sh", "/usr/bin/touch CANARY\n" },
        { "bash", "/bin/bash", "/usr/bin/touch CANARY\nexec /usr/bin/touch CANARY\n" },
        { "ed", "/bin/ed", "!/usr/bin/touch CANARY\nq\n" },
        { "vi", "/usr/bin/vim -es", ":!/usr/bin/touch CANARY\n:qa!\n" },
        { "awk", "/usr/bin/awk -f -", "BEGIN { system(\"/usr/bin/touch CANARY\") }\n" },
        { "sed", "/bin/sed -n -f - /etc/hostname", "e /usr/bin/touch CANARY\n" },
        { "xargs", "/usr/bin/xargs /usr/bin/touch", "CANARY\n" },
        { "python", "/usr/bin/python3 -", "import os\nos.system('/usr/bin/touch CANARY')\nos.execv('/usr/bin/touch', ['t', 'CANARY'])\n" },
        { "perl", "/usr/bin/perl -", "system('/usr/bin/touch', 'CANARY');\nexec('/usr/bin/touch', 'CANARY');\n" },
        { "find", "/usr/bin/find /etc/hostname -exec /usr/bin/touch CANARY ;", "" },
        { "tar", "/bin/tar -cf CANARY.tar /etc/hostname --checkpoint=1 --checkpoint-action=exec=SCRIPT", "" },
    };

    [Theory]
    [MemberData(nameof(ShellGivers))]
    public void Noexec_starts_no_other_program(string name, string command, string input)
    {
        foreach (Identity identity in Enum.GetValues<Identity>())
        {
            TryToStart(identity, name, command, input);
        }
    }

    private static void TryToStart(Identity identity, string name, string command, string input)
    {
        using LeashArea leash = new(identity);
        string canary = $"{leash.Area.Work}/c";
        string script = leash.Write("script", $"#!/bin/sh\n/usr/bin/touch {canary}\n", 0b111_101_101);
        command = command.Replace("CANARY", canary, StringComparison.Ordinal).Replace("SCRIPT", script, StringComparison.Ordinal);
        leash.Configure(
            LeashArea.Entry("free", command) + LeashArea.Entry("held", command, "noexec = true"));
        input = input.Replace("CANARY", canary, StringComparison.Ordinal);
        leash.Feed($"held\n{input}");
        Assert.False(File.Exists(canary), $"{name} started a program");
        Outcome free = leash.Feed($"free\n{input}");
        Assert.True(File.Exists(canary), $"{name} starts none either where it may:\n{free.Output}\n{free.Errors}");
    }

    [Fact]
    public void Noexec_holds_for_a_static_program_and_for_whatever_it_tries()
    {
        using LeashArea leash = new(Identity.Ordinary);
        string source = leash.Write("try.c", TryEverything, 0b110_100_100);
        string program = $"{leash.Root}/try";
        Programs.Run("gcc", "-static", "-O1", "-o", program, source).Succeed();
        leash.Configure(LeashArea.Entry("held", program, "noexec = true") + LeashArea.Entry("free", program));
        Assert.Equal("refused\n", leash.Line("held").Output);
        Assert.Equal("RAN\n", leash.Line("free").Output);
    }

    [Fact]
    public void Nonet_makes_no_socket()
    {
        using Greeter greeter = new("hello");
        using LeashArea leash = new(Identity.Ordinary);
        string script = leash.Write(
            "net.py", $"import socket\nprint(socket.create_connection(('127.0.0.1', {greeter.Port})).recv(9))\n", 0b110_100_100);
        leash.Configure(
            LeashArea.Entry("free", $"/usr/bin/python3 {script}")
            + LeashArea.Entry("held", $"/usr/bin/python3 {script}", "nonet = true"));
        Assert.Equal(1, leash.Line("held").Status);
        Assert.Equal(0, greeter.Greeted);
        Assert.Equal("b'hello'\n", leash.Line("free").Succeed().Output);
    }

    [Theory]
    [BothIdentities]
    public void Readonly_changes_no_file(Identity identity)
    {
        using LeashArea leash = new(identity);
        string script = leash.Write("change.py", ChangeEverything, 0b110_100_100);
        leash.Configure(
            LeashArea.Entry("free", $"/usr/bin/python3 -B {script}", $"cwd = '{leash.Area.Work}'")
            + LeashArea.Entry("held", $"/usr/bin/python3 -B {script}", $"cwd = '{leash.Area.Work}'\nreadonly = true"));
        foreach (string name in (string[])["a", "b"])
        {
            leash.Area.Write(name, "as it was");
        }

        Outcome held = leash.Line("held");
        Assert.Equal("", held.Output);
        Assert.Equal(["a", "b"], Directory.GetFileSystemEntries(leash.Area.Work).Select(Path.GetFileName).Order());
        Assert.Equal("as it was", File.ReadAllText($"{leash.Area.Work}/a"));
        string[] free = leash.Line("free").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(13, free.Length);
    }

    [Fact]
    public void A_time_out_ends_the_whole_pipeline()
    {
        using LeashArea leash = new(Identity.Ordinary);
        leash.Configure(LeashArea.Entry("x", "/bin/sleep 1000 | /bin/sleep 1000", "timeout = '1s'"));
        Outcome run = leash.Line("x");
        Assert.Equal(143, run.Status);
        Assert.Equal("x: its time is over\n", run.Errors);
        Assert.Contains("\"problem\":\"its time is over\"", leash.Journals, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_ignores_the_time_out_is_killed()
    {
        using LeashArea leash = new(Identity.Ordinary);
        string script = leash.Write("deaf.py", "import signal,time\nsignal.signal(15, signal.SIG_IGN)\ntime.sleep(1000)\n", 0b110_100_100);
        leash.Configure(LeashArea.Entry("x", $"/usr/bin/python3 {script}", "timeout = '1s'"));
        Assert.Equal(137, leash.Line("x").Status);
    }

    [Fact]
    public void Limits_are_those_of_the_entry()
    {
        using LeashArea leash = new(Identity.Ordinary);
        leash.Configure(LeashArea.Entry(
            "x", "/bin/cat /proc/self/limits",
            "max_cpu = '7s'\nmax_memory = '512 MiB'\nmax_processes = 77\nmax_open_files = 33\nmax_file_size = '1 MiB'"));
        string limits = leash.Line("x").Succeed().Output;
        foreach ((string name, string value) in ((string, string)[])
            [
                ("Max cpu time", "7"), ("Max address space", "536870912"), ("Max processes", "77"), ("Max open files", "33"),
                ("Max file size", "1048576"), ("Max core file size", "0"),
            ])
        {
            string line = limits.Split('\n').Single(text => text.StartsWith(name, StringComparison.Ordinal));
            Assert.Equal([value, value], line[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2));
        }
    }

    [Fact]
    public void A_rate_holds_over_sessions()
    {
        using LeashArea leash = new(
            Identity.Ordinary,
            LeashArea.Entry("x", "/bin/echo ran", "rate = '2/1h'") + LeashArea.Entry("y", "/bin/echo other"));
        Assert.Equal(0, leash.Line("x").Status);
        Assert.Equal(0, leash.Line("x").Status);
        Outcome third = leash.Line("x");
        Assert.Equal(("", "permission denied: more than 2/1h runs\n", 126), (third.Output, third.Errors, third.Status));
        Assert.Equal(0, leash.Line("y").Status);
    }

    private const string ChangeEverything =
        """
        import os, shutil
        def attempt(what, *arguments):
            try:
                what(*arguments)
                print(what.__name__)
            except OSError:
                pass
        attempt(lambda: open('new', 'w'))
        attempt(lambda: open('a', 'a').write('x'))
        attempt(lambda: os.close(os.open('a', os.O_RDONLY | os.O_TRUNC)))
        attempt(os.truncate, 'a', 1)
        attempt(os.chmod, 'a', 0o777)
        attempt(os.utime, 'a', (1, 1))
        attempt(os.mkdir, 'd')
        attempt(os.symlink, 'a', 's')
        attempt(os.link, 'a', 'l')
        attempt(os.mkfifo, 'f')
        attempt(os.setxattr, 'a', 'user.x', b'y')
        attempt(os.rename, 'b', 'c')
        attempt(os.unlink, 'a')
        """;

    private const string TryEverything =
        """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/mman.h>
        #include <sys/syscall.h>
        #include <sys/wait.h>
        #include <unistd.h>

        int main(void)
        {
            char *argv[] = { "echo", "RAN", NULL }, *envp[] = { NULL };
            int echo = open("/bin/echo", O_RDONLY), copy = memfd_create("x", 0), status;
            char buffer[65536];
            ssize_t length;
            while ((length = read(echo, buffer, sizeof buffer)) > 0)
                if (write(copy, buffer, length) != length)
                    return 2;
            for (int i = 0; i < 5; i++) {
                if (fork() == 0) {
                    switch (i) {
                    case 0: syscall(SYS_execve, "/bin/echo", argv, envp); break;
                    case 1: syscall(SYS_execveat, echo, "", argv, envp, AT_EMPTY_PATH, 0L); break;
                    case 2: syscall(SYS_execveat, copy, "", argv, envp, AT_EMPTY_PATH, -1L); break;
                    case 3: syscall(SYS_execveat, AT_FDCWD, "/bin/echo", argv, envp, 0); break;
                    case 4: syscall(SYS_execve, "/lib64/ld-linux-x86-64.so.2", (char *[]){ "ld", "/bin/echo", "RAN", NULL }, envp); break;
                    }
                    _exit(9);
                }
                wait(&status);
                if (!WIFEXITED(status) || WEXITSTATUS(status) != 9)
                    return 0;
            }
            puts("refused");
            return 0;
        }
        """;
}
