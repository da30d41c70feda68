using System.Text;
using ShellGuard.Cells.Terminals;
using Xunit;

namespace ShellGuard.Cells.Tests.Terminals;

/// <summary>Where several cells take turns at one terminal, its title says whose turn it is, and no cell says so.</summary>
public sealed class TitleTests
{
    [Theory]
    [InlineData("\e]0;forged\a")]
    [InlineData("\e]1;forged\a")]
    [InlineData("\e]2;forged\e\\")]
    [InlineData("\e]002;forged\e\\")]
    [InlineData("\e]21;forged\a")]
    [InlineData("\e]30;forged\a")]
    [InlineData("\e]lforged\e\\")]
    [InlineData("\ekforged\e\\")]
    [InlineData("\e[22;0t")]
    [InlineData("\e[23t")]
    [InlineData("\e[23;2t")]
    public void No_cell_sets_it(string sequence)
    {
        for (int cut = 1; cut <= sequence.Length; cut++)
        {
            Assert.Equal("beforeafter", Show(true, $"before{sequence}after", cut));
        }

        Assert.Contains(sequence.TrimEnd('\\')[..^1], Show(false, $"before{sequence}after", 100), StringComparison.Ordinal);
    }

    /// <summary>Where the cursor is, which modes are set and what stands on the screen, a cell of another label may have
    /// chosen.</summary>
    [Theory]
    [InlineData("\e[6n")]
    [InlineData("\e[?6n")]
    [InlineData("\e[?2026$p")]
    [InlineData("\e[4$p")]
    [InlineData("\e[1;0;1;1;24;80*y")]
    [InlineData("\e[1$w")]
    [InlineData("\eP$qm\e\\")]
    public void The_terminal_tells_no_cell_what_another_left_there(string sequence)
    {
        for (int cut = 1; cut <= sequence.Length; cut++)
        {
            Assert.Equal("beforeafter", Show(true, $"before{sequence}after", cut));
        }

        Assert.Contains(sequence.TrimEnd('\\')[..^1], Show(false, $"before{sequence}after", 100), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\e[c")]
    [InlineData("\e]8;;https://example.org\e\\link\e]8;;\e\\")]
    [InlineData("\e]133;A\a$ ")]
    [InlineData("\e[31mred\e[0m")]
    public void Other_sequences_pass(string sequence) => Assert.Equal(sequence, Show(true, sequence, 100));

    private static string Show(bool keepsTitle, string text, int chunk)
    {
        TerminalStream stream = new(filter: true) { KeepsTitle = keepsTitle };
        byte[] input = Encoding.UTF8.GetBytes(text);
        byte[] output = new byte[chunk + TerminalStream.Slack];
        List<byte> shown = [];
        for (int at = 0; at < input.Length; at += chunk)
        {
            int length = stream.Process(input.AsSpan(at, Math.Min(chunk, input.Length - at)), output);
            shown.AddRange(output[..length]);
        }

        return Encoding.UTF8.GetString([.. shown]);
    }
}
