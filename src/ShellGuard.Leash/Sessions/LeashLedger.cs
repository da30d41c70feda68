using ShellGuard.Cells.Sessions;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Journal;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Execution;
using ShellGuard.Leash.Integrity;
using ShellGuard.Leash.Locating;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Leash.Sessions;

/// <summary>The journal of one leash. What cannot be recorded does not run.</summary>
public sealed class LeashLedger : IDisposable
{
    private readonly LedgerSession _session;
    private readonly HostileText _origin;

    private LeashLedger(LedgerSession session, string origin)
    {
        _session = session;
        _origin = HostileText.Of(origin);
    }

    /// <summary>Why nothing more can be recorded; null while it can.</summary>
    public string? Failure => _session.Failure;

    /// <summary>Begins it, with everything that was odd at the start.</summary>
    /// <exception cref="LeashException">It cannot be written.</exception>
    public static LeashLedger Begin(
        LocatedConfiguration located, LeashStart start, IReadOnlyList<string> command, string root, string version)
    {
        LeashConfiguration configuration = located.Configuration;
        SessionStartEvent first = new(configuration.Digest, start.User.Name, Environment.MachineName, version)
        {
            Command = ArgumentVector.Of(command),
        };
        try
        {
            Account user = start.User;
            LedgerSession session = LedgerSession.Begin(
                root, new SessionUser(user.Name, user.Uid, user.Gid, user.Home), first,
                $"leash {configuration.File}", command);
            LeashLedger ledger = new(session, Origin(start));
            foreach (string notice in located.Notices)
            {
                ledger.Record(new DegradedEvent("leash", notice), out _);
            }

            return ledger;
        }
        catch (Exception failure) when (failure is SessionException or StorageException)
        {
            throw new LeashException($"nothing runs without a journal: {failure.Message}", LeashException.OwnFailure);
        }
    }

    /// <summary>Records that a line is about to run.</summary>
    /// <returns>The record's number; 0 where it could not be written.</returns>
    public long Allow(ReadOnlySpan<byte> line, LeashEntry entry, PreparedPipeline pipeline)
    {
        LineEvent allowed = new(HostileText.Of(line), Decision.Allow, LineReason.None, "")
        {
            Name = HostileText.Of(entry.Name),
            Origin = _origin,
            Files = [.. pipeline.Stages.SelectMany(FilesOf)],
            Rule = entry.Source,
        };
        return Record(allowed, out RecordPosition position) ? position.Sequence : 0;
    }

    /// <summary>Records that a line does not run.</summary>
    public bool Deny(ReadOnlySpan<byte> line, LeashEntry? entry, LineReason reason, string message) => Record(
        new LineEvent(HostileText.Of(line), Decision.Deny, reason, message)
        {
            Name = entry is null ? null : HostileText.Of(entry.Name),
            Origin = _origin,
            Rule = entry?.Source,
        },
        out _);

    /// <summary>Records how it ended.</summary>
    /// <param name="line">The line's record.</param>
    public bool Ended(long line, PipelineResult result) => Record(
        new LineEndEvent(
            line, result.Status, result.Duration.Ticks * 100,
            [
                .. result.Stages.Select(stage => new LineStage(
                    stage.Exit.Status, (long)stage.Usage.User.TotalMicroseconds, (long)stage.Usage.System.TotalMicroseconds,
                    stage.Usage.PeakBytes)),
            ])
        {
            Problem = result.Refusal?.Message ?? result.Problem,
        },
        out _);

    /// <summary>Signs and closes it.</summary>
    public bool End(int status, string reason) => _session.End(status, reason);

    public void Dispose() => _session.Dispose();

    private bool Record(JournalEvent what, out RecordPosition position) => _session.Append(what, out position);

    private static IEnumerable<LineFile> FilesOf(PreparedStage stage)
    {
        yield return Of(stage.File, isInterpreter: false);
        if (stage.Interpreter is { } interpreter)
        {
            yield return Of(interpreter, isInterpreter: true);
        }
    }

    private static LineFile Of(StageFile file, bool isInterpreter) => new(
        HostileText.Of(KernelText.Encode(file.Path)), file.Status.Device, file.Status.Inode, file.Sha256)
    {
        IsCopy = file.IsCopy,
        IsInterpreter = isInterpreter,
    };

    /// <summary>The terminal, and the connection as sshd names it. Both are the caller's word.</summary>
    private static string Origin(LeashStart start)
    {
        byte[] link = ProcFile.ReadLink("/proc/self/fd/0") ?? [];
        string terminal = link.AsSpan().StartsWith("/dev/"u8) ? KernelText.Decode(link) : "";
        return $"{terminal} {start.Environment.GetValueOrDefault("SSH_CONNECTION")}".Trim();
    }
}
