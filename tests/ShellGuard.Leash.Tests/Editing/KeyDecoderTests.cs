using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ShellGuard.Leash.Editing;
using Xunit;

namespace ShellGuard.Leash.Tests.Editing;

public sealed class KeyDecoderTests
{
    [Theory]
    [InlineData("\u0003", KeyKind.Interrupt)]
    [InlineData("\u0004", KeyKind.EndOfFile)]
    [InlineData("\u001a", KeyKind.Ignored)]
    [InlineData("\u0016", KeyKind.Ignored)]
    [InlineData("\r", KeyKind.Enter)]
    [InlineData("\n", KeyKind.Enter)]
    [InlineData("\t", KeyKind.Complete)]
    [InlineData("\u007f", KeyKind.Backspace)]
    [InlineData("\u001b[D", KeyKind.Left)]
    [InlineData("\u001bOC", KeyKind.Right)]
    [InlineData("\u001b[3~", KeyKind.Delete)]
    [InlineData("\u001bb", KeyKind.WordLeft)]
    [InlineData("\u001b\u007f", KeyKind.BackspaceWord)]
    public void Keys(string bytes, KeyKind kind) =>
        Assert.Equal(kind, Assert.Single(new KeyDecoder().Feed(Encoding.UTF8.GetBytes(bytes))).Kind);

    [Theory]
    [InlineData("\u001b[A")]
    [InlineData("\u001b[B")]
    [InlineData("\u001b[15;2~")]
    [InlineData("\u001b[<0;1;1M")]
    [InlineData("\u001b[?1;2c")]
    [Trait("vector", "62")]
    public void Vector_62_history_and_what_a_terminal_answers_are_nothing(string bytes) =>
        Assert.Empty(new KeyDecoder().Feed(Encoding.UTF8.GetBytes(bytes)));

    [Fact]
    public void A_character_and_a_sequence_may_come_in_pieces()
    {
        KeyDecoder decoder = new();
        Assert.Empty(decoder.Feed([0xe3, 0x81]));
        Assert.Equal("\u3042", Assert.Single(decoder.Feed([0x82])).Text);
        Assert.Empty(decoder.Feed("\u001b["u8));
        Assert.Equal(KeyKind.Left, Assert.Single(decoder.Feed("D"u8)).Kind);
    }

    [Fact]
    [Trait("vector", "63")]
    public void Vector_63_what_is_pasted_presses_no_key()
    {
        IReadOnlyList<Key> keys = new KeyDecoder().Feed("\u001b[200~ls\u0003\u001b[D\nrm\u001b[201~\r"u8);
        Assert.Equal(
            [
                new Key(KeyKind.Text, "ls", true), new Key(KeyKind.Text, "\u0003", true), new Key(KeyKind.Enter, "", true),
                new Key(KeyKind.Text, "rm", true), new Key(KeyKind.Enter),
            ],
            keys);
    }

    [Fact]
    public void Whatever_comes_the_decoder_takes_it_and_forgets_nothing_for_ever()
    {
        Prop.ForAll(Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().ToArbitrary(), bytes =>
        {
            KeyDecoder decoder = new();
            foreach (byte value in bytes)
            {
                decoder.Feed([value]);
            }

            decoder.Feed("\u001b[201~"u8);

            // An unfinished sequence may swallow one key, never two.
            IEnumerable<Key> keys = [.. decoder.Feed("\u0003"u8), .. decoder.Feed("\u0003"u8)];
            Assert.Contains(keys, key => key.Kind == KeyKind.Interrupt);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }
}
