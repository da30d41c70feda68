using ShellGuard.System.Tests.Support;
using Xunit;

namespace ShellGuard.System.Tests.Leash;

/// <summary>Shared libraries, where the configuration wants them checked.</summary>
public sealed class LibraryTests
{
    [Theory]
    [BothIdentities]
    public void A_library_that_is_another_keeps_the_program_from_starting(Identity identity)
    {
        using LeashArea leash = new(identity);
        string library = Build(leash, "answer", "int answer(void) { return 42; }");
        leash.Write("main.c", "#include <stdio.h>\nint answer(void);\nint main(void) { printf(\"%d\\n\", answer()); return 0; }\n", 0b110_100_100);
        Programs.Run(
            "gcc", "-o", $"{leash.Root}/program", $"{leash.Root}/main.c", $"-L{leash.Root}", "-lanswer", "-Wl,-rpath,$ORIGIN").Succeed();
        leash.Configure(LeashArea.Entry("x", $"{leash.Root}/program | /bin/cat", "libraries = true"));
        Outcome unhashed = leash.Line("x");
        Assert.Equal(("", 126), (unhashed.Output, unhashed.Status));
        Assert.StartsWith("no checksums for x; ", unhashed.Errors, StringComparison.Ordinal);
        Hash(leash);
        string text = File.ReadAllText(leash.Configuration);
        Assert.Contains($"'{library}' = \"{LeashArea.Hash(library)}\"", text, StringComparison.Ordinal);
        Assert.Contains("'/lib64/ld-linux-x86-64.so.2' = ", text, StringComparison.Ordinal);
        Assert.Contains("libc.so.6' = ", text, StringComparison.Ordinal);
        Assert.Equal("42\n", leash.Line("x").Succeed().Output);

        Build(leash, "answer", "int answer(void) { return 666; }");
        Outcome changed = leash.Line("x");
        Assert.Equal(("", 126), (changed.Output, changed.Status));
        Assert.StartsWith($"invalid checksum for {library}: ", changed.Errors, StringComparison.Ordinal);
        Assert.Contains("invalid checksum", Tool(leash, "verify").EndWith(1).Output, StringComparison.Ordinal);
        Hash(leash);
        Assert.Equal("666\n", leash.Line("x").Succeed().Output);

        // One that is not on the list, and one that others can write.
        leash.Configure(string.Join('\n', File.ReadAllLines(leash.Configuration).Where(line => !line.Contains(library, StringComparison.Ordinal))));
        Assert.Equal($"no checksum for the library {library}\n", leash.Line("x").EndWith(126).Errors);
        Hash(leash);
        File.SetUnixFileMode(library, (UnixFileMode)0b111_111_111);
        Assert.Contains(
            $"the library {library} could be exchanged: everybody can write {library}", leash.Line("x").EndWith(126).Errors,
            StringComparison.Ordinal);
    }

    /// <summary>What is not there when the leash looks could be there when the loader does.</summary>
    [Theory]
    [InlineData("$ORIGIN/later", "", "everybody can write")]
    [InlineData("$ORIGIN/later/below", "", "everybody can write")]
    [InlineData("$ORIGIN/root", "root/tls", "has libraries as old loaders look for them")]
    [InlineData("$ORIGIN/root", "root/glibc-hwcaps/x86-64-v3+", "everybody can write")]
    public void A_place_where_others_could_put_a_library_keeps_the_program_from_starting(string place, string made, string why)
    {
        using LeashArea leash = new(Identity.Root);
        string library = Build(leash, "answer", "int answer(void) { return 42; }");
        leash.Write("main.c", "int answer(void);\nint main(void) { return answer() - 42; }\n", 0b110_100_100);
        Programs.Run(
            "gcc", "-o", $"{leash.Root}/program", $"{leash.Root}/main.c", $"-L{leash.Root}", "-lanswer",
            $"-Wl,-rpath,{place}:$ORIGIN").Succeed();
        Directory.CreateDirectory($"{leash.Root}/later");
        File.SetUnixFileMode($"{leash.Root}/later", (UnixFileMode)0b111_111_111);
        Directory.CreateDirectory($"{leash.Root}/{made.TrimEnd('+')}");
        if (made.EndsWith('+'))
        {
            File.SetUnixFileMode($"{leash.Root}/{made.TrimEnd('+')}", (UnixFileMode)0b111_111_111);
        }

        leash.Configure(LeashArea.Entry("x", $"{leash.Root}/program", "libraries = true"));
        Outcome hashed = Tool(leash, "hash", "--write");
        Assert.NotEqual(0, hashed.Status);
        Assert.Contains(why, hashed.Errors + hashed.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(library));
    }

    [Fact]
    public void A_static_program_has_none_and_a_script_has_its_interpreters()
    {
        using LeashArea leash = new(Identity.Root);
        leash.Write("main.c", "#include <unistd.h>\nint main(void) { return write(1, \"static\\n\", 7) == 7 ? 0 : 1; }\n", 0b110_100_100);
        Programs.Run("gcc", "-static", "-o", $"{leash.Root}/static", $"{leash.Root}/main.c").Succeed();
        leash.Configure(LeashArea.Entry("static", $"{leash.Root}/static", "libraries = true"));
        Hash(leash);
        Assert.DoesNotContain("[libraries]", File.ReadAllText(leash.Configuration), StringComparison.Ordinal);
        Assert.Equal("static\n", leash.Line("static").Succeed().Output);
        string script = leash.Write("script", "#!/bin/sh\necho script\n", 0b111_101_101);
        leash.Configure(LeashArea.Entry("script", script, "libraries = true"));
        Hash(leash);
        Assert.Contains("libc.so.6' = ", File.ReadAllText(leash.Configuration), StringComparison.Ordinal);
        Assert.Equal("script\n", leash.Line("script").Succeed().Output);
    }

    [Fact]
    public void With_variables_of_the_loader_nothing_is_checked_and_so_nothing_runs()
    {
        using LeashArea leash = new(
            Identity.Root,
            LeashArea.Entry("x", "/bin/true", $"libraries = true\nintegrity = ['{LeashArea.Hash("/bin/true")}']\nenv = ['LD_LIBRARY_PATH=/tmp']"));
        Outcome run = leash.Line("x");
        Assert.Equal(78, run.Status);
        Assert.Contains("with LD_ variables the loader takes other libraries", run.Errors, StringComparison.Ordinal);
    }

    private static string Build(LeashArea leash, string name, string source)
    {
        string file = leash.Write($"{name}.c", source + "\n", 0b110_100_100);
        string library = $"{leash.Root}/lib{name}.so";
        Programs.Run("gcc", "-shared", "-fPIC", "-o", library, file).Succeed();
        return library;
    }

    private static void Hash(LeashArea leash) => Tool(leash, "hash", "--write").Succeed();

    private static Outcome Tool(LeashArea leash, string verb, params string[] words) => Programs.Run(
        $"{leash.Root}/shellguard", ["leash", verb, .. words, "--config", leash.Configuration]);
}
