using System.Globalization;
using System.Numerics;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ShellGuard.Core.Flow.Forms;

namespace ShellGuard.Core.Tests.Flow.Forms;

/// <summary>Random small schemas, each with all the values that it allows: those pass, as many are counted, and whatever
/// passes is one of them.</summary>
public sealed class JsonPropertyTests
{
    private const int Bytes = 4_000;

    [Fact]
    public void ExactlyTheValuesPassAndAreCounted() => Check.QuickThrowOnFailure(Prop.ForAll(Arb.From(Schemas(2)), schema =>
    {
        OutputForm form = OutputFormTests.Parse($"json {schema.Text}", Bytes);
        Assert.Equal(new BigInteger(schema.Values.Count).GetBitLength(), form.Bits);
        foreach (string value in schema.Values)
        {
            Assert.Equal(value + "\n", Pass(form, value));
            Assert.Equal(value + "\n", Pass(form, $" {value} \n"));
        }
    }));

    [Fact]
    public void WhatPassesIsAlwaysOneOfTheValues() => Check.QuickThrowOnFailure(Prop.ForAll(
        Arb.From(from schema in Schemas(2) from other in Schemas(2) select (schema, other)), pair =>
        {
            OutputForm form = OutputFormTests.Parse($"json {pair.schema.Text}", Bytes);
            foreach (string value in pair.other.Values)
            {
                bool member = pair.schema.Values.Contains(value, StringComparer.Ordinal);
                string? passed = Pass(form, value);
                Assert.True(passed is null ? !member : pair.schema.Values.Contains(passed[..^1], StringComparer.Ordinal));
            }
        }));

    private static string? Pass(OutputForm form, string output) =>
        form.TryRead(Encoding.UTF8.GetBytes(output), out byte[]? passed, out _) ? Encoding.UTF8.GetString(passed) : null;

    private static Gen<Schema> Schemas(int depth)
    {
        Gen<Schema> leaf = Gen.OneOf(
            Gen.Constant(new Schema("{\"type\":\"boolean\"}", ["false", "true"])),
            Gen.Constant(new Schema("{\"type\":\"null\"}", ["null"])),
            Gen.Constant(new Schema("{\"enum\":[\"a\",\"\\\"\",3]}", ["\"a\"", "\"\\\"\"", "3"])),
            Gen.Constant(new Schema("{\"type\":\"string\",\"pattern\":\"^[ab]*$\",\"maxLength\":1}", ["\"\"", "\"a\"", "\"b\""])),
            from low in Gen.Choose(-3, 3)
            from size in Gen.Choose(0, 3)
            select new Schema(
                $"{{\"type\":\"integer\",\"minimum\":{low},\"maximum\":{low + size}}}",
                [.. Enumerable.Range(low, size + 1).Select(n => n.ToString(CultureInfo.InvariantCulture))]));
        if (depth == 0)
        {
            return leaf;
        }

        Gen<Schema> smaller = Schemas(depth - 1).Where(schema => schema.Values.Count <= 12);
        return Gen.OneOf(
            leaf,
            from item in smaller from least in Gen.Choose(0, 1) from more in Gen.Choose(0, 1) select List(item, least, least + more),
            from x in smaller from y in smaller from required in Gen.Elements("\"x\"", "\"y\"", "", "\"y\",\"x\"") select Record(x, y, required));
    }

    private static Schema List(Schema item, int least, int most)
    {
        List<string> values = [];
        IEnumerable<string> inner = [""];
        for (int count = 0; count <= most; count++)
        {
            values.AddRange(count < least ? [] : inner.Select(list => $"[{list.TrimStart(',')}]"));
            inner = [.. inner.SelectMany(list => item.Values.Select(value => $"{list},{value}"))];
        }

        return new Schema($"{{\"type\":\"array\",\"items\":{item.Text},\"minItems\":{least},\"maxItems\":{most}}}", values);
    }

    private static Schema Record(Schema x, Schema y, string required)
    {
        IEnumerable<string> Of(string name, Schema schema) => schema.Values.Select(value => $",\"{name}\":{value}")
            .Concat(required.Contains(name, StringComparison.Ordinal) ? [] : [""]);
        return new Schema(
            $"{{\"type\":\"object\",\"properties\":{{\"x\":{x.Text},\"y\":{y.Text}}},\"required\":[{required}]}}",
            [.. Of("x", x).SelectMany(left => Of("y", y).Select(right => $"{{{(left + right).TrimStart(',')}}}"))]);
    }

    private sealed record Schema(string Text, IReadOnlyList<string> Values);
}
