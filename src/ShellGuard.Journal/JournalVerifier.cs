using System.Security.Cryptography;
using System.Text;
using ShellGuard.Core.Events;
using ShellGuard.Journal.Format;

namespace ShellGuard.Journal;

/// <summary>Checks that a journal is what was written, and names the first record that is not.</summary>
public sealed class JournalVerifier
{
    private readonly SessionId? _expectedSession;
    private readonly string? _expectedFingerprint;
    private readonly byte[] _signature = new byte[RecordTail.SignatureBytes];

    private string? _session;
    private string _previous = new('0', RecordTail.HashCharacters);
    private string? _fingerprint;
    private long _records;
    private long _signedThrough;
    private long _nanoseconds;
    private ECDsa? _key;
    private bool _sealed;

    private JournalVerifier(SessionId? expectedSession, string? expectedFingerprint)
    {
        _expectedSession = expectedSession;
        _expectedFingerprint = expectedFingerprint;
    }

    /// <summary>Reads a journal to its end. Any bytes are taken; memory is bounded.</summary>
    /// <param name="journal">From its first byte. Errors of reading it are thrown on.</param>
    /// <param name="expectedSession">The session whose journal it should be; null takes any.</param>
    /// <param name="expectedFingerprint">The key that should have signed, see <see cref="JournalKey.Fingerprint"/>;
    /// null takes any, and then a journal that someone rewrote and signed with a key of their own passes.</param>
    public static JournalVerification Verify(
        Stream journal, SessionId? expectedSession = null, string? expectedFingerprint = null)
    {
        JournalVerifier verifier = new(expectedSession, expectedFingerprint);
        try
        {
            return verifier.Run(journal);
        }
        finally
        {
            verifier._key?.Dispose();
        }
    }

    private JournalVerification Run(Stream journal)
    {
        LineScanner lines = new(journal, RecordSerializer.MaxRecordBytes);
        while (true)
        {
            LineKind kind = lines.Next(out ReadOnlyMemory<byte> line);
            if (kind == LineKind.End)
            {
                return _sealed
                    ? Outcome(JournalStatus.Valid, null)
                    : NotClosed(lines.NextOffset, "the journal ends here without a signed head: the session still "
                        + "runs, its supervisor was killed, or the end was cut off");
            }

            if (kind == LineKind.Torn && !_sealed)
            {
                return NotClosed(lines.Offset, $"the journal ends in a torn record of {line.Length} bytes");
            }

            string? problem = _sealed ? "bytes stand after the signed head"
                : kind == LineKind.TooLong ? "it is longer than any record"
                : Check(line.Span);
            if (problem is not null)
            {
                return Outcome(JournalStatus.Bad, new JournalFault(_records + 1, lines.Offset, problem));
            }

            _records++;
        }
    }

    private JournalVerification NotClosed(long offset, string text) =>
        Outcome(
            _records == 0 ? JournalStatus.Bad : JournalStatus.NotClosed,
            new JournalFault(_records + 1, offset, text));

    private JournalVerification Outcome(JournalStatus status, JournalFault? fault) => new(
        status, SessionId.TryParse(_session, out SessionId? session) ? session : null, _records, _signedThrough,
        _fingerprint, fault);

    /// <returns>What is wrong with the record, or null.</returns>
    private string? Check(ReadOnlySpan<byte> line)
    {
        if (!RecordTail.TrySplitHash(line, out ReadOnlySpan<byte> body, out ReadOnlySpan<byte> hash))
        {
            return "it does not end in its hash: it was changed, or is not a record";
        }

        if (!RecordTail.HashMatches(body, hash))
        {
            return "it was changed: its hash does not match its content";
        }

        if (!RecordLinks.TryRead(line, out RecordLinks links, out string problem))
        {
            return problem;
        }

        if (links.Schema != RecordHeader.CurrentSchema)
        {
            return $"schema {links.Schema}, which this version does not know";
        }

        long expected = _records + 1;
        if (links.Sequence != expected)
        {
            return links.Sequence > expected
                ? $"record {links.Sequence} stands here: records were removed or swapped"
                : $"record {links.Sequence} stands here: records were inserted, repeated or swapped";
        }

        return Binding(links) ?? Chain(links, body, hash);
    }

    /// <summary>Same session throughout; the first record names policy and key.</summary>
    private string? Binding(in RecordLinks links)
    {
        if (_records > 0)
        {
            return links.Session != _session ? "it belongs to another session"
                : links.Kind == (int)EventKind.SessionStart ? "a second session start"
                : null;
        }

        if (links.Kind != (int)EventKind.SessionStart)
        {
            return "the first record is not a session start";
        }

        if (!SessionId.TryParse(links.Session, out SessionId? session))
        {
            return "its session has no proper name";
        }

        if (_expectedSession is not null && session != _expectedSession)
        {
            return $"the journal belongs to session {session}, not {_expectedSession}";
        }

        if (links.PublicKey is not { } publicKey || !PublicKeyInfo.TryParse(publicKey, out _key))
        {
            return "it names no P-256 key";
        }

        string fingerprint = PublicKeyInfo.Fingerprint(publicKey);
        if (links.KeyFingerprint != fingerprint)
        {
            return "the key's fingerprint is not that of the key";
        }

        if (_expectedFingerprint is not null && fingerprint != _expectedFingerprint)
        {
            return $"the journal is signed by key {fingerprint}, not by {_expectedFingerprint}";
        }

        _session = links.Session;
        _fingerprint = fingerprint;
        return null;
    }

    private string? Chain(in RecordLinks links, ReadOnlySpan<byte> body, ReadOnlySpan<byte> hash)
    {
        if (links.Previous != _previous)
        {
            return "it does not follow the record before it: that one was rewritten, or this one inserted";
        }

        if (links.Nanoseconds < _nanoseconds)
        {
            return "its monotonic time lies before that of the record before it";
        }

        if (links.Kind is (int)EventKind.Checkpoint or (int)EventKind.Seal)
        {
            if (!RecordTail.TrySplitSignature(body, out ReadOnlySpan<byte> signed, _signature) || !Signed(signed))
            {
                return $"its signature is wrong: it or one of the records from {_signedThrough + 1} on was rewritten";
            }

            _signedThrough = links.Sequence;
            _sealed = links.Kind == (int)EventKind.Seal;
        }

        _nanoseconds = links.Nanoseconds;
        _previous = Encoding.ASCII.GetString(hash);
        return null;
    }

    private bool Signed(ReadOnlySpan<byte> signed) => _key!.VerifyData(
        signed, _signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
