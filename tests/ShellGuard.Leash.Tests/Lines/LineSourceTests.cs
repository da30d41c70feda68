using ShellGuard.Leash.Lines;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;
using Xunit;

namespace ShellGuard.Leash.Tests.Lines;

public sealed class LineSourceTests
{
    [Theory]
    [InlineData("a\nb\n", "a,b")]
    [InlineData("a\nb", "a,b")]
    [InlineData("", "")]
    [InlineData("\n\n", ",")]
    [InlineData("ls1\r\n", "ls1\r")]
    public void Lines_end_at_a_line_feed_or_at_the_end(string text, string lines)
    {
        Assert.Equal(lines, string.Join(',', Read(text, shared: false)));
        Assert.Equal(lines, string.Join(',', Read(text, shared: true)));
    }

    [Fact]
    public void What_follows_a_line_is_left_for_its_pipeline()
    {
        using Descriptor input = Filled("one\nrest of it\n");
        LineSource source = new(input, shared: true);
        Assert.True(source.Next(out byte[] line));
        Assert.Equal("one"u8.ToArray(), line);
        byte[] rest = new byte[64];
        Assert.Equal("rest of it\n".Length, DescriptorIo.Read(input, rest).Value);
    }

    [Fact]
    public void An_endless_line_takes_no_endless_memory()
    {
        using Descriptor input = Filled(new string('x', LineLanguage.MaximumBytes + 100_000) + "\nls1\n");
        LineSource source = new(input, shared: false);
        Assert.True(source.Next(out byte[] line));
        Assert.Equal(LineLanguage.MaximumBytes + 1, line.Length);
        Assert.True(source.Next(out line));
        Assert.Equal("ls1"u8.ToArray(), line);
    }

    private static List<string> Read(string text, bool shared)
    {
        using Descriptor input = Filled(text);
        LineSource source = new(input, shared);
        List<string> lines = [];
        while (source.Next(out byte[] line))
        {
            lines.Add(System.Text.Encoding.UTF8.GetString(line));
        }

        return lines;
    }

    private static Descriptor Filled(string text)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, text);
        Files.Open(path, Linux.Abi.OpenFlags.RDONLY, out Descriptor file).OrThrow();
        File.Delete(path);
        return file;
    }
}
