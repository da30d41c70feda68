using System.Diagnostics;
using ShellGuard.Core.Events;

namespace ShellGuard.Journal.Tests;

public sealed class JournalWriterTests
{
    [Fact]
    public void A_closed_journal_is_valid_and_numbers_its_denials()
    {
        using TemporaryDirectory directory = new();
        using JournalKey key = JournalKey.Ephemeral();
        using JournalWriter writer = Create(directory["journal"], key);
        Assert.True(writer.Append(new ResizeEvent(80, 24), out RecordPosition resize));
        Assert.True(writer.Append(Samples.Denial(), out RecordPosition first));
        Assert.True(writer.Append(Samples.Denial(), out RecordPosition second));
        Assert.Equal((2, 0), (resize.Sequence, resize.Denial));
        Assert.Equal((3, 1), (first.Sequence, first.Denial));
        Assert.Equal((4, 2), (second.Sequence, second.Denial));
        Assert.True(writer.Close(new SessionEndEvent(0, "exit")));
        Assert.False(writer.Append(new ResizeEvent(1, 1)));
        Assert.False(writer.Close(new SessionEndEvent(0, "exit")));

        using FileStream file = File.OpenRead(directory["journal"]);
        JournalVerification found = JournalVerifier.Verify(file, Samples.Session, key.Fingerprint);
        Assert.Null(found.Fault);
        Assert.Equal(JournalStatus.Valid, found.Status);
        Assert.Equal((6, 6), (found.Records, found.SignedThrough));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(directory["journal"]));
    }

    [Fact]
    public void An_existing_file_or_planted_link_is_never_opened()
    {
        using TemporaryDirectory directory = new();
        using JournalKey key = JournalKey.Ephemeral();
        File.WriteAllText(directory["victim"], "precious");
        File.CreateSymbolicLink(directory["link"], directory["victim"]);
        File.CreateSymbolicLink(directory["dangling"], directory["nowhere"]);
        foreach (string name in (string[])["victim", "link", "dangling", "no/such/directory"])
        {
            Assert.False(JournalWriter.TryCreate(
                directory[name], key, Samples.Session, Samples.Start, new JournalClock(TimeProvider.System),
                Durability.AtEnd, out _, out string? error));
            Assert.Contains("cannot be created", error, StringComparison.Ordinal);
        }

        Assert.Equal("precious", File.ReadAllText(directory["victim"]));
        Assert.False(Path.Exists(directory["nowhere"]));
    }

    [Fact]
    public void A_full_disk_fails_for_ever_and_keeps_what_was_written()
    {
        using JournalKey key = JournalKey.Ephemeral();
        for (int capacity = 0; capacity < 6000; capacity += 37)
        {
            MemorySink sink = new(capacity);
            bool started = JournalWriter.TryStart(
                sink, key, Samples.Session, Samples.Start, new JournalClock(new ManualTime()), Durability.AtEnd,
                out JournalWriter? writer, out string? error);
            if (!started)
            {
                Assert.Contains("No space left", error, StringComparison.Ordinal);
                continue;
            }

            int good = 1;
            while (good < 100 && writer!.Append(Samples.Denial()))
            {
                good++;
            }

            int writes = sink.Writes;
            Assert.Contains("No space left", writer!.Failure, StringComparison.Ordinal);
            Assert.False(writer.Append(Samples.Denial()));
            Assert.False(writer.Close(new SessionEndEvent(0, "exit")));
            Assert.Equal(writes, sink.Writes);
            JournalVerification found = JournalVerifier.Verify(new MemoryStream(sink.Bytes));
            Assert.Equal(JournalStatus.NotClosed, found.Status);
            Assert.Equal(good, found.Records);
            writer.Dispose();
        }
    }

    [Fact]
    public void The_kernels_own_full_device_is_a_failure()
    {
        using JournalKey key = JournalKey.Ephemeral();
        Assert.False(JournalWriter.TryStart(
            FileRecordSink.Open("/dev/full", FileMode.Open), key, Samples.Session, Samples.Start,
            new JournalClock(TimeProvider.System), Durability.AtEnd, out _, out string? error));
        Assert.Contains("No space left on device", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failed_flush_fails_the_journal()
    {
        using JournalKey key = JournalKey.Ephemeral();
        MemorySink sink = new();
        Assert.True(JournalWriter.TryStart(
            sink, key, Samples.Session, Samples.Start, new JournalClock(new ManualTime()), Durability.Decisions,
            out JournalWriter? writer, out _));
        Assert.True(writer.Append(new ResizeEvent(1, 1)));
        Assert.Equal(0, sink.Flushes);
        Assert.True(writer.Append(new AnswerEvent(1, GivenAnswer.Deny, "person")));
        Assert.Equal(1, sink.Flushes);
        sink.FailFlush = true;
        Assert.False(writer.Append(new AnswerEvent(2, GivenAnswer.Once, "person")));
        sink.FailFlush = false;
        Assert.False(writer.Append(new ResizeEvent(1, 1)));
        writer.Dispose();
    }

    [Fact]
    public void Many_threads_make_one_chain()
    {
        using JournalKey key = JournalKey.Ephemeral();
        MemorySink sink = new();
        Assert.True(JournalWriter.TryStart(
            sink, key, Samples.Session, Samples.Start, new JournalClock(TimeProvider.System), Durability.AtEnd,
            out JournalWriter? writer, out _));
        System.Collections.Concurrent.ConcurrentBag<long> denials = [];
        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            Assert.True(writer.Append(Samples.Denial(), out RecordPosition position));
            denials.Add(position.Denial);
        });
        Assert.True(writer.Close(new SessionEndEvent(0, "exit")));
        Assert.Equal(Enumerable.Range(1, 2000).Select(number => (long)number), denials.Order());
        JournalVerification found = JournalVerifier.Verify(new MemoryStream(sink.Bytes));
        Assert.Equal((JournalStatus.Valid, null), (found.Status, found.Fault));
        Assert.Equal(2003 + (2003 / (JournalWriter.CheckpointRecords + 1)), found.Records);
    }

    [Fact]
    public void A_step_of_the_wall_clock_shows_and_does_not_disorder()
    {
        using JournalKey key = JournalKey.Ephemeral();
        ManualTime time = new();
        MemorySink sink = new();
        Assert.True(JournalWriter.TryStart(
            sink, key, Samples.Session, Samples.Start, new JournalClock(time), Durability.AtEnd,
            out JournalWriter? writer, out _));
        time.Advance(TimeSpan.FromSeconds(1));
        time.Wall -= TimeSpan.FromDays(400);
        Assert.True(writer.Append(new ResizeEvent(1, 1)));
        Assert.True(writer.Close(new SessionEndEvent(0, "exit")));
        Assert.Equal(JournalStatus.Valid, JournalVerifier.Verify(new MemoryStream(sink.Bytes)).Status);
        using JournalReader reader = new(new MemoryStream(sink.Bytes));
        RecordHeader[] headers = [.. reader.Read().Select(line => line.Record!.Header)];
        Assert.True(headers[1].Time < headers[0].Time);
        Assert.Equal(1_000_000_000, headers[1].MonotonicNanoseconds);
    }

    [Fact]
    public void An_event_that_has_no_form_is_a_bug_and_stops_the_journal()
    {
        using JournalKey key = JournalKey.Ephemeral();
        Assert.True(JournalWriter.TryStart(
            new MemorySink(), key, Samples.Session, Samples.Start, new JournalClock(new ManualTime()),
            Durability.AtEnd, out JournalWriter? writer, out _));
        Assert.Throws<ArgumentException>(() => writer.Append(new SignatureEvent(EventKind.Seal, 0)));
        Assert.True(writer.Append(new ResizeEvent(1, 1)));
        Assert.Throws<ArgumentException>(() => writer.Append(new UnknownEvent((EventKind)77)));
        Assert.False(writer.Append(new ResizeEvent(1, 1)));
        writer.Dispose();
    }

    [Fact]
    public void A_record_costs_little()
    {
        using TemporaryDirectory directory = new();
        using JournalKey key = JournalKey.Ephemeral();
        using JournalWriter writer = Create(directory["journal"], key);
        AccessEvent denial = Samples.Denial();
        long[] times = new long[5000];
        long allocated = 0;
        for (int round = 0; round < 3; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int index = 0; index < times.Length; index++)
            {
                long start = Stopwatch.GetTimestamp();
                Assert.True(writer.Append(denial));
                times[index] = Stopwatch.GetTimestamp() - start;
            }

            allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / times.Length;
        }

        Array.Sort(times);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"median {times[2500] / 1000.0} us, p99 {times[4950] / 1000.0} us, {allocated} bytes allocated");

        // The budget is 20 us; a test machine that others load gets five times that.
        Assert.InRange(times[2500], 0, 100_000);
        Assert.InRange(allocated, 0, 1000);
    }

    private static JournalWriter Create(string path, JournalKey key)
    {
        Assert.True(JournalWriter.TryCreate(
            path, key, Samples.Session, Samples.Start, new JournalClock(TimeProvider.System), Durability.Decisions,
            out JournalWriter? writer, out string? error), error);
        return writer;
    }
}
