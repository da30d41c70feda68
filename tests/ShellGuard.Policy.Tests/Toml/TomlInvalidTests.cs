using System.Text;
using ShellGuard.Policy.Toml;
using Xunit;

namespace ShellGuard.Policy.Tests.Toml;

/// <summary>Documents that TOML 1.0 calls invalid, with the place of the first mistake as line:column.</summary>
public sealed class TomlInvalidTests
{
    public static TheoryData<string, string> Documents() => new()
    {
        // Structure of lines.
        { "a", "1:2" },
        { "a =", "1:4" },
        { "a = # comment", "1:5" },
        { "a = 1 b = 2", "1:7" },
        { "= 1", "1:1" },
        { "a = \n1", "1:5" },
        { "a\n= 1", "1:2" },
        { "a = 1\rb = 2", "1:6" },
        { "a = 1\r", "1:6" },
        { "# bell \a", "1:8" },
        { "# cr \r x", "1:6" },
        { "a = 1 # del \x7F", "1:13" },
        { "\0", "1:1" },
        { "a = 1\0", "1:6" },
        { "\u00A0a = 1", "1:1" },
        { "a = 1\n\uFEFFb = 2", "2:1" },

        // Keys.
        { "a b = 1", "1:3" },
        { "ʎ = 1", "1:1" },
        { "a..b = 1", "1:3" },
        { ".a = 1", "1:1" },
        { "a. = 1", "1:4" },
        { "\"a = 1", "1:1" },
        { "\"\"\"a\"\"\" = 1", "1:1" },
        { "'''a''' = 1", "1:1" },
        { "a+b = 1", "1:2" },
        { "\"a\nb\" = 1", "1:1" },
        { "a = 1\na = 2", "2:1" },
        { "a = 1\n\"a\" = 2", "2:1" },
        { "a = 1\na.b = 2", "2:1" },
        { "a.b = 1\na.b.c = 2", "2:3" },
        { "a.b.c = 1\na.b = 2", "2:3" },

        // Strings.
        { "a = \"x", "1:5" },
        { "a = \"x\ny\"", "1:5" },
        { "a = 'x", "1:5" },
        { "a = 'x\n'", "1:5" },
        { "a = \"\\q\"", "1:6" },
        { "a = \"\\e\"", "1:6" },
        { "a = \"\\x41\"", "1:6" },
        { "a = \"\\ \"", "1:6" },
        { "a = \"\\u12\"", "1:6" },
        { "a = \"\\u12G4\"", "1:6" },
        { "a = \"\\uD800\"", "1:6" },
        { "a = \"\\U00110000\"", "1:6" },
        { "a = \"\\UFFFFFFFF\"", "1:6" },
        { "a = \"\u0001\"", "1:6" },
        { "a = \"\x7F\"", "1:6" },
        { "a = '\u0001'", "1:6" },
        { "a = '\x7F'", "1:6" },
        { "a = \"a\rb\"", "1:7" },
        { "a = \"\"\"x", "1:5" },
        { "a = \"\"\"x\"\"", "1:5" },
        { "a = '''x''", "1:5" },
        { "a = \"\"\"\u0001\"\"\"", "1:8" },
        { "a = \"\"\"a\rb\"\"\"", "1:9" },
        { "a = \"\"\"x\\ y\"\"\"", "1:9" },
        { "a = \"\"\"\"\"\"\"\"\"", "1:13" },
        { "a = '''six''''''", "1:16" },
        { "a = \"x\"y", "1:8" },
        { "a = \"\\", "1:5" },

        // Integers.
        { "a = 01", "1:5" },
        { "a = +01", "1:5" },
        { "a = -00", "1:5" },
        { "a = 1__0", "1:5" },
        { "a = _1", "1:5" },
        { "a = 1_", "1:5" },
        { "a = ++1", "1:5" },
        { "a = 0x", "1:5" },
        { "a = 0x_1", "1:5" },
        { "a = 0x1_", "1:5" },
        { "a = 0x1__2", "1:5" },
        { "a = +0x1", "1:5" },
        { "a = -0b1", "1:5" },
        { "a = 0X1", "1:5" },
        { "a = 0B1", "1:5" },
        { "a = 0o8", "1:5" },
        { "a = 0b2", "1:5" },
        { "a = 0xG", "1:5" },
        { "a = 9223372036854775808", "1:5" },
        { "a = -9223372036854775809", "1:5" },
        { "a = 0x8000000000000000", "1:5" },
        { "a = 1 2", "1:7" },
        { "a = 1a", "1:5" },
        { "a = -", "1:5" },

        // Floats.
        { "a = .5", "1:5" },
        { "a = 5.", "1:5" },
        { "a = 3.e+20", "1:5" },
        { "a = 1e", "1:5" },
        { "a = 1e+", "1:5" },
        { "a = 1.2.3", "1:5" },
        { "a = 03.14", "1:5" },
        { "a = 1._2", "1:5" },
        { "a = 1_.2", "1:5" },
        { "a = 1e_2", "1:5" },
        { "a = 1e2.3", "1:5" },
        { "a = Inf", "1:5" },
        { "a = NaN", "1:5" },
        { "a = +-inf", "1:5" },
        { "a = infinity", "1:5" },

        // Booleans and bare words.
        { "a = True", "1:5" },
        { "a = falsey", "1:5" },
        { "a = word", "1:5" },

        // Dates and times.
        { "a = 1979-13-01", "1:5" },
        { "a = 1979-00-01", "1:5" },
        { "a = 1979-01-32", "1:5" },
        { "a = 1979-01-00", "1:5" },
        { "a = 2023-02-29", "1:5" },
        { "a = 1900-02-29", "1:5" },
        { "a = 1979-04-31", "1:5" },
        { "a = 1979-5-27", "1:5" },
        { "a = 79-05-27", "1:5" },
        { "a = 1979-05-27T", "1:5" },
        { "a = 1979-05-27T24:00:00Z", "1:5" },
        { "a = 1979-05-27T00:60:00Z", "1:5" },
        { "a = 1979-05-27T00:00:61Z", "1:5" },
        { "a = 1979-05-27T07:32Z", "1:5" },
        { "a = 1979-05-27T07:32:00.Z", "1:5" },
        { "a = 1979-05-27T07:32:00+24:00", "1:5" },
        { "a = 1979-05-27T07:32:00+01:60", "1:5" },
        { "a = 1979-05-27T07:32:00+01", "1:5" },
        { "a = 1979-05-27T07:32:00ZZ", "1:5" },
        { "a = 1979-05-27  07:32:00Z", "1:17" },
        { "a = 07:32", "1:5" },
        { "a = 7:32:00", "1:5" },
        { "a = 07:32:00Z", "1:5" },
        { "a = 07:32:0", "1:5" },

        // Arrays.
        { "a = [1 2]", "1:8" },
        { "a = [1,,2]", "1:8" },
        { "a = [,1]", "1:6" },
        { "a = [1", "1:5" },
        { "a = [", "1:5" },
        { "a = ]", "1:5" },
        { "a = [1]]", "1:8" },
        { "a = [1\nb = 2", "1:5" },
        { "a = [1}", "1:5" },

        // Tables.
        { "[a", "1:3" },
        { "[a]]", "1:4" },
        { "[[a]", "1:4" },
        { "[]", "1:2" },
        { "[[]]", "1:3" },
        { "[a] b = 1", "1:5" },
        { "[a.]", "1:4" },
        { "[a b]", "1:4" },
        { "[ [a]]", "1:3" },
        { "[a]\n[a]", "2:2" },
        { "[a]\nb = 1\n[a.b]", "3:4" },
        { "a = 1\n[a]", "2:2" },
        { "a.b = 1\n[a]", "2:2" },
        { "[a]\nb.c = 1\n[a.b]", "3:4" },
        { "[a.b.c]\nz = 9\n[a]\nb.c.t = 1", "4:3" },
        { "[a.b.c.d]\nz = 9\n[a]\nb.c.d.k.t = 1", "4:5" },
        { "[a]\n[[a]]", "2:3" },
        { "[[a]]\n[a]", "2:2" },
        { "a = []\n[[a]]", "2:3" },
        { "a = [{}]\n[a.b]", "2:2" },
        { "[a.b]\n[[a]]", "2:3" },
        { "[[a]]\n[a.b]\n[[a.b]]", "3:5" },
        { "[[a.b]]\n[a]\nb.c = 1", "3:1" },

        // Inline tables.
        { "a = {x = 1", "1:11" },
        { "a = {x = 1,}", "1:11" },
        { "a = {,}", "1:6" },
        { "a = {x = 1 y = 2}", "1:12" },
        { "a = {x = 1\n}", "1:11" },
        { "a = {\nx = 1}", "1:6" },
        { "a = {x = 1, x = 2}", "1:13" },
        { "a = {x = 1, x.y = 2}", "1:13" },
        { "a = {x = {y = 1}, x.z = 2}", "1:19" },
        { "a = {}\na.b = 1", "2:1" },
        { "a = {}\n[a.b]", "2:2" },
        { "a = {b = {}}\n[a.b]", "2:2" },
        { "a.b = {}\na.b.c = 1", "2:3" },
        { "a = {x}", "1:7" },
        { "a = {1}", "1:7" },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public void ReportsTheFirstMistakeWhereItIs(string text, string expected)
    {
        var document = TomlReader.Read(Encoding.UTF8.GetBytes(text));
        Assert.NotEmpty(document.Errors);
        Assert.Equal(expected, $"{document.Errors[0].Span.Line}:{document.Errors[0].Span.Column}");
    }

    public static TheoryData<byte[], string> MalformedBytes() => new()
    {
        { "a = \"\xFF\""u8.ToArray().Select(b => b == 0xC3 ? (byte)0xFF : b).ToArray(), "1:6" },
        { [(byte)'#', 0x80], "1:2" },
        { [(byte)'#', 0xC0, 0xAF], "1:2" },
        { [(byte)'#', 0xED, 0xA0, 0x80], "1:2" },
        { [(byte)'#', 0xF5, 0x80, 0x80, 0x80], "1:2" },
        { [(byte)'#', (byte)'\n', (byte)'#', 0xE2, 0x82], "2:2" },
        { [0xFF, 0xFE, (byte)'a', 0], "1:1" },
    };

    [Theory]
    [MemberData(nameof(MalformedBytes))]
    public void RefusesWhatIsNotUtf8(byte[] bytes, string expected)
    {
        var document = TomlReader.Read(bytes);
        Assert.Equal("not valid UTF-8", document.Errors[0].Message);
        Assert.Equal(expected, $"{document.Errors[0].Span.Line}:{document.Errors[0].Span.Column}");
    }

    [Fact]
    public void ReportsEveryMistakeAtOnce()
    {
        const string Text = """
            a = 01
            b = "ok"
            c = "\q and \w"
            d = [1, bad, 3, 0x]
            [t
            e = = 1
            f = [
              "x"
              "y"
            ]
            g = [ 1,
            [files]
            h = maybe
            """;
        var document = TomlReader.Read(Encoding.UTF8.GetBytes(Text));
        Assert.Equal(
            ["1:5", "3:6", "3:13", "4:9", "4:17", "5:3", "6:5", "9:3", "11:5", "13:5"],
            document.Errors.Select(e => $"{e.Span.Line}:{e.Span.Column}"));
        Assert.Equal("{b:\"ok\",c:\" and \",d:[1,3],files:{}}", TomlNotation.Write(document.Root));
    }

    [Fact]
    public void ColumnsCountCharactersNotUnits()
    {
        var document = TomlReader.Read("a = [\"😀😀\", 01]"u8);
        Assert.Equal(new TomlSpan(1, 12, 2), document.Errors[0].Span);
    }

    [Fact]
    public void EveryValueKnowsItsPlace()
    {
        var root = TomlReader.Read("[files]\nhide = [\n  \"~/.ssh\", # keys\n  'b',\n]\n"u8).Root;
        var hide = (TomlArray)((TomlTable)root.Find("files")!.Value).Find("hide")!.Value;
        Assert.Equal(new TomlSpan(3, 3, 8), hide.Items[0].Span);
        Assert.Equal(new TomlSpan(4, 3, 3), hide.Items[1].Span);
        Assert.Equal(new TomlSpan(2, 8, 1), hide.Span);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    [InlineData('.')]
    public void DeepNestingIsAMistakeNotACrash(char what)
    {
        string text = what switch
        {
            '[' => "a = " + new string('[', 200_000),
            '{' => "a = " + string.Concat(Enumerable.Repeat("{a=", 100_000)),
            _ => string.Join('.', Enumerable.Repeat("a", 100_000)) + " = 1",
        };
        var document = TomlReader.Read(Encoding.UTF8.GetBytes(text));
        var error = Assert.Single(document.Errors);
        Assert.Contains("more than 64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SixtyLevelsAreFine()
    {
        string text = "a = " + new string('[', 60) + new string(']', 60);
        Assert.Empty(TomlReader.Read(Encoding.UTF8.GetBytes(text)).Errors);
    }

    [Fact]
    public void TimeGrowsWithTheLengthOnly()
    {
        // A megabyte in one line of many values, and a megabyte of mistakes: quadratic work would take minutes.
        string values = "a = [" + string.Concat(Enumerable.Repeat("1,", 500_000)) + "]";
        string mistakes = string.Concat(Enumerable.Repeat("a = [01\n", 125_000));
        var time = System.Diagnostics.Stopwatch.StartNew();
        Assert.Empty(TomlReader.Read(Encoding.UTF8.GetBytes(values)).Errors);
        Assert.Equal(100, TomlReader.Read(Encoding.UTF8.GetBytes(mistakes)).Errors.Count);
        Assert.InRange(time.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void AnOverlongDocumentIsRefused()
    {
        var error = Assert.Single(TomlReader.Read(new byte[TomlReader.MaximumBytes + 1]).Errors);
        Assert.Equal("the document is longer than 4 MiB", error.Message);
    }
}
