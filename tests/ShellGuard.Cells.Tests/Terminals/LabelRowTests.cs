using System.Text;
using ShellGuard.Cells.Terminals;
using ShellGuard.Linux.Terminals;
using Xunit;

namespace ShellGuard.Cells.Tests.Terminals;

/// <summary>No cell draws on the terminal's last row, and what programs draw above it is what they would draw on a terminal with one
/// row less.</summary>
public sealed class LabelRowTests
{
    private const int Columns = 24;
    private const int Rows = 9;
    private const string Label = "db, x";

    /// <summary>What a program sends that means no harm: its terminal has eight rows.</summary>
    private static readonly string[] s_ordinary =
    [
        "word ", "a line that is longer than the screen is wide", "\r\n", "\n", "\r", "\b", "\t", "\e[A", "\e[3A", "\e[B", "\e[2B", "\e[99B",
        "\e[C", "\e[5C", "\e[D", "\e[9D", "\e[E", "\e[2F", "\e[7G", "\e[d", "\e[6d", "\e[H", "\e[8;1H", "\e[8;24H", "\e[3;5f", "\e[99;99H",
        "\e[r", "\e[2;5r", "\e[1;7r", "\e[4;8r", "\e[3;99r", "\e[J", "\e[1J", "\e[2J", "\e[K", "\e[1K", "\e[L\r", "\e[2M\r", "\e[S", "\e[2T",
        "\e7\e[3;3Hxy\r\n\e8", "\e[s\e[7;20Hfar away\e[u", "\eD", "\eE", "\eM", "\e[?6h\e[2;2Hin\e[9B\e[?6l", "\e[?7lcut where the screen ends\e[?7h\r", "\e[?1049h", "\e[?1049l", "\e[e", "\ec",
        "\e[?1048h\e[2;2H\e[?1048l", "\e[31m",
    ];

