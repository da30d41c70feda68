using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ShellGuard.Core.Events;
using ShellGuard.Journal.Format;

namespace ShellGuard.Journal.Tests;

/// <summary>Whatever is done to a journal is found, at the record where it was done.</summary>
public sealed class JournalVerifierTests : IDisposable
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(600);

    private readonly JournalKey _key = JournalKey.Ephemeral();
    private readonly byte[] _journal;
    private readonly List<byte[]> _lines;

    public JournalVerifierTests()
    {
        _journal = Samples.Journal(_key);
        _lines = Samples.Lines(_journal);
    }

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Untouched_it_is_valid()
    {
        JournalVerification found = Verify(_journal);
        Assert.Equal((JournalStatus.Valid, null), (found.Status, found.Fault));
        Assert.Equal(_lines.Count, found.Records);
        Assert.Equal(_lines.Count, found.SignedThrough);
        Assert.Contains(
            _lines, line => Samples.Text(line).Contains("\"event\":\"checkpoint\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_flipped_bit_is_found_where_it_is() => Check.One(Many, Prop.ForAll(
        (from at in Gen.Choose(0, _journal.Length - 1) from bit in Gen.Choose(0, 7) select (at, bit)).ToArbitrary(),
        flip =>
        {
            byte[] changed = [.. _journal];
            changed[flip.at] ^= (byte)(1 << flip.bit);
            return FaultAt(changed, RecordAt(flip.at));
        }));

    [Fact]
    public void Every_deletion_is_found()
    {
        for (int record = 0; record < _lines.Count; record++)
        {
            Assert.True(FaultAt(Samples.Join(_lines.Where((_, index) => index != record)), record + 1));
        }
    }

    [Fact]
    public void Every_swap_is_found() => Check.One(Many, Prop.ForAll(TwoRecords(), pair =>
    {
        List<byte[]> changed = [.. _lines];
        (changed[pair.Item1], changed[pair.Item2]) = (changed[pair.Item2], changed[pair.Item1]);
        return pair.Item1 == pair.Item2 || FaultAt(Samples.Join(changed), Math.Min(pair.Item1, pair.Item2) + 1);
    }));

    [Fact]
    public void Every_insertion_is_found() => Check.One(Many, Prop.ForAll(TwoRecords(), pair =>
    {
        List<byte[]> changed = [.. _lines];
        changed.Insert(pair.Item1, _lines[pair.Item2]);
        return FaultAt(Samples.Join(changed), pair.Item1 == pair.Item2 ? pair.Item1 + 2 : pair.Item1 + 1);
    }));

    [Fact]
    public void Every_truncation_is_found_and_never_valid() => Check.One(Many, Prop.ForAll(
        Gen.Choose(0, _journal.Length - 1).ToArbitrary(), length =>
        {
            JournalVerification found = Verify(_journal[..length]);
            return found.Fault?.Record == RecordAt(length)
                && found.Status == (length < _lines[0].Length ? JournalStatus.Bad : JournalStatus.NotClosed);
        }));

    [Fact]
    public void Appended_garbage_is_found() => Check.One(Many, Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), garbage =>
            garbage.Length == 0 || FaultAt([.. _journal, .. garbage], _lines.Count + 1)));

    [Fact]
    public void A_record_of_another_session_is_found()
    {
        List<byte[]> other = Samples.Lines(Samples.Journal(_key, SessionId.From(DateTimeOffset.UnixEpoch, 7)));
        Assert.Equal(_lines.Count, other.Count);
        for (int record = 1; record < _lines.Count; record++)
        {
            List<byte[]> changed = [.. _lines];
            changed[record] = other[record];
            Assert.True(FaultAt(Samples.Join(changed), record + 1));
        }

        JournalVerification found = JournalVerifier.Verify(new MemoryStream(Samples.Join(other)), Samples.Session);
        Assert.Equal((JournalStatus.Bad, 1L), (found.Status, found.Fault?.Record));
        Assert.Contains("belongs to session", found.Fault?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rewritten_record_with_a_right_hash_breaks_the_next_one()
    {
        for (int record = 0; record < _lines.Count; record++)
        {
            List<byte[]> changed = [.. _lines];
            changed[record] = Rehash(changed[record], Previous(changed, record), rewrite: true);
            bool signed = Samples.Text(_lines[record]).Contains("\"signature\":", StringComparison.Ordinal);
            Assert.True(FaultAt(Samples.Join(changed), signed ? record + 1 : record + 2));
        }
    }

    [Fact]
    public void A_rewritten_chain_breaks_the_next_signature()
    {
        for (int record = 0; record < _lines.Count; record++)
        {
            List<byte[]> changed = [.. _lines];
            changed[record] = Rehash(changed[record], Previous(changed, record), rewrite: true);
            for (int next = record + 1; next < changed.Count; next++)
            {
                changed[next] = Rehash(changed[next], Previous(changed, next), rewrite: false);
            }

            int signature = _lines.FindIndex(
                record, line => Samples.Text(line).Contains("\"signature\":", StringComparison.Ordinal));
            JournalVerification found = Verify(Samples.Join(changed));
            Assert.Equal((JournalStatus.Bad, signature + 1L), (found.Status, found.Fault?.Record));
            Assert.Contains("signature is wrong", found.Fault?.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_journal_signed_by_someone_else_is_bad_for_who_knows_the_key()
    {
        using JournalKey other = JournalKey.Ephemeral();
        byte[] forged = Samples.Journal(other);
        Assert.Equal(JournalStatus.Valid, Verify(forged).Status);
        JournalVerification found = JournalVerifier.Verify(new MemoryStream(forged), null, _key.Fingerprint);
        Assert.Equal((JournalStatus.Bad, 1L), (found.Status, found.Fault?.Record));
        Assert.Contains(other.Fingerprint, found.Fault?.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_killed_supervisor_leaves_a_prefix_that_is_signed_so_far()
    {
        JournalVerification found = Verify(Samples.Journal(_key, close: false));
        Assert.Equal(JournalStatus.NotClosed, found.Status);
        Assert.Equal(_lines.Count - 2, found.Records);
        Assert.InRange(found.SignedThrough, 1, found.Records);
        Assert.Contains("without a signed head", found.Fault?.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("{}\n")]
    [InlineData("garbage")]
    public void What_is_no_journal_is_bad(string text) =>
        Assert.Equal(JournalStatus.Bad, Verify(Encoding.UTF8.GetBytes(text)).Status);

    [Fact]
    public void A_line_without_end_is_bad_with_bounded_memory()
    {
        byte[] endless = new byte[5_000_000];
        Array.Fill(endless, (byte)'x');
        JournalVerification found = Verify([.. _lines[0], .. endless]);
        Assert.Equal(
            (JournalStatus.Bad, 2L, (long)_lines[0].Length),
            (found.Status, found.Fault!.Record, found.Fault.Offset));
    }

    private static JournalVerification Verify(byte[] journal) => JournalVerifier.Verify(new MemoryStream(journal));

    private bool FaultAt(byte[] journal, int record)
    {
        JournalVerification found = Verify(journal);
        long offset = 0;
        for (int index = 0; index < Math.Min(record - 1, _lines.Count); index++)
        {
            offset += _lines[index].Length;
        }

        bool sameBefore = journal.AsSpan(0, (int)Math.Min(offset, journal.Length))
            .SequenceEqual(_journal.AsSpan(0, (int)Math.Min(offset, journal.Length)));
        return found.Status != JournalStatus.Valid && found.Fault?.Record == record
            && (!sameBefore || found.Fault.Offset == offset);
    }

    private Arbitrary<(int, int)> TwoRecords() =>
        (from first in Gen.Choose(0, _lines.Count - 1)
         from second in Gen.Choose(0, _lines.Count - 1)
         select (first, second)).ToArbitrary();

    /// <summary>The number of the record that holds this byte.</summary>
    private int RecordAt(int offset)
    {
        int record = 0;
        while (record < _lines.Count && offset >= _lines[record].Length)
        {
            offset -= _lines[record].Length;
            record++;
        }

        return record + 1;
    }

    private static string Previous(List<byte[]> lines, int record) =>
        record == 0 ? new string('0', 64) : Samples.Text(lines[record - 1])[^67..^3];

    /// <summary>What someone without the key can do: put in another hash, and another time.</summary>
    private static byte[] Rehash(byte[] line, string previous, bool rewrite)
    {
        string text = Samples.Text(line)[..^(RecordTail.HashTailLength + 1)];
        int at = text.LastIndexOf("\"prev\":\"", StringComparison.Ordinal) + 8;
        text = text[..at] + previous + text[(at + 64)..];
        text = rewrite ? text.Replace("\"time\":\"2026", "\"time\":\"2025", StringComparison.Ordinal) : text;
        string hash = Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(text))).ToLowerInvariant();
        return Encoding.ASCII.GetBytes($"{text},\"hash\":\"{hash}\"}}\n");
    }
}
