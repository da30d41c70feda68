using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Leash;

/// <summary>The vectors of l8ash in which something runs, through the real program.</summary>
public sealed class VectorTests
{
    private const string Base =
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
        [[whitelist]]
        name = "a|b"
        command_line = "/bin/echo pipe-in-name"
        [[whitelist]]
        name = "ec"
        command_line = "/bin/echo a b\\ c 'q  r' \"s t\" $HOME * ; > /tmp/x & < `id` # z"
        [[whitelist]]
        name = "env"
        command_line = "/usr/bin/env"
        env = ["A=1", "A=2", "B=b=c", "EMPTY="]
        [[whitelist]]
        name = "no"
        command_line = "/bin/false"
        [[whitelist]]
        name = "yes"
        command_line = "/usr/bin/yes | /usr/bin/head -n 1"
        [[whitelist]]
        name = "cat"
        command_line = "/bin/cat"
        [[whitelist]]
        name = "fds"
        command_line = "/bin/ls /proc/self/fd"
        """;

    [Theory]
    [BothIdentities]
    [Trait("vector", "1"), Trait("vector", "2"), Trait("vector", "3"), Trait("vector", "4")]
    [Trait("vector", "5"), Trait("vector", "6"), Trait("vector", "7"), Trait("vector", "8")]
    [Trait("vector", "9"), Trait("vector", "10"), Trait("vector", "11"), Trait("vector", "12")]
    [Trait("vector", "13"), Trait("vector", "14"), Trait("vector", "15"), Trait("vector", "16")]
    [Trait("vector", "18"), Trait("vector", "40"), Trait("vector", "66")]
    public void Lines_run_or_not_as_in_l8ash(Identity identity)
    {
        using LeashArea leash = new(identity, Base);
        (int Vector, string Line, string Output, string Errors, int Status)[] vectors =
        [
            (1, "ls1\n", "/etc/hostname\n", "", 0),
            (2, "  ls1  \n", "/etc/hostname\n", "", 0),
            (3, "ls1\r\n", "/etc/hostname\n", "", 0),
            (4, "ls1", "/etc/hostname\n", "", 0),
            (5, "ls1 -l\n", "", "permission denied\n", 126),
            (6, "/bin/ls\n", "", "permission denied\n", 126),
            (7, "LS1\n", "", "permission denied\n", 126),
            (8, "two words\n", "spaced\n", "", 0),
            (9, "two  words\n", "", "permission denied\n", 126),
            (10, "a|b\n", "pipe-in-name\n", "", 0),
            (11, "ls1 | envg\n", "", "permission denied\n", 126),
            (12, "ls1;ls1\nls1 && ls1\n$(ls1)\n", "", "permission denied\npermission denied\npermission denied\n", 126),
            (13, "envg\n", "KORE=ok\n", "", 0),
            (14, "ec\n", "a b\\ c 'q r' \"s t\" $HOME * ; > /tmp/x & < `id` # z\n", "", 0),
            (15, "# x\n   # x\n#!/bin/sh\n\n\t\n", "", "", 0),
            (16, "ls1 # x\n", "", "permission denied\n", 126),
            (18, "l\0s1\n", "", "permission denied\n", 126),
            (40, "ls1\nno\n", "/etc/hostname\n", "", 1),
            (40, "no\nls1\n", "/etc/hostname\n", "", 0),
            (66, "yes\n", "y\n", "", 0),
        ];
        foreach ((int vector, string line, string output, string errors, int status) in vectors)
        {
            Outcome run = leash.Feed(line);
            Assert.True(
                (run.Output, run.Errors, run.Status) == (output, errors, status),
                $"vector {vector}: status {run.Status}\n{run.Output}\n{run.Errors}");
        }

        Assert.False(File.Exists("/tmp/x"));
    }

    [Fact]
    [Trait("vector", "17")]
    public void Vector_17_bytes_that_are_no_text_do_not_end_the_shell()
    {
        using LeashArea leash = new(Identity.Root, Base);
        Outcome run = leash.Feed([0xff, 0xfe, (byte)'\n', .. "ls1\n"u8]);
        Assert.Equal("/etc/hostname\n", run.Output);
        Assert.Equal("invalid UTF-8\n", run.Errors);
    }

    [Fact]
    [Trait("vector", "26"), Trait("vector", "27"), Trait("vector", "36")]
    public void Vectors_26_27_and_36_the_environment_is_put_together_from_nothing()
    {
        using LeashArea leash = new(Identity.Ordinary, Base);
        Outcome run = leash.Line(
            "env", ("LD_PRELOAD", "/tmp/evil.so"), ("BASH_ENV", "/tmp/evil"), ("TERM", "../../evil"), ("LANG", "/tmp/evil"),
            ("LC_ALL", "C.UTF-8"), ("GCONV_PATH", "/tmp"), ("PYTHONPATH", "/tmp"), ("LESSOPEN", "|sh %s"));
        Assert.Equal(
            string.Join('\n', (string[])
            [
                "A=2", "B=b=c", "EMPTY=", "GIT_PAGER=cat", "HOME=/home/shellguard-test", "LC_ALL=C.UTF-8", "LESSSECURE=1",
                "LOGNAME=shellguard-test", "MANPAGER=cat", "PAGER=cat",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "SYSTEMD_PAGER=cat",
                "SYSTEMD_PAGERSECURE=1", "USER=shellguard-test", "",
            ]),
            run.Output);
    }

    [Fact]
    public void Variables_are_inherited_where_the_configuration_names_them()
    {
        using LeashArea leash = new(Identity.Root, "[leash]\ninherit_env = ['CHOSEN']\n" + LeashArea.Entry("e", "/usr/bin/env"));
        Assert.Contains("\nCHOSEN=x\n", "\n" + leash.Line("e", ("CHOSEN", "x")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/bin/nosuch", "/bin/nosuch: No such file or directory\n", 127)]
    [InlineData("/bin/nosuch | /bin/cat", "/bin/nosuch: No such file or directory\n", 127)]
    [InlineData("/bin/echo x | /bin/nosuch | /bin/cat", "/bin/nosuch: No such file or directory\n", 127)]
    [InlineData("/etc", "/etc: Is a directory\n", 126)]
    [InlineData("/etc/passwd", "/etc/passwd: Permission denied\n", 126)]
    [Trait("vector", "41"), Trait("vector", "42"), Trait("vector", "43")]
    public void Vectors_41_to_43_a_program_that_is_not_there(string command, string errors, int status)
    {
        using LeashArea leash = new(Identity.Root, LeashArea.Entry("x", command) + LeashArea.Entry("ok", "/bin/echo alive"));
        Outcome run = leash.Line("x");
        Assert.Equal(("", errors, status), (run.Output, run.Errors, run.Status));
        Assert.Equal("alive\n", leash.Feed("x\nok\n").Output);
    }

    [Fact]
    [Trait("vector", "43")]
    public void Vector_43_no_stage_starts_where_one_is_missing()
    {
        using LeashArea leash = new(Identity.Root);
        leash.Configure(LeashArea.Entry("x", $"/usr/bin/touch {leash.Area.Work}/started | /bin/nosuch"));
        Assert.Equal(127, leash.Line("x").Status);
        Assert.False(File.Exists($"{leash.Area.Work}/started"));
    }

    [Fact]
    [Trait("vector", "51")]
    public void Vector_51_a_pipeline_reads_on_where_its_line_ended()
    {
        using LeashArea leash = new(Identity.Root, Base);
        Assert.Equal("for the pipeline\nmore\n", leash.Feed("cat\nfor the pipeline\nmore\n").Output);
    }

    [Fact]
    [Trait("vector", "52")]
    public void Vector_52_a_script_and_nothing_behind_it()
    {
        using LeashArea leash = new(Identity.Root, Base);
        string script = leash.Write("x.lsh", "#!/usr/bin/leash\n\nls1\nnot listed\n", 0b111_101_101);
        Outcome run = Programs.Run(leash.Start(["--config", leash.Configuration, script]), null);
        Assert.Equal(("/etc/hostname\n", "permission denied\n", 126), (run.Output, run.Errors, run.Status));
        Assert.Equal(64, Programs.Run(leash.Start(["--config", leash.Configuration, script, "argument"]), null).Status);
        Assert.Equal(127, Programs.Run(leash.Start(["--config", leash.Configuration, "/not/there"]), null).Status);
    }

    [Theory]
    [InlineData("ls1\nls1")]
    [InlineData("/usr/lib/openssh/sftp-server")]
    [InlineData("scp -t .")]
    [InlineData("rsync --server -e.LsfxCIvu . .")]
    [InlineData("git-upload-pack 'x'")]
    [Trait("vector", "53"), Trait("vector", "54")]
    public void Vectors_53_and_54_one_line_is_one_line(string line)
    {
        using LeashArea leash = new(Identity.Ordinary, Base);
        Outcome run = leash.Line(line);
        Assert.Equal(("", "permission denied\n", 126), (run.Output, run.Errors, run.Status));
        Assert.Equal(126, leash.Line("leash", ("SSH_ORIGINAL_COMMAND", line)).Status);
    }

    [Fact]
    [Trait("vector", "53")]
    public void Vector_53_a_forced_command_runs_what_ssh_was_asked_for()
    {
        using LeashArea leash = new(Identity.Ordinary, Base);
        Assert.Equal("/etc/hostname\n", leash.Line("/usr/bin/leash", ("SSH_ORIGINAL_COMMAND", "ls1")).Output);
        Assert.Equal(
            "/etc/hostname\n",
            Programs.Run(leash.Start(["--config", leash.Configuration], ("SSH_ORIGINAL_COMMAND", "ls1")), null).Output);
    }

    [Fact]
    [Trait("vector", "68")]
    public void Vector_68_nothing_but_the_standard_descriptors_is_inherited()
    {
        using LeashArea leash = new(Identity.Root, Base);
        Outcome run = Programs.Run(
            "/bin/bash", "-c", $"exec 7</etc/passwd 8</etc; SHELLGUARD_STATE={leash.Area.State} {leash.Program} --config "
            + $"{leash.Configuration} -c fds");

        // The fourth is the directory that ls reads.
        Assert.Equal("0\n1\n2\n3\n", run.Succeed().Output);
    }

    [Fact]
    [Trait("vector", "40")]
    public void Vector_40_statuses_can_be_left_out_again()
    {
        using LeashArea leash = new(Identity.Root, "[compat]\nexit_zero = true\n" + LeashArea.Entry("no", "/bin/false"));
        Assert.Equal(0, leash.Feed("no\n").Status);
    }

    [Theory]
    [InlineData("default", "/bin/false | /bin/true", 1)]
    [InlineData("last", "/bin/false | /bin/true", 0)]
    [InlineData("default", "/usr/bin/yes | /usr/bin/head -n 1", 0)]
    [InlineData("strict", "/usr/bin/yes | /usr/bin/head -n 1", 141)]
    [InlineData("default", "/bin/true | /bin/false", 1)]
    [Trait("vector", "40"), Trait("vector", "66")]
    public void Vectors_40_and_66_statuses_of_pipelines(string rule, string command, int status)
    {
        using LeashArea leash = new(Identity.Root, LeashArea.Entry("x", command, $"pipefail = '{rule}'"));
        Assert.Equal(status, leash.Line("x").Status);
    }

    [Fact]
    [Trait("vector", "37")]
    public void Vector_37_nothing_is_unrestricted_unless_it_is_asked_for_by_somebody_free()
    {
        using LeashArea leash = new(Identity.Ordinary);
        Outcome without = Programs.Run(leash.Start(["-c", "id -un"]), null);
        Assert.Equal(78, without.Status);
        Assert.Contains("no configuration", without.Errors, StringComparison.Ordinal);
        Assert.Equal("shellguard-test\n", Programs.Run(leash.Start(["--unrestricted", "-c", "id -un"]), null).Output);
        Assert.Equal(64, Programs.Run(leash.Start(["--unrestricted", "--login", "-c", "id -un"]), null).Status);
        Assert.Equal(
            64, Programs.Run(leash.Start(["--unrestricted", "-c", "id -un"], ("SSH_CONNECTION", "x")), null).Status);
    }

    [Fact]
    [Trait("vector", "56")]
    public void Vector_56_nothing_prints_what_the_environment_holds()
    {
        using LeashArea leash = new(Identity.Ordinary, LeashArea.Entry("x", "/bin/true", "env = ['TOKEN=s3cret']"));
        foreach (string option in (string[])["-d", "--debug"])
        {
            Outcome debug = Programs.Run(leash.Start([option, "--config", leash.Configuration, "-c", "x"], ("PASSWORD", "s3cret")), null);
            Assert.Equal(64, debug.Status);
            Assert.DoesNotContain("s3cret", debug.Output + debug.Errors, StringComparison.Ordinal);
        }

        leash.Line("x", ("PASSWORD", "s3cret")).Succeed();
        string said = Programs.Run($"{leash.Root}/shellguard", "leash", "why", "x", "--config", leash.Configuration).Succeed().Output;
        Assert.DoesNotContain("s3cret", said + leash.Journals, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("vector", "67")]
    public void Vector_67_long_pipelines_run_where_the_configuration_lets_them()
    {
        string word = new('w', 400);
        using LeashArea leash = new(
            Identity.Ordinary,
            "[leash]\nmax_stages = 15\n" + LeashArea.Entry(
                "x", $"/bin/echo {word} | {string.Join(" | ", Enumerable.Repeat("/bin/cat", 14))}"));
        Assert.Equal(word + "\n", leash.Line("x").Succeed().Output);
        leash.Configure(File.ReadAllText(leash.Configuration).Replace("15", "14", StringComparison.Ordinal));
        Outcome over = leash.Line("x").EndWith(78);
        Assert.Contains("the pipeline has 15 stages; the limit is 14", over.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("vector", "38")]
    public void Vector_38_a_configuration_that_cannot_be_read_is_none()
    {
        using LeashArea leash = new(Identity.Ordinary);
        File.SetUnixFileMode(leash.Configuration, UnixFileMode.None);
        Outcome run = leash.Line("id");
        Assert.Equal(78, run.Status);
        Assert.Contains($"{leash.Configuration} cannot be used: it cannot be read", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("vector", "55")]
    public void Vector_55_a_login_shell_by_its_name()
    {
        using LeashArea leash = new(Identity.Ordinary, Base);
        Outcome run = Programs.Run(
            Programs.Start(
                [.. leash.Account.Prefix, "/bin/bash", "-c", $"exec -a -leash {leash.Program} --config {leash.Configuration}"],
                leash.Area.Work, leash.Area.Environment),
            "ls1\n"u8.ToArray());
        Assert.Equal("/etc/hostname\n", run.Output);

        // A login shell keeps its journal where the user cannot say.
        Assert.Empty(leash.Area.Sessions);
    }

    [Fact]
    public void A_setgid_leash_takes_no_library_of_the_callers_and_keeps_no_group()
    {
        using LeashArea leash = new(Identity.Ordinary, LeashArea.Entry("groups", "/usr/bin/id -Gn"));
        string source = leash.Write(
            "evil.c", "#include <stdio.h>\n__attribute__((constructor)) static void f(void) { puts(\"EVIL\"); fflush(stdout); }\n",
            0b110_100_100);
        Programs.Run("gcc", "-shared", "-fPIC", "-o", $"{leash.Root}/evil.so", source).Succeed();
        Assert.Contains("EVIL", leash.Line("groups", ("LD_PRELOAD", $"{leash.Root}/evil.so")).Output, StringComparison.Ordinal);
        leash.Secure();
        Outcome secure = Programs.Run(
            Programs.Start(
                [
                    .. leash.Account.Prefix, "/usr/bin/env", $"LD_PRELOAD={leash.Root}/evil.so", leash.Program, "--config",
                    leash.Configuration, "-c", "groups",
                ],
                "/"),
            null);
        Assert.Equal("shellguard-test\n", secure.Succeed().Output);
    }

    [Fact]
    [Trait("vector", "48")]
    public void Vector_48_a_login_shell_refuses_what_its_user_can_write()
    {
        using LeashArea leash = new(Identity.Ordinary);
        string own = leash.Area.Write("own.toml", Base);
        Outcome free = Programs.Run(leash.Start(["--config", own, "-c", "ls1"]), null);
        Assert.Equal("/etc/hostname\n", free.Output);
        Assert.Contains("holds nobody", free.Errors, StringComparison.Ordinal);
        Outcome held = Programs.Run(leash.Start(["--login", "--config", own, "-c", "ls1"]), null);
        Assert.Equal(("", 78), (held.Output, held.Status));
        Assert.Equal(78, Programs.Run(leash.Start(["--config", own, "-c", "ls1"], ("SSH_CLIENT", "x")), null).Status);
    }
}
