using FsCheck;
using FsCheck.Fluent;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Holes;
using ShellGuard.Leash.Tests.Support;
using Xunit;

namespace ShellGuard.Leash.Tests.Holes;

public sealed class HoleTests
{
    private static readonly LeashConfiguration Rows = Base.Good(Base.Entry(
        "/bin/echo --table={table} {days} end", "holes = true", "rows {table:ident} {days:int 1..30}"));

    [Fact]
    public void A_value_stands_where_the_command_line_takes_it() => Assert.Equal(
        ["/bin/echo", "--table=users", "7", "end"], Rows.Find("rows users 7")!.Stages[0].Words);

    [Theory]
    [InlineData("rows users 0")]
    [InlineData("rows users 31")]
    [InlineData("rows users 07")]
    [InlineData("rows users +7")]
    [InlineData("rows users -7")]
    [InlineData("rows users 7 ")]
    [InlineData("rows users  7")]
    [InlineData("rows -users 7")]
    [InlineData("rows us;ers 7")]
    [InlineData("rows us/ers 7")]
    [InlineData("rows $(id) 7")]
    [InlineData("rows users 99999999999999999999")]
    [InlineData("rows users")]
    [InlineData("rows users 7 8")]
    [InlineData("rows {table:ident} {days:int 1..30}")]
    public void Everything_else_is_no_line(string line) => Assert.Null(Rows.Find(line));

    [Fact]
    public void Braces_mean_nothing_unless_it_is_said() =>
        Assert.NotNull(Base.Good(Base.Entry("/bin/echo", name: "rows {table:ident}")).Find("rows {table:ident}"));

    [Theory]
    [InlineData("word", "a-b.c_1", true)]
    [InlineData("word", "a..b", false)]
    [InlineData("word", ".a", false)]
    [InlineData("date", "2026-02-28", true)]
    [InlineData("date", "2026-02-29", false)]
    [InlineData("hex", "00ff", true)]
    [InlineData("hex", "FF", false)]
    [InlineData("one dev,prod", "prod", true)]
    [InlineData("one dev,prod", "pro", false)]
    [InlineData("file /srv/reports", "q1.csv", true)]
    [InlineData("file /srv/reports", "..", false)]
    [InlineData("file /srv/reports", ".hidden", false)]
    [InlineData("ident", "_a1", true)]
    [InlineData("ident", "1a", false)]
    public void Types(string type, string value, bool accepted)
    {
        HoleType read = HoleType.Parse(type, out string? problem) ?? throw new InvalidOperationException(problem);
        Assert.Equal(accepted, read.Accepts(value));
    }

    [Fact]
    public void A_file_is_one_in_its_directory() => Assert.Equal(
        ["/bin/cat", "/srv/reports/q1"],
        Base.Good(Base.Entry("/bin/cat {f}", "holes = true", "show {f:file /srv/reports}")).Find("show q1")!.Stages[0].Words);

    [Theory]
    [InlineData("a {x:ident}{y:ident}", "two holes stand side by side")]
    [InlineData("a {x:ident}b", "behind a hole stands a blank or another character that no value has")]
    [InlineData("a {x}", "a hole is written {NAME:TYPE}")]
    [InlineData("a }", "a hole is written {NAME:TYPE}")]
    [InlineData("a {X:ident}", "a hole's name is lower-case letters and underscores")]
    [InlineData("a {x:shell}", "'shell' is no type of a hole; there are ident, word, date, hex, int LOW..HIGH, one A,B and file DIRECTORY")]
    [InlineData("a {x:int 5..1}", "'int 5..1' is no type of a hole; there are ident, word, date, hex, int LOW..HIGH, one A,B and file DIRECTORY")]
    [InlineData("a {x:one a,-b}", "'one a,-b' is no type of a hole; there are ident, word, date, hex, int LOW..HIGH, one A,B and file DIRECTORY")]
    [InlineData("a {x:file /a/../b}", "'file /a/../b' is no type of a hole; there are ident, word, date, hex, int LOW..HIGH, one A,B and file DIRECTORY")]
    [InlineData("a {x:ident} {x:ident}", "two holes have the same name")]
    [InlineData("a", "a name with holes has 1 to 8 of them")]
    public void A_name_that_cannot_be_read_in_one_way_only(string name, string problem) =>
        Assert.Equal($"4: {problem}", Base.Mistake(Base.Entry("/bin/echo {x}", "holes = true", name)));

    [Theory]
    [InlineData("{x} a", "'{x}' has a hole: nobody chooses the program")]
    [InlineData("/bin/echo", "the command line takes no {x}")]
    public void A_hole_is_an_argument_and_is_used(string command, string problem) =>
        Assert.Equal($"3: {problem}", Base.Mistake(Base.Entry(command, "holes = true", "a {x:ident}")));

    [Fact]
    public void A_line_that_two_names_could_mean_runs_neither()
    {
        LeashConfiguration both = Base.Good(
            Base.Entry("/bin/echo {x}", "holes = true", "a {x:ident}") + Base.Entry("/bin/echo {x}", "holes = true", "a {x:word}")
            + Base.Entry("/bin/true", name: "a exact"));
        Assert.Null(both.Find("a b"));
        Assert.NotNull(both.Find("a 1-2"));
        Assert.Equal("/bin/true", both.Find("a exact")!.CommandLine);
    }

    [Fact]
    public void Whatever_is_typed_no_value_is_an_option_a_path_or_two_words()
    {
        LeashConfiguration open = Base.Good(Base.Entry("/bin/echo {x}", "holes = true", "a {x:word}"));
        Gen<string> values = Gen.OneOf(
            Gen.Elements("-x", "--help", "a b", "/etc", "..", "a\u00a0b", "a|b", "a\u2215b", "{x}", "a"),
            Gen.Choose(32, 0x2fff).Select(value => (char)value).ArrayOf().Select(chars => new string(chars)));
        Prop.ForAll(values.ToArbitrary(), value =>
        {
            if (open.Find("a " + value) is { } entry)
            {
                string word = Assert.Single(entry.Stages).Words[1];
                Assert.Equal(value, word);
                Assert.Matches("^[A-Za-z0-9_][A-Za-z0-9._-]*$", word);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }
}
