using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Leash.Configuration;
using ShellGuard.Leash.Execution;
using ShellGuard.Leash.Integrity;
using ShellGuard.Leash.Lines;
using ShellGuard.Leash.Locating;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Sessions;

/// <summary>One leash from its first line to its last.</summary>
public sealed class LeashShell : IDisposable
{
    private const int Denied = 126;

    private readonly LeashConfiguration _configuration;
    private readonly LeashStart _start;
    private readonly LeashLedger _ledger;
    private readonly StandardStreams _streams;
    private readonly LeashSignals _signals;
    private readonly StagePreparer _preparer;
    private readonly PipelineRunner _runner;
    private readonly RateKeeper _rates;
    private readonly string _root;
    private int _status;
    private bool _interrupted;

    /// <param name="located">What may run.</param>
    /// <param name="start">Who asks.</param>
    /// <param name="ledger">Stays the caller's.</param>
    /// <param name="streams">Stay the caller's.</param>
    /// <param name="signals">Stay the caller's.</param>
    /// <param name="terminal">The terminal that pipelines get; null where there is none.</param>
    /// <param name="root">The storage.</param>
    public LeashShell(
        LocatedConfiguration located,
        LeashStart start,
        LeashLedger ledger,
        StandardStreams streams,
        LeashSignals signals,
        Descriptor? terminal,
        string root)
    {
        _configuration = located.Configuration;
        _start = start;
        _ledger = ledger;
        _streams = streams;
        _signals = signals;
        _preparer = new StagePreparer(_configuration);
        _runner = new PipelineRunner(terminal);
        _root = root;
        _rates = new RateKeeper(root, TimeProvider.System);
    }

    /// <summary>Runs lines until there are no more, or somebody wants it to end.</summary>
    /// <param name="lines">Where they come from.</param>
    /// <param name="interactive">Whether a person goes on after Ctrl-C.</param>
    /// <returns>The status for the caller.</returns>
    /// <exception cref="LeashException">Something could not be recorded; nothing more may run.</exception>
    public int Run(ILineReader lines, bool interactive)
    {
        while (_signals.Asked == 0 && !_interrupted && lines.Next(out byte[] line))
        {
            Run(line);
            _interrupted &= !interactive;
        }

        int status = _signals.Asked > 0 ? 128 + _signals.Asked
            : _configuration.Settings.Compatibility.ExitZero && !interactive ? 0
            : _status;
        Recorded(_ledger.End(status, _signals.Asked > 0 ? $"signal {_signals.Asked} came" : "there are no more lines"));
        return status;
    }

    public void Dispose() => _signals.Watch(null);

    private void Run(byte[] line)
    {
        LineJudgement judged = LineLanguage.Judge(line, _configuration);
        if (judged.IsHelp)
        {
            _status = 0;
            foreach (LeashEntry entry in _configuration.Entries)
            {
                _streams.Say(SafeText.Escape(entry.Name));
            }
        }
        else if (judged.IsDenied)
        {
            Refuse(line, null, new Refusal(judged.Reason, LineJudgement.Text(judged.Reason)));
        }
        else if (judged.Entry is { } entry)
        {
            Run(line, entry);
        }
    }

    private void Run(byte[] line, LeashEntry entry)
    {
        if (OverRate(entry) is { } tooMany)
        {
            Refuse(line, entry, tooMany);
            return;
        }

        if (_preparer.Prepare(entry, out PreparedPipeline? pipeline) is { } refusal)
        {
            Refuse(line, entry, refusal);
            return;
        }

        using (pipeline)
        {
            long record = _ledger.Allow(line, entry, pipeline!);
            Recorded(record > 0);
            using RunningPipeline running = new();
            _signals.Watch(running);
            PipelineResult result;
            try
            {
                result = _runner.Run(
                    pipeline!,
                    PipelineEnvironment.Build(
                        entry, _configuration.Settings, pipeline!.User?.Account ?? _start.User, _start.Environment, _root),
                    running, entry.Timeout ?? _configuration.Settings.Timeout);
            }
            finally
            {
                _signals.Watch(null);
            }

            _status = result.Status;
            _interrupted = result.WasInterrupted;
            if ((result.Refusal?.Message ?? result.Problem) is { } problem && _signals.Asked == 0)
            {
                _streams.Complain(result.Refusal is null ? $"{SafeText.Escape(entry.Name)}: {problem}" : problem);
            }

            Recorded(_ledger.Ended(record, result));
        }
    }

    private void Refuse(byte[] line, LeashEntry? entry, Refusal refusal)
    {
        bool recorded = _ledger.Deny(line, entry, refusal.Reason, refusal.Message);
        _status = refusal.Reason is LineReason.NotFound ? refusal.Status : Denied;
        _streams.Complain(refusal.Message);
        Recorded(recorded);
    }

    private Refusal? OverRate(LeashEntry entry)
    {
        foreach ((string name, RateLimit? limit) in ((string, RateLimit?)[])[("", _configuration.Settings.Rate), (entry.Name, entry.Rate)])
        {
            if (limit is { } rate && !_rates.TryTake(name, rate, out string? problem))
            {
                return new Refusal(
                    LineReason.RateLimit,
                    problem is null ? $"permission denied: more than {rate} runs" : $"permission denied: {problem}");
            }
        }

        return null;
    }

    /// <exception cref="LeashException">It was not.</exception>
    private void Recorded(bool recorded)
    {
        if (!recorded)
        {
            throw new LeashException(_ledger.Failure ?? "the journal cannot be written", LeashException.OwnFailure);
        }
    }
}
