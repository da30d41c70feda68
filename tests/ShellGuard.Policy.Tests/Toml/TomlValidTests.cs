using System.Text;
using ShellGuard.Policy.Toml;
using Xunit;

namespace ShellGuard.Policy.Tests.Toml;

/// <summary>Documents that TOML 1.0 calls valid, with what they mean in a plain notation.</summary>
public sealed class TomlValidTests
{
    public static TheoryData<string, string> Documents() => new()
    {
        // Comments, white space and line ends.
        { "", "{}" },
        { "\n\n \t\n", "{}" },
        { "# only a comment", "{}" },
        { "# tab\tand ünïcode", "{}" },
        { "a = 1 # after\r\nb = 2\r\n", "{a:1,b:2}" },
        { "\uFEFFa = 1", "{a:1}" },
        { "\ta\t=\t1\t", "{a:1}" },
        { "a=\"#\" # x", "{a:\"#\"}" },

        // Keys.
        { "bare_key-1 = 1", "{bare_key-1:1}" },
        { "1234 = 1", "{1234:1}" },
        { "-_- = 1", "{-_-:1}" },
        { "\"127.0.0.1\" = 1", "{127.0.0.1:1}" },
        { "'quoted \"value\"' = 1", "{quoted \"value\":1}" },
        { "\"\" = 1", "{:1}" },
        { "'' = 1", "{:1}" },
        { "\"ʎǝʞ\" = 1", "{ʎǝʞ:1}" },
        { "a.b.c = 1", "{a:{b:{c:1}}}" },
        { "a . b\t. c = 1", "{a:{b:{c:1}}}" },
        { "site.\"google.com\" = true", "{site:{google.com:true}}" },
        { "a.b = 1\na.c = 2", "{a:{b:1,c:2}}" },
        { "apple.type = 1\norange.type = 2\napple.skin = 3", "{apple:{type:1,skin:3},orange:{type:2}}" },
        { "3.14159 = \"pi\"", "{3:{14159:\"pi\"}}" },
        { "\"\\u0061\" = 1", "{a:1}" },
        { "true = 1\ninf = 2\nnan = 3", "{true:1,inf:2,nan:3}" },
        { "1979-05-27 = 1", "{1979-05-27:1}" },

        // Basic strings.
        { "a = \"\"", "{a:\"\"}" },
        { "a = \"b\\t\\n\\f\\r\\\"\\\\\\b\"", "{a:\"b\t\n\f\r\"\\\b\"}" },
        { "a = \"\\u00E9\\U0001F600\"", "{a:\"é😀\"}" },
        { "a = \"raw\ttab\"", "{a:\"raw\ttab\"}" },
        { "a = \"\\u0000\"", "{a:\"\0\"}" },
        { "a = \"\\uD7FF\\uE000\"", "{a:\"\uD7FF\uE000\"}" },
        { "a = \"\u0080\"", "{a:\"\u0080\"}" },

        // Literal strings.
        { "a = 'C:\\Users\\n'", "{a:\"C:\\Users\\n\"}" },
        { "a = '<\\i\\c*\\s*>'", "{a:\"<\\i\\c*\\s*>\"}" },

        // Multi-line strings.
        { "a = \"\"\"\"\"\"", "{a:\"\"}" },
        { "a = \"\"\"\nRoses\nViolets\"\"\"", "{a:\"Roses\nViolets\"}" },
        { "a = \"\"\"\r\nRoses\r\nViolets\"\"\"", "{a:\"Roses\nViolets\"}" },
        { "a = \"\"\"\\\n    one \\\n\n\n   two\\\n \"\"\"", "{a:\"one two\"}" },
        { "a = \"\"\"x \\  \t\n  y\"\"\"", "{a:\"x y\"}" },
        { "a = \"\"\"two \"\"quotes\"\" \"\"\"", "{a:\"two \"\"quotes\"\" \"}" },
        { "a = \"\"\"\"one\"\"\"\"", "{a:\"\"one\"\"}" },
        { "a = \"\"\"\"\"two\"\"\"\"\"", "{a:\"\"\"two\"\"\"}" },
        { "a = \"\"\"three \"\"\\\" here\"\"\"", "{a:\"three \"\"\" here\"}" },
        { "a = \"\"\"a\\u0062c\"\"\"", "{a:\"abc\"}" },
        { "a = ''''''", "{a:\"\"}" },
        { "a = '''\nI [dw]on't need \\d{2}\n'''", "{a:\"I [dw]on't need \\d{2}\n\"}" },
        { "a = ''''that,' she said'''''", "{a:\"'that,' she said''\"}" },
        { "a = '''15 \"\"\"\"\"'''", "{a:\"15 \"\"\"\"\"\"}" },
        { "a = '''x\\\ny'''", "{a:\"x\\\ny\"}" },

        // Integers.
        { "a = 0\nb = +0\nc = -0", "{a:0,b:0,c:0}" },
        { "a = +99\nb = -17\nc = 1_000\nd = 5_349_221\ne = 1_2_3", "{a:99,b:-17,c:1000,d:5349221,e:123}" },
        { "a = 9223372036854775807\nb = -9223372036854775808", "{a:9223372036854775807,b:-9223372036854775808}" },
        { "a = 0xDEADBEEF\nb = 0xdead_beef\nc = 0o01234567\nd = 0o755\ne = 0b11010110", "{a:3735928559,b:3735928559,c:342391,d:493,e:214}" },
        { "a = 0x7FFFFFFFFFFFFFFF\nb = 0x00", "{a:9223372036854775807,b:0}" },

        // Floats.
        { "a = +1.0\nb = 3.1415\nc = -0.01", "{a:1f,b:3.1415f,c:-0.01f}" },
        { "a = 5e+22\nb = 1e06\nc = -2E-2\nd = 6.626e-34", "{a:5E+22f,b:1000000f,c:-0.02f,d:6.626E-34f}" },
        { "a = 224_617.445_991_228", "{a:224617.445991228f}" },
        { "a = 0.0\nb = -0.0\nc = 0e0\nd = 1e1_0", "{a:0f,b:-0f,c:0f,d:10000000000f}" },
        { "a = inf\nb = +inf\nc = -inf", "{a:Infinityf,b:Infinityf,c:-Infinityf}" },
        { "a = nan\nb = +nan\nc = -nan", "{a:NaNf,b:NaNf,c:NaNf}" },
        { "a = 1e999", "{a:Infinityf}" },

        // Booleans.
        { "a = true\nb = false", "{a:true,b:false}" },

        // Dates and times.
        { "a = 1979-05-27T07:32:00Z", "{a:1979-05-27T07:32:00.000000000+0}" },
        { "a = 1979-05-27T00:32:00-07:00", "{a:1979-05-27T00:32:00.000000000-420}" },
        { "a = 1979-05-27T00:32:00.999999-07:30", "{a:1979-05-27T00:32:00.999999000-450}" },
        { "a = 1979-05-27 07:32:00z # space", "{a:1979-05-27T07:32:00.000000000+0}" },
        { "a = 1979-05-27t07:32:00", "{a:1979-05-27T07:32:00.000000000}" },
        { "a = 1979-05-27T00:32:00.5", "{a:1979-05-27T00:32:00.500000000}" },
        { "a = 1979-05-27T00:32:00.1234567891234", "{a:1979-05-27T00:32:00.123456789}" },
        { "a = 1979-05-27", "{a:1979-05-27}" },
        { "a = 1979-05-27 # comment", "{a:1979-05-27}" },
        { "a = [ 1979-05-27 , 07:32:00 ]", "{a:[1979-05-27,T07:32:00.000000000]}" },
        { "a = 07:32:00\nb = 00:32:00.999999", "{a:T07:32:00.000000000,b:T00:32:00.999999000}" },
        { "a = 2000-02-29\nb = 2024-02-29\nc = 0000-01-01", "{a:2000-02-29,b:2024-02-29,c:0000-01-01}" },
        { "a = 1990-12-31T23:59:60Z", "{a:1990-12-31T23:59:60.000000000+0}" },

        // Arrays.
        { "a = []", "{a:[]}" },
        { "a = [ 1, 2, 3, ]", "{a:[1,2,3]}" },
        { "a = [[1, 2], [\"a\", 0.5], {x = 1}]", "{a:[[1,2],[\"a\",0.5f],{x:1}]}" },
        { "a = [\n  1, # one\n  # nothing\n\n  2\n  ,\n]", "{a:[1,2]}" },
        { "a = [\r\n1\r\n]\r\n", "{a:[1]}" },
        { "a = [\"]\", '[', \"#\"]", "{a:[\"]\",\"[\",\"#\"]}" },
        { "a = [\"\"\"\nx\"\"\", '''\ny''']", "{a:[\"x\",\"y\"]}" },
        { "a = [[[[[]]]]]", "{a:[[[[[]]]]]}" },

        // Tables.
        { "[a]", "{a:{}}" },
        { "[a]\nk = 1\n[b]\nk = 2", "{a:{k:1},b:{k:2}}" },
        { "[ a . \"b.c\" . 'd' ] # x\nk = 1", "{a:{b.c:{d:{k:1}}}}" },
        { "[x.y.z.w]\n[x]\nk = 1", "{x:{y:{z:{w:{}}},k:1}}" },
        { "[a.b]\n[a]\n[a.c]", "{a:{b:{},c:{}}}" },
        { "a.b.c = 1\n[a.d]\ne = 2", "{a:{b:{c:1},d:{e:2}}}" },
        { "[fruit]\napple.color = 1\napple.taste.sweet = true\n[fruit.apple.texture]\nsmooth = true", "{fruit:{apple:{color:1,taste:{sweet:true},texture:{smooth:true}}}}" },
        { "[a.b.c]\nz = 9\n[a]\nb.x = 1", "{a:{b:{c:{z:9},x:1}}}" },
        { "[\"\"]\nx = 1", "{:{x:1}}" },

        // Inline tables.
        { "a = {}", "{a:{}}" },
        { "a = { x = 1, \"y z\" = 'b', c.d = 2, c.e = 3 }", "{a:{x:1,y z:\"b\",c:{d:2,e:3}}}" },
        { "a = {b = {c = {d = 1}}}", "{a:{b:{c:{d:1}}}}" },
        { "a = { x = [\n1,\n2\n] }", "{a:{x:[1,2]}}" },
        { "a = { x = \"\"\"\nb\nc\"\"\" }", "{a:{x:\"b\nc\"}}" },

        // Arrays of tables.
        { "[[a]]", "{a:[{}]}" },
        { "[[a]]\nk = 1\n[[a]]\n[[a]]\nk = 3", "{a:[{k:1},{},{k:3}]}" },
        { "[[f]]\nn = 1\n[f.p]\nc = 2\n[[f.v]]\nn = 3\n[[f.v]]\nn = 4\n[[f]]\nn = 5\n[[f.v]]\nn = 6", "{f:[{n:1,p:{c:2},v:[{n:3},{n:4}]},{n:5,v:[{n:6}]}]}" },
        { "[[a.b]]\nx = 1\n[a]\ny = 2", "{a:{b:[{x:1}],y:2}}" },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public void ReadsAsTheSpecificationSays(string text, string expected)
    {
        var document = TomlReader.Read(Encoding.UTF8.GetBytes(text));
        Assert.Empty(document.Errors);
        Assert.Equal(expected, TomlNotation.Write(document.Root));
    }
}
