using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Tests.Support;
using Xunit;

namespace ShellGuard.Leash.Tests.Configuration;

/// <summary>What l8ash accepted, or died of while it ran, and what is a mistake of the configuration here.</summary>
public sealed class ConfigurationVectorTests
{
    private const string Hash = "36bbe50ed96841d10443bcb670d6554f0a34b761be67ec9c4a8ad2c0c44ca42c";

    [Fact]
    [Trait("vector", "14")]
    public void Vector_14_nothing_protects_a_word()
    {
        LeashEntry entry = Base.Configuration.Find("ec")!;
        Assert.Equal(
            ["/bin/echo", "a", "b\\", "c", "'q", "r'", "\"s", "t\"", "$HOME", "*", ";", ">", "/tmp/x", "&", "<", "`id`", "#", "z"],
            Assert.Single(entry.Stages).Words);
    }

    [Fact]
    [Trait("vector", "22")]
    public void Vector_22_a_name_twice() => Assert.Equal(
        "5: 'dup' is already the name of line 2",
        Base.Mistake(Base.Entry("/bin/ls", name: "dup").TrimEnd('\n') + "\n" + Base.Entry("/bin/ls", name: "dup")));

    [Theory]
    [InlineData("#h", "2: unreachable name: a line that begins with # is a comment")]
    [InlineData(" e ", "2: unreachable name: a line is trimmed before it is compared")]
    [InlineData("\u3000e", "2: unreachable name: a line is trimmed before it is compared")]
    [InlineData("", "2: unreachable name: it is empty")]
    [Trait("vector", "23")]
    public void Vector_23_a_name_that_no_line_can_have(string name, string mistake) =>
        Assert.Equal(mistake, Base.Mistake(Base.Entry("/bin/ls", name: name)));

    [Fact]
    [Trait("vector", "23")]
    public void Vector_23_a_control_character_in_a_name() => Assert.Equal(
        "2: unreachable name: a line with a control character is refused",
        Base.Mistake("[[whitelist]]\nname = \"a\\u0007b\"\ncommand_line = '/bin/ls'"));

    [Theory]
    [InlineData("/bin/echo hi | | /bin/cat", "a stage of the pipeline is empty")]
    [InlineData("/bin/echo hi || /bin/cat", "a stage of the pipeline is empty")]
    [InlineData("", "the command line is empty")]
    [InlineData("   ", "the command line is empty")]
    [InlineData("| cat", "a stage of the pipeline is empty")]
    [InlineData("ls |", "a stage of the pipeline is empty")]
    [Trait("vector", "24")]
    public void Vector_24_an_empty_stage(string command, string mistake) =>
        Assert.Equal($"3: {mistake}", Base.Mistake(Base.Entry(command)));

    [Theory]
    [InlineData("NOEQ", "'NOEQ' is not KEY=VALUE")]
    [InlineData("=x", "'' is no variable's name")]
    [InlineData("BASH_FUNC_a%%=() { :; }", "'BASH_FUNC_a%%' is no variable's name")]
    [Trait("vector", "25")]
    public void Vector_25_an_environment_that_is_none(string variable, string mistake) =>
        Assert.Equal($"4: {mistake}", Base.Mistake(Base.Entry("/bin/ls", $"env = [\"{variable}\"]")));

    [Fact]
    [Trait("vector", "26"), Trait("vector", "27")]
    public void Vectors_26_and_27_environments()
    {
        LeashEntry entry = Base.Good(Base.Entry("/bin/ls", "env = ['A=1', 'A=2', 'B=b=c', 'EMPTY=']")).Find("x")!;
        Assert.Equal(
            [new("A", "1"), new("A", "2"), new("B", "b=c"), new("EMPTY", "")], entry.Environment);
    }

    [Fact]
    [Trait("vector", "28")]
    public void Vector_28_a_hash_in_either_case() => Assert.Equal(
        [Hash], Base.Good(Base.Entry("/bin/ls", $"integrity = ['{Hash.ToUpperInvariant()}']")).Find("x")!.Integrity);

    [Fact]
    [Trait("vector", "31")]
    public void Vector_31_as_many_hashes_as_stages() => Assert.Equal(
        "4: pipeline depth does not equal to the length of the integrity column. 2:1",
        Base.Mistake(Base.Entry("/bin/ls | /bin/cat", $"integrity = ['{Hash}']")));