    /// <summary>What one sends that wants the row.</summary>
    private static readonly string[] s_hostile =
    [
        .. s_ordinary, "\e[?7l", "\e[?7h", "\e[?6h", "\e[?6l", "\e7", "\e8", "\e[s", "\e[u", "\e[?1048h", "\e[?1048l", "\e[9;1H", "\e[9d", "\e[9999;1H", "\e[9;9f", "\e[1;9r", "\e[9r", "\e[8;9r", "\e[;r", "\e[0;0r", "\e[99e", "\e[99E", "\e[8B", "\e[7B", "\v", "\f",
        "\e[!p", "\e#8", "\e[?3h", "\e[?69h", "\e[?2l", "\e[1;9;1;20$z", "\e[?1049;6h", "\e[?7;3l", "\e[?47h", "\e[?47l", "\e[20h", "\e[3h", "\e[9:1H", "\e[9\n;1H",
        "\e[?r", "\e[?6r", "x\e[40b", "\x84", "\u0085", "\u0084", "中文字符", "é", "\e_Gf=100;AAAA\e\\", "\ePq#0~~\e\\", "\e[9", "\e[2;", "\e(0", "\e[4h",
        "\e[?J", "\eF", "\el", "\e[>4;1m", "\e[0 q", "\e[9;1", "\e[I", "\e[g", "\eH", "\e[3J",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_program_draws_there(bool leavesRegion)
    {
        for (int seed = 0; seed < 4000; seed++)
        {
            Random random = new(seed);
            Terminal terminal = new(leavesRegion);
            StringBuilder sent = new();
            for (int step = 0; step < 60; step++)
            {
                string text = s_hostile[random.Next(s_hostile.Length)];
                sent.Append(text);
                terminal.Send(text, cut: random.Next(text.Length));
                if (random.Next(8) == 0)
                {
                    terminal.ChangeLabel();
                }

                Assert.True(
                    terminal.Screen.Line(Rows - 1) is $" shellguard: {Label}" && terminal.Screen.Row < Rows - 1,
                    $"seed {seed}, row {terminal.Screen.Row}, {terminal.Screen.Line(Rows - 1)}: {Show(sent.ToString())}");
            }
        }
    }

    [Fact]
    public void Ordinary_programs_draw_as_on_a_terminal_with_one_row_less()
    {
        for (int seed = 0; seed < 4000; seed++)
        {
            Random random = new(seed);
            Terminal terminal = new(leavesRegion: false);
            bool alternate = false;
            bool small = false;
            ScreenModel wanted = new(Columns, Rows - 1);
            StringBuilder sent = new("\e[H");
            terminal.Send("\e[H", cut: 0);
            for (int step = 0; step < 60; step++)
            {
                string text = s_ordinary[random.Next(s_ordinary.Length)];
                if (text is "\e[?1049h" or "\e[?1049l")
                {
                    alternate = !alternate;
                    text = alternate ? "\e[?1049h" : "\e[?1049l";
                }

                alternate &= text != "\ec";
                small = text is "\e[2;5r" or "\e[1;7r" || (small && !text.EndsWith('r') && text != "\ec");
                if (small && char.IsLetter(text[0]))
                {
                    // Below a small region a line that wraps goes on where it began, and here it ends.
                    text = $"\e[3H{text}";
                }

                sent.Append(text);
                terminal.Send(text, cut: 0);
                wanted.Write(text);
                Assert.True(
                    wanted.Lines(Rows - 1).SequenceEqual(terminal.Screen.Lines(Rows - 1)) && wanted.Row == terminal.Screen.Row,
                    $"seed {seed}: {Show(sent.ToString())}\n{string.Join('\n', wanted.Lines(Rows - 1))}\n--{wanted.Row}\n{string.Join('\n', terminal.Screen.Lines(Rows - 1))}\n--{terminal.Screen.Row}");
            }
        }
    }

    [Fact]
    public void A_window_that_becomes_smaller_and_larger_keeps_one_row_of_it()
    {
        LabelRow row = new();
        row.Resize(new WindowSize(Columns, Rows));
        Assert.True(LabelRow.Fits(new WindowSize(Columns, Rows)));
        Assert.False(LabelRow.Fits(new WindowSize(Columns, 4)));
        Assert.False(LabelRow.Fits(new WindowSize(10, Rows)));
        Assert.False(LabelRow.Fits(new WindowSize(0, 0)));
        Assert.Equal(new WindowSize(Columns, Rows - 1, 240, 160), LabelRow.ForCells(new WindowSize(Columns, Rows, 240, 180)));
        ScreenModel screen = new(Columns, Rows);
        screen.Write($"\e[{Rows};1Hon the last row{row.Take(onMainScreen: true)}{row.Draw(Label, new TerminalModes())}");
        Assert.Equal("on the last row", screen.Line(Rows - 2));
        Assert.Equal($" shellguard: {Label}", screen.Line(Rows - 1));
        screen.Write(row.GiveBack());
        Assert.Equal("", screen.Line(Rows - 1));
        Assert.Equal(Rows - 2, screen.Row);
    }

    [Theory]
    [InlineData("xterm-256color", true, true)]
    [InlineData("linux", false, true)]
    [InlineData("vt220", false, true)]
    [InlineData("screen", true, true)]
    [InlineData("dumb", false, false)]
    [InlineData("", false, false)]
    [InlineData(null, false, false)]
    public void What_a_terminal_has(string? term, bool title, bool region) =>
        Assert.Equal(new TerminalAbilities(title, region), TerminalAbilities.Of(term));

    private static string Show(string text) => text.Replace("\e", "\\e", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>A terminal whose last row is the label's, as the relay serves it.</summary>
    private sealed class Terminal
    {
        private readonly TerminalStream _stream;
        private readonly byte[] _output = new byte[8192];

        public Terminal(bool leavesRegion)
        {
            Screen = new ScreenModel(Columns, Rows, leavesRegion);
            LabelRow row = new();
            row.Resize(new WindowSize(Columns, Rows));
            _stream = new TerminalStream(filter: true) { KeepsTitle = true, Row = row };
            Screen.Write(row.Take(onMainScreen: true) + row.Draw(Label, _stream.Modes));
        }

        public ScreenModel Screen { get; }

        public void Send(string text, int cut)
        {
            byte[] bytes = text == "\x84" ? [0x84] : Encoding.UTF8.GetBytes(text);
            Send(bytes.AsSpan(0, cut));
            Send(bytes.AsSpan(cut));
        }

        public void ChangeLabel()
        {
            if (!_stream.InString)
            {
                Screen.Write(_stream.Row!.Draw(Label, _stream.Modes));
            }
        }

        private void Send(ReadOnlySpan<byte> bytes)
        {
            int length = _stream.Process(bytes, _output);
            Screen.Write(Encoding.UTF8.GetString(_output, 0, length));
            if (_stream.Row!.IsErased && !_stream.InString)
            {
                Screen.Write(_stream.Row.Draw(Label, _stream.Modes));
            }
        }
    }
}
