using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Journal.Format;

namespace ShellGuard.Journal.Tests;

/// <summary>What is written is what is read, byte by byte, whatever a program chose.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public void Every_event_comes_back_as_it_was()
    {
        foreach (JournalEvent what in Samples.Every)
        {
            byte[] line = Serialize(what);
            Assert.True(RecordParser.TryParse(line, out JournalRecord? record, out string? problem), problem);
            Assert.IsType(what.GetType(), record.Event);
            Assert.Equal(Samples.Text(line), Samples.Text(Serialize(record.Event)));
        }
    }

    [Fact]
    public void A_line_is_printable_ascii_whatever_it_holds()
    {
        foreach (JournalEvent what in Samples.Every)
        {
            Assert.DoesNotContain(Serialize(what), value => value is < 0x20 or > 0x7e);
        }
    }

    [Fact]
    public void Any_bytes_are_recovered()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
        {
            ExecEvent exec = new(HostileText.Of(bytes), ArgumentVector.Of([bytes, [], bytes]), Decision.Allow, "");
            return RecordParser.TryParse(Serialize(exec), out JournalRecord? record, out _)
                && record.Event is ExecEvent read
                && read.Path.Kept.Span.SequenceEqual(bytes)
                && read.Arguments.Kept.Count == 3
                && read.Arguments.Kept[2].Kept.Span.SequenceEqual(bytes);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void The_escape_is_reversible()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
            ByteEscape.TryUnescape(ByteEscape.Escape(bytes), out byte[] back) && back.AsSpan().SequenceEqual(bytes))
            .QuickCheckThrowOnFailure();
        Assert.False(ByteEscape.TryUnescape("\\", out _));
        Assert.False(ByteEscape.TryUnescape("\\x4", out _));
        Assert.False(ByteEscape.TryUnescape("\\xZZ", out _));
        Assert.False(ByteEscape.TryUnescape("\\n", out _));
    }

    [Fact]
    public void Megabytes_are_cut_and_bound_by_length_and_hash()
    {
        byte[] huge = new byte[3_000_000];
        Array.Fill(huge, (byte)0x01);
        byte[][] arguments = [.. Enumerable.Repeat(huge, 20)];
        ExecEvent exec = new(
            HostileText.Of(huge), ArgumentVector.Of(arguments), Decision.Allow, new string('\u2028', 100_000))
        {
            Chain = [.. Enumerable.Repeat(new ProcessIdentity(1, 2, 3, new string('\e', 100_000)), 1000)],
            Rule = new RuleSource(new string('"', 50_000), 1, 1, new string('é', 50_000)),
            WayOn = new string('\\', 50_000),
            Interpreter = HostileText.Of(huge),
            WorkingDirectory = HostileText.Of(huge),
            Cell = new string('\n', 50_000),
        };
        byte[] line = Serialize(exec);
        Assert.InRange(line.Length, 1, RecordSerializer.MaxRecordBytes);
        Assert.True(RecordParser.TryParse(line, out JournalRecord? record, out string? problem), problem);
        ExecEvent read = Assert.IsType<ExecEvent>(record.Event);
        Assert.Equal(3_000_000, read.Path.Length);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(huge)).ToLowerInvariant(), read.Path.Sha256);
        Assert.Equal(20, read.Arguments.Count);
        Assert.Equal(60_000_000, read.Arguments.Bytes);
        using IncrementalHash whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] argument in arguments)
        {
            whole.AppendData([.. argument, 0]);
        }

        Assert.Equal(Convert.ToHexString(whole.GetHashAndReset()).ToLowerInvariant(), read.Arguments.Sha256);
    }

    [Fact]
    public void A_million_arguments_are_counted()
    {
        ArgumentVector arguments = ArgumentVector.Of([.. Enumerable.Repeat<byte[]>([], 1_000_000)]);
        Assert.Equal(1_000_000, arguments.Count);
        Assert.Equal(ArgumentVector.MaxArguments, arguments.Kept.Count);
        Assert.NotNull(arguments.Sha256);
    }

    internal static byte[] Serialize(JournalEvent what)
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter json = new(buffer);
        new RecordSerializer().Write(
            json, new RecordHeader(1, 1, DateTimeOffset.UnixEpoch, 5, Samples.Session), what,
            System.Text.Encoding.ASCII.GetBytes(new string('0', 64)));
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