    [Theory]
    [InlineData("0")]
    [InlineData("zz")]
    [InlineData("")]
    [InlineData(Hash + "00")]
    [InlineData("36bbe50ed96841d10443bcb670d6554f0a34b761be67ec9c4a8ad2c0c44ca4")]
    [Trait("vector", "32")]
    public void Vector_32_a_hash_that_is_none(string hash) =>
        Assert.EndsWith("is not 64 hex digits", Base.Mistake(Base.Entry("/bin/ls", $"integrity = ['{hash}']")), StringComparison.Ordinal);

    [Theory]
    [InlineData("ls")]
    [InlineData("bin/ls")]
    [InlineData("./ls")]
    [InlineData("/bin/../bin/ls")]
    [InlineData("/bin//ls")]
    [Trait("vector", "33"), Trait("vector", "34"), Trait("vector", "74")]
    public void Vectors_33_34_and_74_a_hash_needs_the_whole_path(string program) => Assert.Equal(
        $"3: '{program}' is not the whole path of a file, which a hash needs",
        Base.Mistake(Base.Entry(program, $"integrity = ['{Hash}']")));

    [Fact]
    [Trait("vector", "74")]
    public void Vector_74_without_a_hash_the_lint_says_it() => Assert.NotNull(Base.Good(Base.Entry("ls")).Find("x"));

    [Fact]
    [Trait("vector", "39")]
    public void Vector_39_an_empty_list_allows_nothing()
    {
        LeashConfiguration nothing = Base.Good("whitelist = []");
        Assert.Empty(nothing.Entries);
        Assert.True(ShellGuard.Leash.Lines.LineLanguage.Judge("ls"u8, nothing).IsDenied);
    }

    [Fact]
    [Trait("vector", "39")]
    public void Vector_39_an_empty_file_is_a_mistake() => Assert.Equal("0: 'whitelist' is missing", Base.Mistake(""));

