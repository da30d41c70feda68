using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Lines;
using ShellGuard.Leash.Tests.Support;
using Xunit;

namespace ShellGuard.Leash.Tests.Lines;

public sealed class LinePropertyTests
{
    private static readonly string[] Names = [.. Base.Configuration.Entries.Select(entry => entry.Name)];

    /// <summary>Said once more, on bytes: what a line is compared with is what is left without blanks at both ends.</summary>
    [Fact]
    public void A_line_runs_if_and_only_if_its_trimmed_bytes_are_a_name()
    {
        LeashConfiguration configuration = Base.Configuration;
        byte[][] names = [.. Names.Select(Encoding.UTF8.GetBytes)];
        Gen<byte[]> near = from name in Gen.Elements(names)
                           from change in Gen.Choose(0, 4)
                           from at in Gen.Choose(0, name.Length)
                           from value in Gen.Elements<byte>(0, 9, 13, 32, 35, 44, 59, 124, 0x61, 0xa0, 0xc2, 0xe3, 0xff)
                           select Change(name, change, at, value);
        Gen<byte[]> any = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();
        Prop.ForAll(Gen.OneOf(near, any).ToArbitrary(), line =>
        {
            ReadOnlySpan<byte> trimmed = line.AsSpan().Trim(" \t\r"u8);
            string? expected = null;
            foreach (byte[] name in names)
            {
                expected = trimmed.SequenceEqual(name) ? Encoding.UTF8.GetString(name) : expected;
            }

            Assert.Equal(expected, LineLanguage.Judge(line, configuration).Entry?.Name);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    private static byte[] Change(byte[] name, int change, int at, byte value) => change switch
    {
        0 => name,
        1 => [.. name[..at], value, .. name[at..]],
        2 => [.. name[..Math.Min(at, name.Length - 1)], .. name[Math.Min(at + 1, name.Length)..]],
        3 => [value, .. name, value],
        _ => [.. name[..at], value, .. name[Math.Min(at + 1, name.Length)..]],
    };
}
