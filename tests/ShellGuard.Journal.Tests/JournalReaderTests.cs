using ShellGuard.Core.Events;

namespace ShellGuard.Journal.Tests;

public sealed class JournalReaderTests : IDisposable
{
    private readonly JournalKey _key = JournalKey.Ephemeral();
    private readonly byte[] _journal;

    public JournalReaderTests() => _journal = Samples.Journal(_key);

    public void Dispose() => _key.Dispose();

    [Fact]
    public void It_reads_every_record_as_stored()
    {
        using JournalReader reader = new(new MemoryStream(_journal));
        JournalLine[] lines = [.. reader.Read()];
        Assert.All(lines, line => Assert.Null(line.Problem));
        Assert.Equal(_journal, Samples.Join(lines.Select(line => (byte[])[.. line.Json.Span, (byte)'\n'])));
        Assert.Equal(
            Enumerable.Range(1, lines.Length).Select(n => (long)n),
            lines.Select(l => l.Record!.Header.Sequence));
    }

    [Fact]
    public void It_carries_on_over_what_it_cannot_read()
    {
        List<byte[]> lines = Samples.Lines(_journal);
        byte[] broken =
        [
            .. lines[0], .. "not json\n"u8, .. lines[1], .. "{\"v\":1,\"v\\ud800\":\"\\ud800\"}\n"u8,
            .. new byte[3_000_000], (byte)'\n', .. lines[2], .. lines[3][..20],
        ];
        using JournalReader reader = new(new MemoryStream(broken));
        JournalLine[] read = [.. reader.Read()];
        Assert.Equal([true, false, true, false, false, true, false], read.Select(line => line.Problem is null));
        Assert.Equal("longer than any record", read[4].Problem);
        Assert.StartsWith("torn", read[6].Problem, StringComparison.Ordinal);
        Assert.Equal(broken.Length - 20, read[6].Offset);
    }

    [Fact]
    public void Filters()
    {
        JournalLine[] Read(JournalFilter filter)
        {
            using JournalReader reader = new(new MemoryStream(_journal));
            return [.. reader.Read(filter)];
        }

        Assert.Equal(
            [EventKind.Exec, EventKind.Access, EventKind.Line],
            Read(new JournalFilter { DeniedOnly = true }).Select(line => line.Record!.Event.Kind));
        Assert.Equal([1L, 2L, 3L], Read(new JournalFilter { DeniedOnly = true }).Select(line => line.Denial));
        Assert.All(
            Read(new JournalFilter { Kinds = new HashSet<EventKind> { EventKind.CellEnd } }),
            line => Assert.Equal(EventKind.CellEnd, line.Record!.Event.Kind));
        JournalLine[] all = Read(JournalFilter.All);
        DateTimeOffset middle = all[10].Record!.Header.Time;
        Assert.Equal(
            all.Count(l => l.Record!.Header.Time >= middle),
            Read(new JournalFilter { Since = middle }).Length);
        Assert.Equal(3, Read(new JournalFilter { Cell = "main" }).Length);
    }

    [Fact]
    public async Task Following_shows_records_as_they_come_and_ends_with_the_signed_head()
    {
        using TemporaryDirectory directory = new();
        List<byte[]> lines = Samples.Lines(_journal);
        using FileStream file = new(
            directory["journal"], FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(lines[0]);
        Assert.True(JournalReader.TryOpen(directory["journal"], out JournalReader? reader, out string? error), error);
        using (reader)
        {
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
            Task<JournalLine[]> follow = Task.Run(
                () => reader.Follow(null, TimeSpan.FromMilliseconds(1), limit.Token).ToArray());
            foreach (byte[] line in lines.Skip(1))
            {
                file.Write(line.AsSpan(0, 10)); // torn for a moment
                await Task.Delay(3);
                file.Write(line.AsSpan(10));
            }

            JournalLine[] read = await follow;
            Assert.Equal(lines.Count, read.Length);
            Assert.All(read, line => Assert.Null(line.Problem));
            Assert.Equal(EventKind.Seal, read[^1].Record!.Event.Kind);
        }
    }

    [Fact]
    public async Task Following_ends_when_cancelled_or_cut()
    {
        using TemporaryDirectory directory = new();
        File.WriteAllBytes(directory["journal"], Samples.Lines(_journal)[0]);
        Assert.True(JournalReader.TryOpen(directory["journal"], out JournalReader? reader, out _));
        using CancellationTokenSource stop = new(TimeSpan.FromMilliseconds(50));
        Assert.Single(reader.Follow(null, TimeSpan.FromMilliseconds(1), stop.Token));
        reader.Dispose();

        Assert.True(JournalReader.TryOpen(directory["journal"], out reader, out _));
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        Task<JournalLine[]> follow = Task.Run(
            () => reader.Follow(null, TimeSpan.FromMilliseconds(1), limit.Token).ToArray());
        await Task.Delay(100);
        using (FileStream cut = new(directory["journal"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            cut.SetLength(5);
        }

        JournalLine[] read = await follow;
        Assert.Contains("shorter", read[^1].Problem, StringComparison.Ordinal);
        reader.Dispose();
    }
}
