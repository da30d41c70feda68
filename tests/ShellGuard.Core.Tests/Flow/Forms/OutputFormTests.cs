using System.Text;
using ShellGuard.Core.Flow.Forms;

namespace ShellGuard.Core.Tests.Flow.Forms;

/// <summary>Each form lets through what it says, in one spelling, and counts it.</summary>
public sealed class OutputFormTests
{
    [Theory]
    [InlineData("integer 0..1000000", 64, 20)]
    [InlineData("integer 5..5", 64, 1)]
    [InlineData("integer 0..1", 64, 2)]
    [InlineData("integer -9223372036854775808..9223372036854775807", 64, 65)]
    [InlineData("one of yes", 64, 1)]
    [InlineData("one of yes no", 64, 2)]
    [InlineData("one of a b c", 64, 2)]
    [InlineData("one of a b c d", 64, 3)]
    [InlineData("lines matching [0-9]", 2, 4)]
    [InlineData("lines matching [0-9]", 3, 4)]
    [InlineData("lines matching [0-9]", 4, 7)]
    [InlineData("lines matching [0-9]{2}", 6, 14)]
    [InlineData("lines matching a*", 3, 3)]
    [InlineData("lines matching ", 1, 1)]
    [InlineData("lines matching .*", 65, 422)]
    [InlineData("json {\"type\":\"boolean\"}", 64, 2)]
    [InlineData("json {\"type\":\"null\"}", 64, 1)]
    [InlineData("json {\"const\":\"x\"}", 64, 1)]
    [InlineData("json {\"enum\":[\"a\",1,true,null]}", 64, 3)]
    [InlineData("json {\"type\":\"integer\",\"minimum\":0,\"maximum\":255}", 64, 9)]
    [InlineData("json {\"type\":\"string\",\"pattern\":\"^[a-z]*$\",\"maxLength\":2}", 64, 10)]
    [InlineData("json {\"type\":\"array\",\"items\":{\"type\":\"boolean\"},\"maxItems\":2}", 64, 3)]
    [InlineData("json {\"type\":\"array\",\"items\":{\"type\":\"null\"},\"minItems\":1,\"maxItems\":4}", 64, 3)]
    [InlineData("json {\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"boolean\"},\"b\":{\"type\":\"boolean\"}},\"required\":[\"a\"]}", 64, 3)]
    [InlineData("json {\"type\":\"string\",\"pattern\":\"^.*$\",\"maxLength\":256}", 4, 33)]
    public void BitsAreThoseOfOneOutputOrNone(string text, int bytes, long bits) => Assert.Equal(bits, Parse(text, bytes).Bits);

