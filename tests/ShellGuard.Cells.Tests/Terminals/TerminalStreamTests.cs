using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ShellGuard.Cells.Terminals;
using Xunit;

namespace ShellGuard.Cells.Tests.Terminals;

public sealed class TerminalStreamTests
{
    private static readonly string[] Tokens =
    [
        "a", "hello world", "\r\n", "\n", "\t", "\b", "\a", "é", "漢", "😀", "\e[0m", "\e[1;31m", "\e[2J", "\e[10;20H",
        "\e[?1049h", "\e[?1049l", "\e[?25l", "\e7", "\e8", "\e(0", "\e(B", "\e]0;title\a", "\e]8;;http://x/\e\\",
        "\eP$qm\e\\", "\e_Gi=1;AAAA\e\\", "\e[38;2;1;2;3m", "\e[6n", "\ec", "\e=", "\eM", "\e[\n3A", "\e[3;4r",
    ];

    [Fact]
    public void Without_the_filter_any_bytes_in_any_chunks_come_out_as_they_went_in()
    {
        Prop.ForAll<byte[], int>((noise, seed) =>
        {
            byte[] input = Mix(noise, new Random(seed));
            return Run(input, filter: false, new Random(seed)).SequenceEqual(input);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_filter_decides_the_same_however_the_bytes_are_cut()
    {
        Prop.ForAll<byte[], int>((noise, seed) =>
        {
            byte[] input = Mix(noise, new Random(seed));
            byte[] whole = Run(input, filter: true, null);
            return Run(input, filter: true, new Random(seed + 1)).SequenceEqual(whole);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Between_chunks_nothing_is_ever_inside_a_sequence_or_a_character()
    {
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            byte[][] tokens = [.. Enumerable.Range(0, 60)
                .Select(_ => Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]))];
            HashSet<int> boundaries = [];
            int position = 0;
            foreach (byte[] token in tokens)
            {
                bool text = token.All(value => value is < 0x7f and not 0x1b);
                boundaries.UnionWith(text ? Enumerable.Range(position, token.Length) : [position]);
                position += token.Length;
                boundaries.Add(position);
            }

            var stream = new TerminalStream(filter: true);
            int written = 0;
            bool fits = true;
            int chances = 0;
            foreach (byte[] chunk in Cut([.. tokens.SelectMany(token => token)], random))
            {
                written += stream.Process(chunk, new byte[chunk.Length + TerminalStream.Slack]);
                chances += stream.InString ? 0 : 1;
                fits &= stream.InString || boundaries.Contains(written);
            }

            return fits && chances > 0;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("a\e]52;c;ZXZpbA==\ab")]
    [InlineData("a\e]52;c;?\e\\b")]
    [InlineData("a\e]052;c;ZXZpbA==\ab")]
    [InlineData("a\e]5\u00002;c;ZXZpbA==\ab")]
    [InlineData("a\u009d52;c;ZXZpbA==\ab", "a52;c;ZXZpbA==\ab")]
    [InlineData("a\eP1;1|17/6576696c\e\\b")]
    [InlineData("a\ePtmux;\e\e]52;c;ZXZpbA==\a\e\\b", "a\ab")]
    [InlineData("a\e[21tb")]
    [InlineData("a\e[0021tb")]
    [InlineData("a\e[8;1;1tb")]
    [InlineData("a\e[2tb")]
    [InlineData("a\e[24tb")]
    [InlineData("a\e[1*|b")]
    [InlineData("a\e[1$|b")]
    [InlineData("a\e[5ib")]
    [InlineData("a\e[?5ib")]
    [InlineData("a\e%@b")]
    public void What_acts_outside_the_cell_is_left_out(string input, string expected = "ab")
    {
        byte[] bytes = Encoding.UTF8.GetBytes(input);
        string output = Encoding.UTF8.GetString(Run(bytes, filter: true, null));
        if (input.Contains("tmux", StringComparison.Ordinal))
        {
            // The inner sequence ends the outer one; neither must reach the terminal.
            Assert.DoesNotContain("52;", output, StringComparison.Ordinal);
            Assert.DoesNotContain("tmux", output, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(expected, output);
        Assert.Equal(input, Encoding.UTF8.GetString(Run(bytes, filter: false, null)));
    }

    /// <summary>Where it is granted; what turns out not to be that is cancelled.</summary>
    [Theory]
    [InlineData("a\e]52;c;ZXZpbA==\ab", "a\e]52;c;ZXZpbA==\ab")]
    [InlineData("a\e]52;;ZXZpbA==\e\\b", "a\e]52;;ZXZpbA==\e\\b")]
    [InlineData("a\e]52;c;?\ab", "ab")]
    [InlineData("a\e]52;c;\ab", "ab")]
    [InlineData("a\e]52;c;ZX?\ab", "a\e]52;c;ZX\u0018b")]
    [InlineData("a\e]52;c;ZX;?\e\\b", "a\e]52;c;ZX\u0018b")]
    [InlineData("a\e]52;cccc;ZX\ab", "ab")]
    [InlineData("a\e]052;c;ZXZpbA==\ab", "ab")]
    [InlineData("a\e]5522;c;ZXZpbA==\ab", "ab")]
    [InlineData("a\e]1337;Copy=:ZXZpbA==\ab", "ab")]
    public void Setting_the_clipboard_is_a_grant(string input, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(input);
        for (int cut = 1; cut <= bytes.Length; cut++)
        {
            TerminalStream stream = new(filter: true) { PassesClipboard = true };
            List<byte> shown = [];
            for (int at = 0; at < bytes.Length; at += cut)
            {
                byte[] output = new byte[cut + TerminalStream.Slack];
                int length = stream.Process(bytes.AsSpan(at, Math.Min(cut, bytes.Length - at)), output);
                shown.AddRange(output[..length]);
            }

            Assert.Equal(expected, Encoding.UTF8.GetString([.. shown]));
            Assert.True(stream.IsGround);
        }
    }

    [Fact]
    public void Another_cell_does_not_go_on_with_what_one_began()
    {
        TerminalStream stream = new(filter: true) { PassesClipboard = true };
        byte[] output = new byte[1024];
        stream.Process("\e]52;c;ZXZp"u8, output);
        Assert.True(stream.Cut());
        int length = stream.Process("bA==\a"u8, output);
        Assert.Equal("bA==\a", Encoding.UTF8.GetString(output, 0, length));
        stream.Process("\e]52;"u8, output);
        Assert.False(stream.Cut());
        length = stream.Process("c;ZXZpbA==\a"u8, output);
        Assert.Equal("c;ZXZpbA==\a", Encoding.UTF8.GetString(output, 0, length));
    }

    [Fact]
    public void An_endless_sequence_cannot_lead_round_the_filter()
    {
        string output = Encoding.UTF8.GetString(
            Run(Encoding.UTF8.GetBytes($"a\e[{new string('0', 500)}5ib"), filter: true, null));
        Assert.Equal("ab", output);
    }

    [Fact]
    public void What_an_honest_program_writes_passes_the_filter()
    {
        byte[] input = Encoding.UTF8.GetBytes(string.Concat(Tokens.Except(["\ec"])));
        Assert.Equal(input, Run(input, filter: true, null));
    }

    [Fact]
    public void A_broken_string_loses_its_rest()
    {
        var stream = new TerminalStream(filter: true);
        byte[] output = new byte[1024];
        stream.Process("\e]0;begin"u8, output);
        Assert.True(stream.InString);
        stream.BreakString();
        Assert.False(stream.InString);
        int length = stream.Process("rest\aafter"u8, output);
        Assert.Equal("after", Encoding.UTF8.GetString(output, 0, length));
    }

    [Fact]
    public void Modes_are_known_and_undone_in_one_go()
    {
        var stream = new TerminalStream(filter: true);
        stream.Process("\e[?1049h\e[?1000;1006h\e[?25l\e[?7l\e[4h\e[2;9r\e(0"u8, new byte[512]);
        Assert.True(stream.Modes.AlternateScreen);
        string undo = stream.Modes.Undo();
        Assert.StartsWith("\e[?1049l", undo, StringComparison.Ordinal);
        foreach (string part in (string[])["\e[?25h", "\e[?7h", "\e[?1000l", "\e[?1006l", "\e[4l", "\e[r", "\e(B"])
        {
            Assert.Contains(part, undo, StringComparison.Ordinal);
        }

        stream.Process(Encoding.UTF8.GetBytes(undo), new byte[512]);
        Assert.False(stream.Modes.HasChanges);
        Assert.Equal("", stream.Modes.Undo());
    }

    [Fact]
    public void Questions_to_the_terminal_are_noticed()
    {
        foreach (string query in (string[])["\e[6n", "\e[c", "\e[>c", "\eP$qm\e\\", "\e]11;?\a", "\x05", "\e[?u"])
        {
            var stream = new TerminalStream(filter: true);
            stream.Process(Encoding.UTF8.GetBytes(query), new byte[512]);
            Assert.True(stream.AnswerExpected, query[1..]);
        }
    }

    private static byte[] Mix(byte[] noise, Random random)
    {
        List<byte> bytes = [];
        foreach (byte value in noise)
        {
            if (random.Next(3) == 0)
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]));
            }

            bytes.Add(random.Next(4) == 0 ? (byte)"\e[]P;?25\a\\"[random.Next(10)] : value);
        }

        return [.. bytes];
    }

    private static byte[] Run(byte[] input, bool filter, Random? random)
    {
        var stream = new TerminalStream(filter);
        List<byte> result = [];
        foreach (byte[] chunk in random is null ? [input] : Cut(input, random))
        {
            byte[] output = new byte[chunk.Length + TerminalStream.Slack];
            result.AddRange(output[..stream.Process(chunk, output)]);
        }

        byte[] rest = new byte[TerminalStream.Slack];
        result.AddRange(rest[..stream.Finish(rest)]);
        return [.. result];
    }

    private static IEnumerable<byte[]> Cut(byte[] bytes, Random random)
    {
        int start = 0;
        while (start < bytes.Length)
        {
            int length = Math.Min(bytes.Length - start, random.Next(1, 12));
            yield return bytes[start..(start + length)];
            start += length;
        }
    }
}
