using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ShellGuard.Core.Events;
using ShellGuard.Journal.Recordings;

namespace ShellGuard.Journal.Tests.Recordings;

public sealed class AsciicastTests
{
    [Fact]
    public void What_is_recorded_is_read_on_the_journals_clock()
    {
        ManualTime time = new();
        MemorySink sink = new();
        AsciicastWriter writer = Start(sink, time);
        time.Advance(TimeSpan.FromSeconds(1.25));
        Assert.True(writer.Output("hello\r\n"u8));
        Assert.True(writer.Input("x"u8));
        Assert.True(writer.Resize(100, 30));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(writer.Mark(12, EventKind.Exec));
        Assert.True(writer.Close(out string? sha256));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(sink.Bytes)).ToLowerInvariant(), sha256);
        Assert.False(writer.Output("late"u8));

        AsciicastReader reader = Open(sink.Bytes);
        Assert.Equal(new AsciicastHeader(80, 24, 1772600767, "xterm", "/bin/bash"), reader.Header);
        Assert.Equal(
            [
                new AsciicastEvent(1.25, 'o', "hello\r\n"), new AsciicastEvent(1.25, 'i', "x"),
                new AsciicastEvent(1.25, 'r', "100x30"), new AsciicastEvent(2.25, 'm', "#12 exec"),
            ],
            reader.Read());
        Assert.Equal(0, reader.Passed);
    }

    [Fact]
    public void Characters_split_over_chunks_stay_whole_and_invalid_bytes_are_replaced() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<NonNegativeInt>(), (noise, cut) =>
        {
            byte[] bytes = [.. "é漢😀"u8, .. noise, .. "😀x"u8];
            int at = cut.Get % (bytes.Length + 1);
            MemorySink sink = new();
            AsciicastWriter writer = Start(sink, new ManualTime());
            bool good = writer.Output(bytes.AsSpan(0, at)) && writer.Output(bytes.AsSpan(at)) && writer.Close(out _);
            string read = string.Concat(Open(sink.Bytes).Read().Select(item => item.Data));
            return good && read == Encoding.UTF8.GetString(bytes);
        }));

    [Fact]
    public void A_megabyte_of_output_becomes_bounded_lines()
    {
        MemorySink sink = new();
        AsciicastWriter writer = Start(sink, new ManualTime());
        byte[] output = new byte[1_000_000];
        Array.Fill(output, (byte)0x01);
        Assert.True(writer.Output(output));
        Assert.True(writer.Close(out _));
        AsciicastReader reader = Open(sink.Bytes);
        Assert.Equal(output.Length, reader.Read().Sum(item => item.Data.Length));
        Assert.Equal(0, reader.Passed);
    }

    [Fact]
    public void A_full_disk_fails_for_ever()
    {
        MemorySink sink = new(200);
        AsciicastWriter writer = Start(sink, new ManualTime());
        Assert.False(writer.Output(new byte[500]));
        Assert.False(writer.Output("x"u8));
        Assert.Contains("No space left", writer.Failure, StringComparison.Ordinal);
        Assert.False(writer.Close(out string? sha256));
        Assert.Null(sha256);
        writer.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"version\":1}\n")]
    [InlineData("{\"version\":2,\"width\":0,\"height\":1}\n")]
    [InlineData("[]\n")]
    public void What_is_no_recording_is_refused(string text) =>
        Assert.False(AsciicastReader.TryOpen(new MemoryStream(Encoding.UTF8.GetBytes(text)), out _, out _));

    [Fact]
    public async Task Debians_asciinema_plays_it()
    {
        using TemporaryDirectory directory = new();
        Assert.True(AsciicastWriter.TryCreate(
            directory["session.cast"], new AsciicastHeader(80, 24, 1, "xterm", "/bin/sh"),
            new JournalClock(TimeProvider.System), out AsciicastWriter? writer, out string? error), error);
        Assert.True(writer.Output("\e[31mred\e[0m é漢😀 "u8));
        Assert.True(writer.Mark(3, EventKind.Exec));
        Assert.True(writer.Resize(90, 30));
        Assert.True(writer.Output([0xe6, 0xbc]));
        Assert.True(writer.Output([0xa2, 0xff, (byte)'.']));
        Assert.True(writer.Close(out _));

        // asciinema wants a terminal of its own; script(1) gives it one.
        ProcessStartInfo start = new("script", ["-qec", $"asciinema cat '{directory["session.cast"]}'", "/dev/null"])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["HOME"] = directory.Path;
        using Process asciinema = Process.Start(start)!;
        string output = await asciinema.StandardOutput.ReadToEndAsync();
        string problem = await asciinema.StandardError.ReadToEndAsync();
        await asciinema.WaitForExitAsync();
        Assert.True(asciinema.ExitCode == 0, problem);
        Assert.Equal("\e[31mred\e[0m é漢😀 漢\uFFFD.", output);
    }

    internal static AsciicastWriter Start(MemorySink sink, TimeProvider time)
    {
        Assert.True(AsciicastWriter.TryStart(
            sink, new AsciicastHeader(80, 24, new JournalClock(time).Start.ToUnixTimeSeconds(), "xterm", "/bin/bash"),
            new JournalClock(time), out AsciicastWriter? writer, out string? error), error);
        return writer;
    }

    private static AsciicastReader Open(byte[] recording)
    {
        Assert.True(
            AsciicastReader.TryOpen(new MemoryStream(recording), out AsciicastReader? reader, out string? error), error);
        return reader;
    }
}
