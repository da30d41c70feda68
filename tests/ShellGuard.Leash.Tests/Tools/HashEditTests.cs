using System.Text;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Tests.Support;
using ShellGuard.Leash.Tools;
using Xunit;

namespace ShellGuard.Leash.Tests.Tools;

public sealed class HashEditTests
{
    private static readonly string One = new('1', 64);
    private static readonly string Two = new('2', 64);

    [Fact]
    public void Hashes_are_written_and_nothing_else_changes()
    {
        string text =
            $"""
            # kept
            [[whitelist]]
            name = "a"      # kept too
            command_line = "/bin/a | /bin/b"
            integrity = [
              "{Two}", # an old one: ]
              '{Two}',
            ]
            [[whitelist]]
            name = "b"
            command_line = '''/bin/c'''
            """;
        string expected =
            $"""
            # kept
            [[whitelist]]
            name = "a"      # kept too
            command_line = "/bin/a | /bin/b"
            integrity = ["{One}", "{Two}"]
            [[whitelist]]
            name = "b"
            integrity = ["{One}"]
            command_line = '''/bin/c'''

            [interpreters]
            '/bin/sh' = "{Two}"

            """;
        LeashConfiguration read = Base.Good(text);
        HashList hashes = new(
            [(read.Entries[0], [One, Two]), (read.Entries[1], [One])],
            new Dictionary<string, string> { ["/bin/sh"] = Two }, []);
        byte[]? edited = HashEdit.Apply(Encoding.UTF8.GetBytes(text), read, hashes, out string? problem);
        Assert.Null(problem);
        Assert.Equal(expected, Encoding.UTF8.GetString(edited!));
    }

    [Fact]
    public void A_known_interpreter_gets_its_new_hash_and_an_unknown_one_a_line()
    {
        string text = $"whitelist = []\n[interpreters]\n\"/bin/sh\" = \"{One}\"\n[leash]\nhelp = true\n";
        HashList hashes = new([], new Dictionary<string, string> { ["/bin/sh"] = Two, ["/usr/bin/perl"] = One }, []);

        // An inline list is for a person to edit; the entries decide that.
        Assert.Null(HashEdit.Apply(Encoding.UTF8.GetBytes(text), Base.Good(text), hashes, out string? problem));
        Assert.Contains("by hand", problem, StringComparison.Ordinal);
        text = Base.Entry("/bin/ls") + text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
        string edited = Encoding.UTF8.GetString(
            HashEdit.Apply(Encoding.UTF8.GetBytes(text), Base.Good(text), hashes, out _)!);
        Assert.Contains($"[interpreters]\n'/usr/bin/perl' = \"{One}\"\n\"/bin/sh\" = \"{Two}\"\n", edited, StringComparison.Ordinal);
    }
}