    [Fact]
    [Trait("vector", "49")]
    public void Vector_49_a_key_that_nobody_knows()
    {
        ConfigurationResult result = Base.Read(Base.Entry("/bin/ls", $"intgrity = ['{Hash}']"));
        Assert.Null(result.Configuration);
        Assert.Contains("unknown key 'intgrity'", result.Describe(), StringComparison.Ordinal);
        Assert.Contains("did you mean integrity?", result.Describe(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("shell_integrity = 'ok'\n")]
    [InlineData("blacklist = []\n")]
    [Trait("vector", "49")]
    public void Vector_49_keys_of_old_that_never_meant_anything(string text) =>
        Assert.NotNull(Base.Good(text + Base.Entry("/bin/ls")));

    [Fact]
    [Trait("vector", "50")]
    public void Vector_50_missing_columns_are_empty_or_where_wanted_a_mistake()
    {
        Assert.Empty(Base.Good(Base.Entry("/bin/ls")).Find("x")!.Integrity);
        Assert.Equal(
            "3: 'env' is missing", Base.Mistake("[compat]\nrequire_columns = true\n" + Base.Entry("/bin/ls", "integrity = []")));
    }

    [Fact]
    [Trait("vector", "67")]
    public void Vector_67_lengths_have_limits_that_can_be_set()
    {
        string fifteen = string.Join(" | ", Enumerable.Repeat("/bin/cat", 15));
        Assert.Equal("3: the pipeline has 15 stages; the limit is 10", Base.Mistake(Base.Entry(fifteen)));
        Assert.Equal(15, Base.Good("[leash]\nmax_stages = 15\n" + Base.Entry(fifteen)).Find("x")!.Stages.Count);
        string text = "/bin/echo " + new string('x', 4096);
        Assert.Equal("3: the command line is longer than 4096 bytes", Base.Mistake(Base.Entry(text)));
        Assert.NotNull(Base.Good("[leash]\nmax_command_bytes = 5000\n" + Base.Entry(text)));
        Assert.Equal("3: 'max_stages' is 1 to 64", Base.Mistake("whitelist = []\n[leash]\nmax_stages = 65"));
    }

    [Fact]
    [Trait("vector", "75")]
    public void Vector_75_sizes_have_limits_that_are_said()
    {
        Assert.Equal(
            "0: the configuration is longer than 1024 KiB", Base.Mistake(new string('#', LeashConfiguration.MaximumBytes + 1)));
        Assert.Equal(
            "2: unreachable name: it is longer than 1024 bytes", Base.Mistake(Base.Entry("/bin/ls", name: new string('n', 10_240))));
        string many = string.Concat(Enumerable.Range(0, LeashConfiguration.MaximumEntries + 1)
            .Select(i => $"[[whitelist]]\nname='{i}'\ncommand_line='/l'\n"));
        Assert.Equal("1: more than 10000 entries", Base.Mistake(many));
    }

    /// <summary>How long it takes is measured by bench/leash.py: a test must not depend on what the machine does besides.
    /// </summary>
    [Fact]
    [Trait("vector", "75")]
    public void Vector_75_a_thousand_entries_load()
    {
        byte[] text = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 1000).Select(
            i => $"[[whitelist]]\nname = 'entry {i}'\ncommand_line = '/bin/echo {i} | /bin/cat'\nenv = ['A={i}']\nintegrity = ['{Hash}', '{Hash}']\n")));
        Assert.Equal(1000, ConfigurationReader.Read("/etc/l.toml", text).Configuration!.Entries.Count);
    }

    [Theory]
    [InlineData("whitelist = 3", "1: 'whitelist' is an array of tables, not an integer")]
    [InlineData("whitelist = ['x']", "1: 'whitelist' holds tables, not a string")]
    [InlineData("[[whitelist]]\nname = 3\ncommand_line = 'x'", "2: 'name' is a string, not an integer")]
    [InlineData("[[whitelist]]\nname = 'x'", "1: 'command_line' is missing")]
    [InlineData("[[whitelist]]\ncommand_line = 'x'", "1: 'name' is missing")]
    [InlineData("[[whitelist]]\nname = 'x'\ncommand_line = \"a\\u0000b\"", "3: the command line has a NUL character, which no program can be given")]
    [InlineData("whitelist = []\n[leash]\ntimeout = 3", "3: 'timeout' is a time such as \"90s\" or \"10m\", not an integer")]
    [InlineData("whitelist = []\n[leash]\nrate = '0/1m'", "3: 'rate' is runs and a time such as \"10/1m\", at most 1000 runs, not \"0/1m\"")]
    [InlineData("whitelist = []\n[leash]\npath = 'bin:/bin'", "3: 'path' holds directories by their paths from the root, with colons between")]
    [InlineData("whitelist = []\n[interpreters]\nsh = 'x'", "3: an interpreter is named by its path from the root")]
    [InlineData("whitelist = []\n[interpreters]\n'/bin/sh' = 'x'", "3: 'x' is not 64 hex digits")]
    [InlineData("whitelist = ", "1: expected a value, found the end of the document")]
    public void Mistakes_name_their_line(string text, string mistake) => Assert.Equal(mistake, Base.Mistake(text));

    [Fact]
    public void What_an_entry_may_say_besides()
    {
        LeashEntry entry = Base.Good(Base.Entry(
            "/bin/ls",
            """
            cwd = "/srv"
            stdin = "null"
            pipefail = "strict"
            timeout = "90s"
            rate = "3/1m"
            noexec = true
            nonet = true
            readonly = true
            max_cpu = "5s"
            max_memory = "64 MiB"
            max_processes = 20
            max_open_files = 30
            max_file_size = "1 MiB"
            """)).Find("x")!;
        Assert.Equal("/srv", entry.WorkingDirectory);
        Assert.Equal(StandardInput.Null, entry.Input);
        Assert.Equal(PipeFail.Strict, entry.PipeFail);
        Assert.Equal(TimeSpan.FromSeconds(90), entry.Timeout);
        Assert.Equal(new RateLimit(3, TimeSpan.FromMinutes(1)), entry.Rate);
        Assert.True(entry is { NoExec: true, NoNet: true, ReadOnly: true, GivesUpPrivileges: true });
        Assert.Equal(
            new EntryLimits
            {
                ProcessorSeconds = 5,
                Memory = 64 << 20,
                Processes = 20,
                OpenFiles = 30,
                FileSize = 1 << 20,
            },
            entry.Limits);
    }
}