    [Theory]
    [InlineData("integer 0..100", "42\n", "42\n")]
    [InlineData("integer 0..100", "42", "42\n")]
    [InlineData("integer -5..5", "-5", "-5\n")]
    [InlineData("integer 0..100", "042", null)]
    [InlineData("integer 0..100", "+4", null)]
    [InlineData("integer 0..100", " 4", null)]
    [InlineData("integer 0..100", "4 \n", null)]
    [InlineData("integer 0..100", "4\n\n", null)]
    [InlineData("integer 0..100", "4\r\n", null)]
    [InlineData("integer -5..5", "-0", null)]
    [InlineData("integer 0..100", "101", null)]
    [InlineData("integer 0..100", "-1", null)]
    [InlineData("integer 0..100", "", null)]
    [InlineData("integer 0..100", "99999999999999999999", null)]
    [InlineData("one of yes no", "yes\n", "yes\n")]
    [InlineData("one of yes no", "no", "no\n")]
    [InlineData("one of yes no", "maybe", null)]
    [InlineData("one of yes no", "yes no", null)]
    [InlineData("one of yes no", "Yes", null)]
    [InlineData("one of yes no", "\n", null)]
    [InlineData("lines matching [a-z]+ [0-9]{1,3}", "ab 12\nc 999\n", "ab 12\nc 999\n")]
    [InlineData("lines matching [a-z]+ [0-9]{1,3}", "ab 12\nc 999", "ab 12\nc 999\n")]
    [InlineData("lines matching [a-z]+ [0-9]{1,3}", "ab 12\n\nc 9\n", null)]
    [InlineData("lines matching [a-z]+ [0-9]{1,3}", "ab 1234\n", null)]
    [InlineData("lines matching [a-z]+ [0-9]{1,3}", "", null)]
    [InlineData("lines matching .*", "a\tb\n", null)]
    [InlineData("lines matching .*", "a\u001b[2J\n", null)]
    [InlineData("lines matching .*", "caf\u00e9\n", null)]
    [InlineData("lines matching .*", "\n", "\n")]
    [InlineData("lines matching .*", "\n\n", "\n\n")]
    [InlineData("lines matching a|bc", "bc\na\n", "bc\na\n")]
    [InlineData("lines matching (?:a|b)c?", "bc", "bc\n")]
    [InlineData("lines matching \\d\\.\\w\\\\", "1.x\\", "1.x\\\n")]
    [InlineData("lines matching [^a-z]", "a", null)]
    [InlineData("lines matching [^a-z]", "-", "-\n")]
    [InlineData("lines matching [a-]", "-", "-\n")]
    [InlineData("json {\"type\":\"integer\",\"minimum\":0,\"maximum\":9}", " 7 \n", "7\n")]
    [InlineData("json {\"type\":\"integer\",\"minimum\":0,\"maximum\":9}", "-0", "0\n")]
    [InlineData("json {\"type\":\"integer\",\"minimum\":0,\"maximum\":9}", "7 7", null)]
    [InlineData("json {\"type\":\"integer\",\"minimum\":0,\"maximum\":9}", "7.5", null)]
    [InlineData("json {\"type\":\"integer\",\"minimum\":0,\"maximum\":9}", "\"7\"", null)]
    [InlineData("json {\"type\":\"integer\",\"minimum\":0,\"maximum\":9}", "10", null)]
    [InlineData("json {\"type\":\"integer\",\"minimum\":0,\"maximum\":9}", "", null)]
    [InlineData("json {\"enum\":[\"a\\\"b\",2]}", "\"\\u0061\\u0022b\"", "\"a\\\"b\"\n")]
    [InlineData("json {\"enum\":[\"a\",2]}", "2", "2\n")]
    [InlineData("json {\"enum\":[\"a\",2]}", "\"2\"", null)]
    [InlineData("json {\"type\":\"string\",\"pattern\":\"^[a-z]+$\",\"maxLength\":3}", "\"abcd\"", null)]
    [InlineData("json {\"type\":\"string\",\"pattern\":\"^[a-z]+$\",\"maxLength\":3}", "\"A\"", null)]
    [InlineData("json {\"type\":\"string\",\"pattern\":\"^[a-z]+$\",\"maxLength\":3}", "\"\\ud800\"", null)]
    [InlineData("json {\"type\":\"array\",\"items\":{\"type\":\"boolean\"},\"minItems\":1,\"maxItems\":2}", "[ true , false ]", "[true,false]\n")]
    [InlineData("json {\"type\":\"array\",\"items\":{\"type\":\"boolean\"},\"minItems\":1,\"maxItems\":2}", "[]", null)]
    [InlineData("json {\"type\":\"array\",\"items\":{\"type\":\"boolean\"},\"minItems\":1,\"maxItems\":2}", "[true,true,true]", null)]
    [InlineData("json {\"type\":\"array\",\"items\":{\"type\":\"boolean\"},\"minItems\":1,\"maxItems\":2}", "[true,]", null)]
    [InlineData("json {\"type\":\"array\",\"items\":{\"type\":\"boolean\"},\"minItems\":1,\"maxItems\":2}", "[true", null)]
    [InlineData(Record, "{\"b\":true,\"a\":1}", "{\"a\":1,\"b\":true}\n")]
    [InlineData(Record, "{\"a\":1}", "{\"a\":1}\n")]
    [InlineData(Record, "{\"b\":true}", null)]
    [InlineData(Record, "{\"a\":1,\"a\":2}", null)]
    [InlineData(Record, "{\"a\":1,\"c\":2}", null)]
    [InlineData(Record, "{\"a\":{}}", null)]
    [InlineData(Record, "[1]", null)]
    [InlineData(Record, "{\"a\":1} // more", null)]
    public void OnlyOneSpellingOfEachOutputPasses(string text, string output, string? passed)
    {
        bool passes = Parse(text, 64).TryRead(Encoding.UTF8.GetBytes(output), out byte[]? bytes, out string? problem);
        Assert.Equal(passed, passes ? Encoding.UTF8.GetString(bytes!) : null);
        Assert.Equal(passes, problem is null);
    }

    [Theory]
    [InlineData("number 1..2", "a form is one of: integer A..B; one of WORD WORD; lines matching EXPRESSION; json SCHEMA")]
    [InlineData("integer 1", "a range is written as in integer 0..1000000")]
    [InlineData("integer 1..x", "a range is written as in integer 0..1000000")]
    [InlineData("integer 01..2", "a range is written as in integer 0..1000000")]
    [InlineData("integer 2..1", "the range is empty: its first number is greater than its last")]
    [InlineData("integer 0..99999999", "numbers of this range need 9 bytes with the line feed, and max-bytes is 8")]
    [InlineData("one of  ", "words are written as in one of yes no, in printable ASCII")]
    [InlineData("one of a a", "a word stands there twice")]
    [InlineData("one of abcdefgh", "the longest word needs 9 bytes with the line feed, and max-bytes is 8")]
    [InlineData("lines matching a{8}", "no line matches that has room in 8 bytes with its line feed")]
    [InlineData("lines matching (a", "a ( without its ), at character 3 of the expression")]
    [InlineData("lines matching a)", "a ) without its (, at character 2 of the expression")]
    [InlineData("lines matching ^a", "^ is not needed: the whole text must match; write \\^ for the character, at character 1 of the expression")]
    [InlineData("lines matching (a)\\1", "references back are not regular, at character 6 of the expression")]
    [InlineData("lines matching (?=a)", "of (?…) only (?:…) is known: looking around is not regular, at character 3 of the expression")]
    [InlineData("lines matching a**", "a repetition of a repetition: use a group, at character 3 of the expression")]
    [InlineData("lines matching *", "nothing stands before *, at character 1 of the expression")]
    [InlineData("lines matching a{2,1}", "a repetition is {n}, {n,} or {n,m} with numbers up to 1000, at character 2 of the expression")]
    [InlineData("lines matching a{1001}", "a repetition is {n}, {n,} or {n,m} with numbers up to 1000, at character 2 of the expression")]
    [InlineData("lines matching [z-a]", "a range goes from one character to a later one, at character 5 of the expression")]
    [InlineData("lines matching []", "a set of no characters; write \\] for the character, at character 2 of the expression")]
    [InlineData("lines matching \u00e9", "only printable ASCII can be matched, at character 1 of the expression")]
    [InlineData("lines matching ((a{1000}){1000}){1000}", "the expression is too large: make its repetitions smaller")]
    [InlineData("lines matching [ab]*a[ab]{20}", "the expression is too large: make its repetitions smaller")]
    [InlineData("json x", "the schema is no JSON, at byte 0")]
    [InlineData("json {}", "the schema has no type, enum or const")]
    [InlineData("json {\"type\":\"number\"}", "the schema is a number, which has no end of digits: use integer")]
    [InlineData("json {\"type\":\"integer\"}", "the schema needs minimum and maximum, whole numbers in this order")]
    [InlineData("json {\"type\":\"string\",\"maxLength\":3}", "the schema needs a pattern for the whole text, as in \"^[a-z]+$\"")]
    [InlineData("json {\"type\":\"string\",\"pattern\":\"^a$\"}", "the schema needs a maxLength of at most 256")]
    [InlineData("json {\"type\":\"boolean\",\"format\":\"x\"}", "the schema has format, which is not known for it")]
    [InlineData("json {\"type\":\"array\",\"items\":{\"type\":\"boolean\"}}", "the schema needs a maxItems of at most 10000, and no larger minItems")]
    [InlineData("json {\"type\":\"object\",\"additionalProperties\":true}", "the schema has additionalProperties, and none are let through: say false")]
    [InlineData("json {\"type\":\"object\",\"required\":[\"a\"]}", "the schema requires what is not among its properties")]
    [InlineData("json {\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"odd\"}}}", "a has a type that there is not")]
    [InlineData("json {\"enum\":[]}", "the schema has no values")]
    [InlineData("json {\"enum\":[1,1]}", "the schema has a value twice")]
    [InlineData("json {\"enum\":[{}]}", "the schema has a value that is no whole number, no string of printable ASCII, not true, false or null")]
    public void WhatIsNoFormIsSaid(string text, string expected)
    {
        Assert.False(OutputForms.TryParse(text, 8, out OutputForm? form, out string? problem));
        Assert.Null(form);
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void NothingLongerThanDeclaredPasses()
    {
        OutputForm form = Parse("lines matching a*", 4);
        Assert.True(form.TryRead("aaa\n"u8, out _, out _));
        Assert.True(form.TryRead("aaa"u8, out _, out _));
        Assert.False(form.TryRead("aaaa\n"u8, out _, out string? problem));
        Assert.Equal("the output is longer than 4 bytes", problem);
        Assert.False(form.TryRead("aaaa"u8, out byte[]? passed, out problem));
        Assert.Null(passed);
        Assert.Equal("the output with its line feed is longer than 4 bytes", problem);
    }

    [Fact]
    public void AnExpressionThatTricksOtherMatchersIsLinearHere()
    {
        OutputForm form = Parse("lines matching (a|a)*(a|aa)*b", 65_000);
        byte[] output = Encoding.ASCII.GetBytes(new string('a', 64_000));
        long before = Environment.TickCount64;
        Assert.False(form.TryRead(output, out _, out _));
        Assert.True(Environment.TickCount64 - before < 1_000);
    }

    internal static OutputForm Parse(string text, int bytes)
    {
        Assert.True(OutputForms.TryParse(text, bytes, out OutputForm? form, out string? problem), problem);
        Assert.Equal(text, form.Text);
        return form;
    }

    private const string Record =
        "json {\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":9},\"b\":{\"type\":\"boolean\"}},\"required\":[\"a\"]}";
}
